import { describe, expect, it } from "vitest";
import { chooseTransport } from "../../../src/load/engine/choose-transport.ts";
import { proxyFor, readProxy } from "../../../src/load/engine/proxy.ts";

type Row = readonly [sentence: string, origin: string, env: Record<string, string>, proxy: string | null];

const BOTH = { HTTP_PROXY: "http://plain.example:1", HTTPS_PROXY: "http://secure.example:2" };

describe("the proxy for an origin", () => {
  it.each<Row>([
    ["none is set", "https://a.example", {}, null],
    ["set to nothing", "https://a.example", { HTTPS_PROXY: " " }, null],
    ["by scheme: https", "https://a.example", BOTH, "http://secure.example:2"],
    ["by scheme: http", "http://a.example", BOTH, "http://plain.example:1"],
    ["one for http says nothing about https", "https://a.example", { HTTP_PROXY: "http://plain.example:1" }, null],
    ["lower case goes first", "http://a.example", { ...BOTH, http_proxy: "http://low.example" }, "http://low.example"],
    ["short for a proxy in the clear", "http://a.example", { HTTP_PROXY: "plain.example:1" }, "http://plain.example:1"],
    ["never for this machine by name", "http://localhost:8080", BOTH, null],
    ["never for this machine by address", "http://127.0.0.1:8080", BOTH, null],
    ["never for this machine by IPv6 address", "http://[::1]:8080", BOTH, null],
    ["excluded by name", "https://a.example", { ...BOTH, NO_PROXY: "b.example, a.example" }, null],
    ["excluded with everything below a name", "https://x.a.example", { ...BOTH, NO_PROXY: "a.example" }, null],
    ["the same with a dot", "https://x.a.example", { ...BOTH, NO_PROXY: ".a.example" }, null],
    ["the same with a star", "https://x.a.example", { ...BOTH, NO_PROXY: "*.A.example" }, null],
    [
      "another name that ends alike",
      "https://xa.example",
      { ...BOTH, NO_PROXY: "a.example" },
      "http://secure.example:2",
    ],
    ["everything excluded", "https://a.example", { ...BOTH, no_proxy: "*" }, null],
    ["excluded at its port", "https://a.example", { ...BOTH, NO_PROXY: "a.example:443" }, null],
    ["another port excluded", "https://a.example", { ...BOTH, NO_PROXY: "a.example:8443" }, "http://secure.example:2"],
    ["excluded by IPv6 address", "http://[fd00::1]:80", { ...BOTH, NO_PROXY: "fd00::1" }, null],
  ])("%s", (_sentence, origin, env, proxy) => {
    expect(proxyFor(origin, env)).toBe(proxy);
    expect(chooseTransport({ origin, http2: false }, env)).toBe(proxy === null ? "net" : "undici");
    expect(chooseTransport({ origin, http2: true }, env)).toBe("undici");
  });
});

describe("a proxy's URL", () => {
  it("holds address, port of its scheme, and credentials for the header", () => {
    expect(readProxy("https://user:p%40ss@[fd00::2]")).toEqual({
      origin: "https://[fd00::2]",
      hostname: "fd00::2",
      port: 443,
      secure: true,
      authorization: `Basic ${btoa("user:p@ss")}`,
    });
    expect(readProxy("http://proxy.example:3128")).toMatchObject({ port: 3128, secure: false, authorization: null });
  });

  it.each(["socks5://proxy.example:1080", "file:///etc/passwd", "://", "http://"])("is none: %s", (url) => {
    expect(readProxy(url)).toBeNull();
  });
});
