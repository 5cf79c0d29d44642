import { expect, test } from "vitest";
import { isRedirect, nextHop } from "../../../src/load/redirect.ts";

const hop = (status: number, location: string | null, some: { method?: string; allowedHosts?: string[] } = {}) =>
  nextHop({
    status,
    location,
    from: new URL("https://shop.example/cart/list?x=1"),
    method: some.method ?? "GET",
    target: "https://shop.example",
    allowedHosts: some.allowedHosts ?? [],
  });

test.each([
  [302, "/new?y=2", "GET", "https://shop.example/new?y=2", "GET", true],
  [302, "next", "GET", "https://shop.example/cart/next", "GET", true],
  [301, "/a", "POST", "https://shop.example/a", "GET", false],
  [302, "/a", "PUT", "https://shop.example/a", "PUT", true],
  [303, "/a", "PUT", "https://shop.example/a", "GET", false],
  [303, "/a", "HEAD", "https://shop.example/a", "HEAD", true],
  [307, "/a", "POST", "https://shop.example/a", "POST", true],
  [308, "/a", "POST", "https://shop.example/a", "POST", true],
] as const)("%i to %s of a %s goes to %s as %s", (status, location, method, ...expected) => {
  const next = hop(status, location, { method });
  expect(next.kind === "follow" && [next.url.href, next.method, next.keepsBody]).toEqual(expected);
});

test.each([
  [null, [], "a redirect without a location"],
  ["https://", [], "a redirect to no URL"],
  ["ftp://shop.example/", [], "a redirect to the scheme ftp"],
  ["https://other.example/", [], "a redirect to other.example, which is not in allowed-hosts"],
  ["https://shop.example:8443/", [], "a redirect to shop.example:8443, which is not in allowed-hosts"],
  ["http://shop.example/", ["shop.example:443"], "a redirect to shop.example, which is not in allowed-hosts"],
  ["http://169.254.169.254/", ["169.254.169.254"], "a redirect to 169.254.169.254, which is not in allowed-hosts"],
] as const)("%s is not followed with %j: %s", (location, allowedHosts, reason) => {
  expect(hop(302, location, { allowedHosts: [...allowedHosts] })).toEqual({ kind: "stay", reason });
});

test("another host that is allowed is followed", () => {
  expect(hop(302, "https://login.example/", { allowedHosts: ["*.example"] })).toMatchObject({ kind: "follow" });
});

test("304 and 300 are answers", () => {
  expect([300, 301, 302, 303, 304, 305, 307, 308].filter(isRedirect)).toEqual([301, 302, 303, 307, 308]);
});
