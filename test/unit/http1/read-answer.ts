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
  readonly surplus: number;
  readonly error: string | null;
  readonly contentType: string | null;
  readonly setCookie: string | null;
};

export type Reading = {
  readonly method?: string;
  readonly bodyWanted?: boolean;
  readonly limits?: BodyLimits;
  /** The server leaves the connection open behind the bytes. */
  readonly stayOpen?: boolean;
  /** Offsets at which the bytes are cut into chunks. */
  readonly cuts?: readonly number[];
};

export const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

/**
 * Feeds the bytes in chunks whose memory is overwritten as soon as `feed` has returned `more`, then closes; so whatever
 * is read afterwards must come from memory of the parser's own or from the last chunk.
 */
export const readAnswer = (raw: Buffer, reading: Reading = {}, parser = parserFor(reading)): ReadAnswer => {
  parser.start({ method: reading.method ?? "GET", bodyWanted: reading.bodyWanted ?? true });
  let fed = "more";
  for (const chunk of chunksOf(raw, reading.cuts ?? [])) {
    fed = parser.feed(chunk);
    if (fed === "more") chunk.fill(0x58);
  }
  if (fed === "more" && reading.stayOpen !== true) fed = parser.end();
  return snapshot(parser, fed);
};

const parserFor = (reading: Reading): ResponseParser => new ResponseParser(reading.limits ?? DEFAULT_BODY_LIMITS);

const chunksOf = (raw: Buffer, cuts: readonly number[]): readonly Buffer[] => {
  const offsets = [0, ...cuts.toSorted((a, b) => a - b), raw.length];
  return offsets.slice(1).map((to, index) => Buffer.from(raw.subarray(offsets[index], to)));
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
  surplus: parser.surplus,
  error: parser.error,
  contentType: parser.header("content-type"),
  setCookie: parser.header("Set-Cookie"),
});
