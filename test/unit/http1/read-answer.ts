import {
  type BodyLimits,
  DEFAULT_BODY_LIMITS,
  ResponseParser,
} from "../../../src/load/engine/http1/response-parser.ts";

/** Everything a transport can see of one answer. */
export type ReadAnswer = {
  readonly fed: string;
  readonly status: number;
  readonly httpMinor: number;
  readonly keepAlive: boolean;
  readonly headersComplete: boolean;
  readonly headBytes: number;
  readonly bodyBytes: number;
  readonly body: string;
  readonly bodyCut: boolean;
  readonly keepAliveTimeout: number;
  readonly surplus: number;
  readonly error: string | null;
  readonly contentType: string | null;
  readonly setCookie: string | null;
};

export type Reading = {
  readonly method?: string;
  readonly keep?: "sample" | "body";
  readonly limits?: BodyLimits;
  /** The server leaves the connection open behind the bytes. */
  readonly stayOpen?: boolean;
  /** Offsets at which the bytes are cut into chunks. */
  readonly cuts?: readonly number[];
};

export const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

/** Behind the bytes of a chunk, in the same memory: must not be read. */
const JUNK = Buffer.from("hi\r\n0\r\n\r\nHTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\n");

/**
 * Feeds the bytes in chunks whose memory is overwritten as soon as it may be, then closes; so whatever is read
 * afterwards must come from memory of the parser's own.
 */
export const readAnswer = (raw: Buffer, reading: Reading = {}, parser = parserFor(reading)): ReadAnswer => {
  parser.start({ method: reading.method ?? "GET", keep: reading.keep ?? "body" });
  let fed = "more";
  for (const chunk of chunksOf(raw, reading.cuts ?? [])) {
    const memory = Buffer.concat([chunk, JUNK]);
    fed = parser.feed(memory, chunk.length);
    if (fed !== "done" || reading.keep !== "sample") memory.fill(0x58);
  }
  if (fed === "more" && reading.stayOpen !== true) fed = parser.end();
  return snapshot(parser, fed);
};

const parserFor = (reading: Reading): ResponseParser => new ResponseParser(reading.limits ?? DEFAULT_BODY_LIMITS);

const chunksOf = (raw: Buffer, cuts: readonly number[]): readonly Buffer[] => {
  const offsets = [0, ...cuts.toSorted((a, b) => a - b), raw.length];
  return offsets.slice(1).map((to, index) => raw.subarray(offsets[index], to));
};

const snapshot = (parser: ResponseParser, fed: string): ReadAnswer => ({
  fed,
  status: parser.status,
  httpMinor: parser.httpMinor,
  keepAlive: parser.keepAlive,
  headersComplete: parser.headersComplete,
  headBytes: parser.headBytes,
  bodyBytes: parser.bodyBytes,
  body: parser.body.toString("latin1"),
  bodyCut: parser.bodyCut,
  keepAliveTimeout: parser.keepAliveTimeout,
  surplus: parser.surplus,
  error: parser.error,
  contentType: parser.header("content-type"),
  setCookie: parser.header("Set-Cookie"),
});
