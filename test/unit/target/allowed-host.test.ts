import { describe, expect, test } from "vitest";
import { hostMatches } from "../../../src/config/hosts.ts";
import { checkHost } from "../../../src/target/allowed-host.ts";

describe("metadata and link-local addresses are refused even when given", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/",
    "http://2852039166/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://0251.0376.0251.0376/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[fd00:ec2::254]/",
    "http://metadata.google.internal/",
    "http://METADATA.google.internal./",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
  ])("%s", (url) => {
    expect(checkHost(url, { given: [url], allowed: ["*.internal"] })).toMatchObject({
      code: "host-not-allowed",
      severity: "usage",
    });
  });
});

describe("other hosts must be given or allowed", () => {
  const given = ["https://preview.example.com/api"];
  test.each<[string, string, readonly string[], boolean]>([
    ["the given host, any path", "https://preview.example.com/other", [], true],
    ["another port is another host", "https://preview.example.com:8443/", [], false],
    ["another host", "https://evil.example/", [], false],
    ["localhost that was not given", "http://localhost:3000/", [], false],
    ["localhost that was allowed", "http://localhost:3000/", ["localhost:3000"], true],
    ["an allowed host on another port", "http://localhost:3000/", ["localhost"], false],
    ["a subdomain by pattern", "https://a.b.example.org/", ["*.example.org"], true],
    ["the bare domain is not a subdomain", "https://example.org/", ["*.example.org"], false],
    ["a lookalike suffix", "https://evilexample.org/", ["*.example.org"], false],
    ["a lookalike prefix", "https://example.org.evil.net/", ["example.org"], false],
    ["another scheme", "ftp://preview.example.com/", ["preview.example.com"], false],
    ["a user name that looks like the host", "https://preview.example.com@evil.example/", [], false],
  ])("%s", (_, url, allowed, good) => {
    expect(checkHost(url, { given, allowed }) === null).toBe(good);
  });

  test("localhost is fine when it is the target", () => {
    expect(checkHost("http://127.0.0.1:8080/", { given: ["http://127.0.0.1:8080/"], allowed: [] })).toBeNull();
  });

  test("a pattern means one port: its own, or the default of the scheme", () => {
    expect(hostMatches("a.example:443", "https://a.example/")).toBe(true);
    expect(hostMatches("a.example:443", "http://a.example/")).toBe(false);
    expect(hostMatches("A.Example", "https://a.example/")).toBe(true);
    expect(hostMatches("a.example", "https://a.example:9000/")).toBe(false);
  });
});
