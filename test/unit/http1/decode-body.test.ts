import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeBody } from "../../../src/load/engine/http1/decode-body.ts";

const TEXT = '{"ok":true,"items":["one","two","three"]}'.repeat(40);
const PLAIN = Buffer.from(TEXT);

const decoded = (bytes: Buffer, encoding: string | null, cap = 10_000, cut = false): string => {
  const result = decodeBody(bytes, encoding, cap, cut);
  return result.ok ? result.bytes.toString() : `refused: ${result.reason}`;
};

describe("a kept body is decoded", () => {
  it.each([
    ["no header", null, PLAIN],
    ["an empty header", "", PLAIN],
    ["identity", "identity", PLAIN],
    ["gzip", "gzip", gzipSync(PLAIN)],
    ["GZIP, whatever its case", " GZip ", gzipSync(PLAIN)],
    ["x-gzip", "x-gzip", gzipSync(PLAIN)],
    ["deflate in zlib's format", "deflate", deflateSync(PLAIN)],
    ["deflate without a header", "deflate", deflateRawSync(PLAIN)],
    ["brotli", "br", brotliCompressSync(PLAIN)],
    ["zstd", "zstd", zstdCompressSync(PLAIN)],
    ["two codings, undone from the last", "gzip, br", brotliCompressSync(gzipSync(PLAIN))],
  ])("%s", (_name, encoding, bytes) => {
    expect(decoded(bytes, encoding)).toBe(TEXT);
  });

  it("an empty body stays empty, whatever the header says", () => {
    expect(decoded(Buffer.alloc(0), "gzip")).toBe("");
  });
});

const BOMB = Buffer.alloc(5_000_000);

describe("a body that cannot be decoded is refused with a reason", () => {
  it.each([
    ["an unknown coding", Buffer.from("x"), "compress", "unknown content encoding"],
    ["a name of Object's", Buffer.from("x"), "constructor", "unknown content encoding"],
    ["not gzip", PLAIN, "gzip", "body is not valid gzip"],
    ["gzip without its end", gzipSync(PLAIN).subarray(0, -6), "gzip", "body is not valid gzip"],
    ["brotli without its end", brotliCompressSync(PLAIN).subarray(0, -3), "br", "body is not valid br"],
    ["zstd without its end", zstdCompressSync(PLAIN).subarray(0, -3), "zstd", "body is not valid zstd"],
    ["a gzip bomb", gzipSync(BOMB), "gzip", "decoded body larger than 10000 bytes"],
    ["a brotli bomb", brotliCompressSync(BOMB), "br", "decoded body larger than 10000 bytes"],
    ["a zstd bomb", zstdCompressSync(BOMB), "zstd", "decoded body larger than 10000 bytes"],
    ["a deflate bomb", deflateSync(BOMB), "deflate", "decoded body larger than 10000 bytes"],
    ["six codings", PLAIN, "gzip,gzip,gzip,gzip,gzip,gzip", "more than 5 content encodings"],
  ])("%s", (_name, bytes, encoding, reason) => {
    expect(decoded(bytes, encoding)).toBe(`refused: ${reason}`);
  });

  it("a body without its end is refused unless it is known to be cut", () => {
    expect(decodeBody(gzipSync(PLAIN).subarray(0, -6), "gzip", 10_000).ok).toBe(false);
  });

  it("a body of exactly the cap is not too large", () => {
    expect(decoded(gzipSync(PLAIN), "gzip", PLAIN.length)).toBe(TEXT);
    expect(decoded(gzipSync(PLAIN), "gzip", PLAIN.length - 1)).toMatch(/^refused: decoded body larger/);
  });
});

const VARIED = Array.from({ length: 3_000 }, (_, i) => `${(i * 7919) % 1009} `).join("");

describe("of a body that was cut, what is there is decoded", () => {
  it.each([
    ["gzip", gzipSync(VARIED)],
    ["deflate", deflateSync(VARIED)],
    ["br", brotliCompressSync(VARIED)],
  ])("%s", (encoding, bytes) => {
    const text = decoded(bytes.subarray(0, bytes.length / 2), encoding, 20_000, true);
    expect(text.length).toBeGreaterThan(200);
    expect(VARIED.startsWith(text)).toBe(true);
  });

  it("zstd, of which there are only whole blocks", () => {
    const text = decoded(zstdCompressSync(VARIED).subarray(0, 100), "zstd", 20_000, true);
    expect(VARIED.startsWith(text)).toBe(true);
  });
});
