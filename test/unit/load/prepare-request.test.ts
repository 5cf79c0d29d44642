import { describe, expect, it } from "vitest";
import { encodeRequest, mergeHeaders, type RequestDraft } from "../../../src/load/engine/encode-request.ts";

const encode = (change: Partial<RequestDraft> = {}) =>
  encodeRequest({
    method: "GET",
    path: "/a?b=c",
    host: "shop.example:8080",
    headers: [],
    body: null,
    keep: "sample",
    ...change,
  });

const wire = (change: Partial<RequestDraft>): string => encode(change).wire.toString("latin1");

describe("a request on the wire", () => {
  it.each<readonly [sentence: string, change: Partial<RequestDraft>, wire: string]>([
    ["names its host with the port", {}, "GET /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\n\r\n"],
    [
      "leaves the host to the user",
      { headers: [["Host", "other.example"]] },
      "GET /a?b=c HTTP/1.1\r\nHost: other.example\r\n\r\n",
    ],
    [
      "has its headers in order, bytes beyond ASCII as latin1",
      {
        headers: [
          ["B", "2"],
          ["a", "\t\u00fc "],
        ],
      },
      "GET /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\nB: 2\r\na: \t\u00fc \r\n\r\n",
    ],
    [
      "announces its body in bytes of UTF-8",
      { method: "POST", body: "\u00fc\u20ac" },
      "POST /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\ncontent-length: 5\r\n\r\n\u00c3\u00bc\u00e2\u0082\u00ac",
    ],
    [
      "sends bytes as they are",
      { method: "PUT", body: Uint8Array.of(0, 255, 13, 10) },
      "PUT /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\ncontent-length: 4\r\n\r\n\x00\xff\r\n",
    ],
    [
      "announces that a POST has no body",
      { method: "POST" },
      "POST /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\ncontent-length: 0\r\n\r\n",
    ],
    [
      "says nothing of the body that a DELETE does not have",
      { method: "DELETE", body: "" },
      "DELETE /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\n\r\n",
    ],
    [
      "has one content-length, whoever writes it",
      { method: "POST", body: "hi", headers: [["Content-Length", "2"]] },
      "POST /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\ncontent-length: 2\r\n\r\nhi",
    ],
    [
      "does not say what HTTP/1.1 means anyway",
      { headers: [["Connection", "keep-alive"]] },
      "GET /a?b=c HTTP/1.1\r\nhost: shop.example:8080\r\n\r\n",
    ],
    [
      "can be about the server",
      { method: "OPTIONS", path: "*" },
      "OPTIONS * HTTP/1.1\r\nhost: shop.example:8080\r\n\r\n",
    ],
  ])("%s", (_sentence, change, expected) => {
    expect(wire(change)).toBe(expected);
    expect(encode(change)).toMatchObject({ problem: null, bytes: expected.length, closes: false });
  });

  it("knows that it asks to close", () => {
    expect(encode({ headers: [["connection", "Close"]] })).toMatchObject({ closes: true, problem: null });
  });
});

describe("a request that could break the framing is not written down", () => {
  it.each<readonly [sentence: string, change: Partial<RequestDraft>, problem: string]>([
    [
      "line feed in a value",
      { headers: [["x-a", "b\nc: d"]] },
      "the value of header x-a has a character that cannot be sent",
    ],
    [
      "carriage return in a value",
      { headers: [["x-a", "b\r"]] },
      "the value of header x-a has a character that cannot be sent",
    ],
    ["NUL in a value", { headers: [["x-a", "\0"]] }, "the value of header x-a has a character that cannot be sent"],
    [
      "a character beyond latin1",
      { headers: [["x-a", "\u20ac"]] },
      "the value of header x-a has a character that cannot be sent",
    ],
    ["a blank in a name", { headers: [["x a", "b"]] }, 'header name "x a" cannot be sent'],
    ["no name", { headers: [["", "b"]] }, 'header name "" cannot be sent'],
    ["a line feed in the path", { path: "/a\nb" }, 'path "/a\\nb" cannot be sent'],
    ["a blank in the path", { path: "/a b" }, 'path "/a b" cannot be sent'],
    ["a path without its slash", { path: "a" }, 'path "a" cannot be sent'],
    ["no path", { path: "" }, 'path "" cannot be sent'],
    ["a method of two words", { method: "GET /" }, 'method "GET /" cannot be sent'],
    ["a tunnel", { method: "CONNECT" }, 'method "CONNECT" cannot be sent'],
    [
      "a framing that is not ours",
      { headers: [["Transfer-Encoding", "chunked"]] },
      "header Transfer-Encoding cannot be sent",
    ],
    ["a question we do not wait for", { headers: [["expect", "100-continue"]] }, "header expect cannot be sent"],
    ["an upgrade", { headers: [["connection", "upgrade"]] }, "header connection can be close or keep-alive only"],
    [
      "two hosts",
      {
        headers: [
          ["host", "a"],
          ["Host", "b"],
        ],
      },
      "more than one host header",
    ],
    [
      "another length than the body's",
      { method: "POST", body: "hi", headers: [["content-length", "3"]] },
      "header content-length: 3, but the body has 2 bytes",
    ],
  ])("%s", (_sentence, change, problem) => {
    expect(encode(change)).toMatchObject({ problem, bytes: 0, headers: [], body: null });
    expect(encode(change).wire).toHaveLength(0);
  });

  it("and a secret value is not named", () => {
    expect(encode({ headers: [["authorization", "secret\n"]] }).problem).not.toContain("secret");
  });
});

it("of headers of the same name in any case the inner one is sent, at the place of the outer one", () => {
  expect(
    mergeHeaders({ "user-agent": "us", Accept: "a" }, { "User-Agent": "them" }, { accept: "b", "X-C": "c" }),
  ).toEqual([
    ["User-Agent", "them"],
    ["accept", "b"],
    ["X-C", "c"],
  ]);
});
