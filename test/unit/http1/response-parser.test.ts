import { describe, expect, it } from "vitest";
import { KeptMemory } from "../../../src/load/engine/http1/kept-memory.ts";
import { DEFAULT_BODY_LIMITS, ResponseParser } from "../../../src/load/engine/http1/response-parser.ts";
import { latin1, type ReadAnswer, type Reading, readAnswer } from "./read-answer.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

type Row = readonly [sentence: string, raw: string, expected: Partial<ReadAnswer>, reading?: Reading];

const ANSWERS: readonly Row[] = [
  [
    "a sized body",
    `${OK}content-type: text/plain\r\ncontent-length: 5\r\n\r\nhello`,
    {
      status: 200,
      httpMinor: 1,
      keepAlive: true,
      headBytes: 64,
      bodyBytes: 5,
      body: "hello",
      contentType: "text/plain",
    },
  ],
  [
    "a chunked body without its framing",
    `${CHUNKED}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nt: 1\r\n\r\n`,
    { bodyBytes: 5, body: "abcde" },
  ],
  ["a size line of 16 KB", `${CHUNKED}${"0".repeat(16_383)}1\r\nx\r\n0\r\n\r\n`, { body: "x" }],
  ["2,000 header lines", `${OK}${"a:\r\n".repeat(1_999)}content-length: 0\r\n\r\n`, { status: 200 }],
  ["a body that ends with the connection, which is then of no use", `${OK}\r\nall`, { body: "all", keepAlive: false }],
  [
    "a coding other than chunked ends with the connection",
    `${OK}transfer-encoding: gzip\r\n\r\n5\r\nx`,
    { body: "5\r\nx" },
  ],
  ["no body for 204", "HTTP/1.1 204 No Content\r\n\r\n", { status: 204, bodyBytes: 0, keepAlive: true }],
  ["no body for 304 with a length", "HTTP/1.1 304 N\r\ncontent-length: 9\r\n\r\n", { status: 304, bodyBytes: 0 }],
  ["no body for HEAD", `${OK}content-length: 9\r\n\r\n`, { bodyBytes: 0, keepAlive: true }, { method: "HEAD" }],
  ["no word of how long it may idle", `${OK}content-length: 0\r\n\r\n`, { keepAliveTimeout: -1 }],
  [
    "how long the connection may idle",
    `${OK}Keep-Alive: max=100, Timeout=72\r\ncontent-length: 0\r\n\r\n`,
    { keepAliveTimeout: 72 },
  ],
  ["not at all", `${OK}keep-alive: timeout=0\r\ncontent-length: 0\r\n\r\n`, { keepAliveTimeout: 0 }],
  ["for ever", `${OK}keep-alive: timeout=${"9".repeat(400)}\r\n\r\n`, { keepAliveTimeout: 1_000_000 }],
  ["no number", `${OK}keep-alive: timeout=, max=5\r\ncontent-length: 0\r\n\r\n`, { keepAliveTimeout: -1 }],
  ["another header of the length", `${OK}keep-alife: timeout=5\r\n\r\n`, { keepAliveTimeout: -1 }],
  ["HTTP/1.0 closes", "HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", { httpMinor: 0, keepAlive: false }],
  [
    "interim answers are skipped and their bytes counted",
    `HTTP/1.1 103 E\r\n\r\n${OK}content-length: 1\r\n\r\nx`,
    { status: 200, headBytes: 56 },
  ],
  [
    "100 is skipped too",
    `HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\n${OK}content-length: 1\r\n\r\nx`,
    { status: 200, body: "x" },
  ],
  [
    "an interim answer's headers are not the answer's",
    `HTTP/1.1 103 E\r\nset-cookie: a\r\n\r\n${OK}content-length: 0\r\n\r\n`,
    { setCookie: null },
  ],
  [
    "repeated headers are joined",
    `${OK}set-cookie: a\r\nSET-COOKIE:\tb\t\r\nset-cookie:\r\ncontent-length: 0\r\n\r\n`,
    { setCookie: "a, b, " },
  ],
  [
    "surplus closes and leaves the answer",
    `${OK}content-length: 2\r\n\r\nhi there`,
    { body: "hi", surplus: 6, keepAlive: false },
  ],
  ["an unknown status is a status", "HTTP/1.1 799 ?\r\ncontent-length: 0\r\n\r\n", { status: 799 }],
];

const REFUSED: readonly (readonly [raw: string, error: string])[] = [
  ["", "closed without an answer"],
  ["\r\n", "closed inside the header"],
  ["HTTP/1.1 200 O", "closed inside the header"],
  ["HTTP/1.1 103 E\r\n\r\n", "closed inside the header"],
  [`${OK}content-length: 9\r\n\r\nhello`, "closed after 5 of 9 body bytes"],
  [`${CHUNKED}9\r\nhello`, "closed inside a chunked body"],
  [`${CHUNKED}0\r\n`, "closed inside a chunked body"],
  ["SSH-2.0-OpenSSH_9.6\r\n", "not an HTTP answer"],
  ["HTTP/2.0 200 OK\r\n\r\n", "HTTP version other than 1.0 and 1.1"],
  ["HTTP/1.2 200 OK\r\n\r\n", "HTTP version other than 1.0 and 1.1"],
  ["HTTP/1.1\t200 OK\r\n\r\n", "bad status line"],
  ["HTTP/1.1 20x OK\r\n\r\n", "bad status line"],
  ["HTTP/1.1 2000 OK\r\n\r\n", "bad status line"],
  ["HTTP/1.1 099 OK\r\n\r\n", "status below 100"],
  ["HTTP/1.1 101 S\r\nupgrade: h2c\r\n\r\n", "unexpected change of protocol (101)"],
  ["HTTP/1.1 200 OK\ncontent-length: 0\n\n", "line ends without CR"],
  ["HTTP/1.1 200 OK\r\r\n", "CR without LF"],
  [`${OK}a: b\n\r\n`, "line ends without CR"],
  [`${OK}a: b\rc\r\n\r\n`, "CR without LF"],
  [`${OK}a: b\x00\r\n\r\n`, "bad character in a header value"],
  [`${OK}a: b\r\n c\r\n\r\n`, "folded header line"],
  [`${OK}a : b\r\n\r\n`, "blank before the colon of a header"],
  [`${OK}: b\r\n\r\n`, "header without a name"],
  [`${OK}a(b): c\r\n\r\n`, "bad character in a header name"],
  [`${OK}content-length: 5, 5\r\n\r\n`, "bad content-length"],
  [`${OK}content-length:\r\n\r\n`, "bad content-length"],
  [`${OK}content-length: 99999999999999999\r\n\r\n`, "content-length too large"],
  [`${OK}content-length: 0\r\ncontent-length: 6\r\n\r\n`, "two different content-lengths"],
  [`${OK}content-length: 5\r\ncontent-length: 6\r\n\r\n`, "two different content-lengths"],
  [`${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`, "both content-length and transfer-encoding"],
  [`${OK}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n`, "both content-length and transfer-encoding"],
  [`${CHUNKED}g\r\n`, "bad chunk size"],
  [`${CHUNKED}5 \r\nhello\r\n0\r\n\r\n`, "bad chunk size"],
  [`${CHUNKED}5;\r\nhello\r\n0\r\n\r\n`, "bad chunk extension"],
  [`${CHUNKED}5;a="b"c\r\nhello\r\n0\r\n\r\n`, "bad chunk extension"],
  [`${CHUNKED}2\r\nhello\r\n0\r\n\r\n`, "no line end behind a chunk"],
  [`${CHUNKED}0\r\na b\r\n\r\n`, "bad trailer"],
  [`${CHUNKED}${"0".repeat(16_385)}`, "chunk size line larger than 16 KB"],
  [`${CHUNKED}0\r\na: ${"b".repeat(16_383)}`, "trailers larger than 16 KB"],
  [`${OK}a: ${"b".repeat(16_383)}\r\n\r\n`, "header larger than 16 KB"],
  [`${OK}${"a:\r\n".repeat(2_001)}\r\n`, "more than 2,000 header lines"],
  [`HTTP/1.1 200 ${"O".repeat(65_523)}`, "header larger than 64 KB"],
];

const SMALL = { ...DEFAULT_BODY_LIMITS, maxBody: 10 };

describe("a response is read", () => {
  const rows = ANSWERS.map(([sentence, raw, expected, reading]) => ({ sentence, raw, expected, reading }));
  it.each(rows)("$sentence", ({ raw, expected, reading }) => {
    expect(readAnswer(latin1(raw), reading)).toMatchObject({
      fed: "done",
      error: null,
      headersComplete: true,
      ...expected,
    });
  });
});

describe("an unreadable response is an error with one reason", () => {
  it.each(REFUSED.map(([raw, error]) => ({ raw, error, start: JSON.stringify(raw.slice(0, 80)) })))(
    "$start: $error",
    (row) => {
      expect(readAnswer(latin1(row.raw))).toMatchObject({ fed: "error", error: row.error, keepAlive: false });
    },
  );

  it.each([
    ["a length", `${OK}content-length: 11\r\n\r\n`],
    ["one chunk's size", `${CHUNKED}b\r\n`],
    ["the sum of the chunks", `${CHUNKED}6\r\nabcdef\r\n5\r\n`],
    ["a body until close", `${OK}\r\nabcdefghijk`],
  ])("a body beyond the limit: %s", (_name, raw) => {
    const reading = { limits: SMALL, stayOpen: true };
    expect(readAnswer(latin1(raw), reading)).toMatchObject({ fed: "error", error: "body too large", status: 200 });
  });

  it.each([
    ["a length", `${OK}content-length: 10\r\n\r\nabcdefghij`],
    ["chunks", `${CHUNKED}5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n`],
    ["a body until close", `${OK}\r\nabcdefghij`],
    ["a length without a body", `${OK}content-length: 11\r\n\r\n`, "HEAD"],
  ])("a body within the limit is none: %s", (_name, raw, method = "GET") => {
    expect(readAnswer(latin1(raw), { limits: SMALL, method })).toMatchObject({ fed: "done", error: null });
  });

  it("is told before the connection closes", () => {
    expect(readAnswer(latin1("220 smtp.example.com ESMTP"), { stayOpen: true })).toMatchObject({ fed: "error" });
  });

  it("stays an error, whatever follows", () => {
    const parser = new ResponseParser();
    parser.start({ method: "GET" });
    expect(parser.feed(latin1("nonsense"))).toBe("error");
    expect(parser.feed(latin1(`${OK}content-length: 0\r\n\r\n`))).toBe("error");
    expect(parser.end()).toBe("error");
    expect(parser.error).toBe("not an HTTP answer");
  });
});

describe("a body is counted, and kept only as far as it is wanted", () => {
  const limits = { maxBody: 1_000_000, keptWanted: 5_000, keptFailure: 3 };
  const answer = (status: number, length: number): Buffer =>
    latin1(`HTTP/1.1 ${status} -\r\ncontent-length: ${length}\r\n\r\n${"abcdefghij".repeat(length / 10)}`);

  it.each([
    { sentence: "unwanted and good: nothing", status: 200, length: 20, keep: "sample" as const, kept: 0 },
    { sentence: "unwanted and not modified: nothing", status: 304, length: 0, keep: "sample" as const, kept: 0 },
    { sentence: "unwanted and a failure: its beginning", status: 500, length: 20, keep: "sample" as const, kept: 3 },
    { sentence: "unwanted and a redirect: its beginning", status: 302, length: 20, keep: "sample" as const, kept: 3 },
    { sentence: "wanted: all", status: 200, length: 20, keep: "body" as const, kept: 20 },
    { sentence: "wanted and a failure: all", status: 500, length: 20, keep: "body" as const, kept: 20 },
    { sentence: "wanted and long: up to the limit", status: 200, length: 6_000, keep: "body" as const, kept: 5_000 },
  ])("$sentence", ({ status, length, keep, kept }) => {
    const raw = answer(status, length);
    for (const cuts of [[], [raw.length - 3], Array.from({ length: raw.length }, (_, i) => i)]) {
      const read = readAnswer(raw, { limits, keep, cuts });
      expect(read).toMatchObject({ fed: "done", bodyBytes: length, bodyCut: kept < length });
      expect(read.body).toBe("abcdefghij".repeat(600).slice(0, kept));
    }
  });
});

describe("one parser reads the responses of one connection", () => {
  it("and counts bytes that nobody asked for as surplus", () => {
    const parser = new ResponseParser();
    expect(parser.feed(latin1("HTTP/1.1 408 Request Timeout\r\n"))).toBe("done");
    expect(parser).toMatchObject({ surplus: 30, status: 0, keepAlive: false });
    parser.start({ method: "GET" });
    expect(parser.surplus).toBe(0);
  });

  it("and takes surplus that comes later into account", () => {
    const parser = new ResponseParser();
    parser.start({ method: "GET" });
    expect(parser.feed(latin1(`${OK}content-length: 0\r\n\r\n`))).toBe("done");
    expect(parser.feed(latin1(""))).toBe("done");
    expect(parser.keepAlive).toBe(true);
    expect(parser.feed(latin1("late"))).toBe("done");
    expect(parser).toMatchObject({ surplus: 4, keepAlive: false, status: 200 });
  });

  it("and says when the head is complete", () => {
    const parser = new ResponseParser();
    parser.start({ method: "GET" });
    parser.feed(latin1(`HTTP/1.1 103 E\r\n\r\n${OK}content-length: 1\r\n\r`));
    expect(parser).toMatchObject({ headersComplete: false, status: 0 });
    expect(parser.feed(latin1("\n"))).toBe("more");
    expect(parser).toMatchObject({ headersComplete: true, status: 200 });
  });

  it("and is no slower for a long header that comes byte by byte than its length", () => {
    const raw = latin1(`HTTP/1.1 200 ${"O".repeat(60_000)}\r\na: ${"b".repeat(3_000)}\r\ncontent-length: 0\r\n\r\n`);
    const cuts = Array.from({ length: raw.length }, (_, i) => i);
    expect(readAnswer(raw, { cuts })).toMatchObject({ fed: "done", status: 200, headBytes: raw.length });
  });

  it("and finds no header before there is one", () => {
    const parser = new ResponseParser();
    expect(parser.header("date")).toBeNull();
    parser.start({ method: "GET" });
    parser.feed(latin1(`${OK}date: now\r\n`));
    expect(parser.header("date")).toBeNull();
  });
});

it("bodies that are kept share their memory, and give it back", () => {
  const memory = new KeptMemory(50_000);
  const limits = { maxBody: 1_000_000, keptWanted: 100_000, keptFailure: 0 };
  const [first, second] = [new ResponseParser(limits, memory), new ResponseParser(limits, memory)];
  const raw = latin1(`${OK}content-length: 30000\r\n\r\n${"x".repeat(30_000)}`);
  expect(readAnswer(raw, {}, first)).toMatchObject({ bodyCut: false, bodyBytes: 30_000 });
  expect(readAnswer(raw, {}, second)).toMatchObject({ fed: "done", bodyCut: true, body: "", bodyBytes: 30_000 });
  first.release();
  expect(readAnswer(raw, {}, second)).toMatchObject({ bodyCut: false });
  for (let i = 0; i < 5; i++) expect(readAnswer(raw, { cuts: [100, 9_000] }, second).bodyCut).toBe(false);
  second.release();
  expect(readAnswer(raw, {}, first)).toMatchObject({ bodyCut: false });
});
