import { endsChunked, listHolds, parseContentLength, parseKeepAliveTimeout } from "./framing.ts";
import { COLON, CR, IS_TOKEN, IS_VALUE, isBlank, LF, MAX_FIELD_BYTES, MORE, REFUSED, spells, word } from "./grammar.ts";
import { StatusLineScanner } from "./status-line.ts";

/** Status line, separators and blanks included: what one head may take of memory. */
export const MAX_HEAD_BYTES = 65_536;
/** As many header lines as Node's own client reads. */
export const MAX_FIELDS = 2_000;

const CONNECTION = word("connection");
const CONTENT_LENGTH = word("content-length");
const TRANSFER_ENCODING = word("transfer-encoding");
const CLOSE = word("close");
const KEEP_ALIVE = word("keep-alive");

const FIELD = 0;
const NAME = 1;
const VALUE_START = 2;
const VALUE = 3;
const VALUE_LF = 4;
const END_LF = 5;
const COMPLETE = 6;

/**
 * Reads one response head, as strictly as llhttp without lenient flags, in one pass over the bytes and without creating
 * a string. It can stop at any byte and go on where it stopped, and it refuses at the first byte that is wrong, so that
 * the result does not depend on how the bytes were split into chunks.
 */
export class HeadScanner {
  readonly line = new StatusLineScanner();
  /** -1 without a Content-Length header. */
  contentLength = -1;
  /** There is a Transfer-Encoding header. */
  coded = false;
  /** Its last coding is `chunked`. */
  chunked = false;
  /** The Connection header holds `close`. */
  closes = false;
  /** The Connection header holds `keep-alive`. */
  keepsAlive = false;
  /** Seconds the Keep-Alive header announces, -1 without one. */
  keepAliveTimeout = -1;
  error: string | null = null;

  #state = FIELD;
  #at = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #valueStart = 0;
  #fields = 0;
  #fieldBytes = 0;

  /** The next head begins at this offset. */
  begin(at: number): void {
    this.line.begin(at);
    this.contentLength = -1;
    this.coded = false;
    this.chunked = false;
    this.closes = false;
    this.keepsAlive = false;
    this.keepAliveTimeout = -1;
    this.error = null;
    this.#state = FIELD;
    this.#at = at;
    this.#fields = 0;
    this.#fieldBytes = 0;
  }

  /**
   * Goes on where the last call stopped; `bytes` must still hold the head, at the same offsets, from `line.start` on.
   * Returns the offset behind the head, `MORE`, or `REFUSED` with the reason in `error`.
   */
  scan(bytes: Uint8Array, to: number): number {
    const { line } = this;
    line.skipBlankLines(bytes, to);
    const limit = Math.min(to, line.start + MAX_HEAD_BYTES);
    if (!line.isComplete) {
      if (!line.scan(bytes, limit)) return this.#refuse(line.error ?? "bad status line");
      this.#at = line.at;
    }
    const end = line.isComplete ? this.#scanFields(bytes, limit) : MORE;
    return end === MORE && limit - line.start === MAX_HEAD_BYTES ? this.#refuse("header larger than 64 KB") : end;
  }

  #scanFields(bytes: Uint8Array, limit: number): number {
    let at = this.#at;
    while (at < limit) {
      at = this.#step(bytes, at, limit);
      if (at === REFUSED || this.#state === COMPLETE) return at;
    }
    this.#at = at;
    return MORE;
  }

  /** Reads on within one state, as far as `limit`. */
  #step(bytes: Uint8Array, at: number, limit: number): number {
    switch (this.#state) {
      case FIELD:
        return this.#beginField(bytes, at);
      case NAME:
        return this.#readName(bytes, at, limit);
      case VALUE_START:
        return this.#skipBlanks(bytes, at, limit);
      case VALUE:
        return this.#readValue(bytes, at, limit);
      default:
        if (bytes[at] !== LF) return this.#refuse("CR without LF");
        this.#state = this.#state === VALUE_LF ? FIELD : COMPLETE;
        return at + 1;
    }
  }

  #beginField(bytes: Uint8Array, at: number): number {
    if (bytes[at] === CR) {
      this.#state = END_LF;
      return at + 1;
    }
    this.#nameStart = at;
    this.#state = NAME;
    return at;
  }

  #readName(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    while (at < limit && IS_TOKEN[bytes[at] ?? 0] === 1) at += 1;
    if (at === limit) return at;
    if (bytes[at] !== COLON || at === this.#nameStart)
      return this.#refuse(nameFault(bytes[at] ?? 0, at === this.#nameStart));
    this.#nameEnd = at;
    this.#state = VALUE_START;
    return at + 1;
  }

  #skipBlanks(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    while (at < limit && isBlank(bytes[at] ?? 0)) at += 1;
    if (at === limit) return at;
    this.#valueStart = at;
    this.#state = VALUE;
    return at;
  }

  #readValue(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    while (at < limit && IS_VALUE[bytes[at] ?? 0] === 1) at += 1;
    if (at === limit) return at;
    if (bytes[at] !== CR) {
      return this.#refuse(bytes[at] === LF ? "line ends without CR" : "bad character in a header value");
    }
    const fault = this.#takeField(bytes, at);
    if (fault !== null) return this.#refuse(fault);
    this.#state = VALUE_LF;
    return at + 1;
  }

  /** One complete header; only four names matter here, and their lengths tell them from nearly all others. */
  #takeField(bytes: Uint8Array, valueEnd: number): string | null {
    const length = this.#nameEnd - this.#nameStart;
    this.#fields += 1;
    this.#fieldBytes += length + valueEnd - this.#valueStart;
    if (this.#fieldBytes >= MAX_FIELD_BYTES) return "header larger than 16 KB";
    if (this.#fields > MAX_FIELDS) return "more than 2,000 header lines";
    if (length === CONTENT_LENGTH.length && spells(bytes, this.#nameStart, this.#nameEnd, CONTENT_LENGTH)) {
      return this.#takeContentLength(bytes, valueEnd);
    }
    if (length === TRANSFER_ENCODING.length && spells(bytes, this.#nameStart, this.#nameEnd, TRANSFER_ENCODING)) {
      return this.#takeTransferEncoding(bytes, valueEnd);
    }
    if (length === CONNECTION.length) this.#takeConnection(bytes, valueEnd);
    return null;
  }

  /** `connection` and `keep-alive` are of one length. */
  #takeConnection(bytes: Uint8Array, valueEnd: number): void {
    if (spells(bytes, this.#nameStart, this.#nameEnd, CONNECTION)) {
      this.closes ||= listHolds(bytes, this.#valueStart, valueEnd, CLOSE);
      this.keepsAlive ||= listHolds(bytes, this.#valueStart, valueEnd, KEEP_ALIVE);
    } else if (spells(bytes, this.#nameStart, this.#nameEnd, KEEP_ALIVE)) {
      this.keepAliveTimeout = parseKeepAliveTimeout(bytes, this.#valueStart, valueEnd);
    }
  }

  #takeContentLength(bytes: Uint8Array, valueEnd: number): string | null {
    if (this.coded) return "both content-length and transfer-encoding";
    const length = parseContentLength(bytes, this.#valueStart, valueEnd);
    if (length < 0) return "bad content-length";
    if (!Number.isFinite(length)) return "content-length too large";
    if (this.contentLength >= 0 && this.contentLength !== length) return "two different content-lengths";
    this.contentLength = length;
    return null;
  }

  /**
   * RFC 9112 6.1 calls both framings in one message an error; llhttp without lenient flags refuses it, and so do we.
   * Of several Transfer-Encoding headers the last one says how the body ends, and an empty one says nothing.
   */
  #takeTransferEncoding(bytes: Uint8Array, valueEnd: number): string | null {
    if (this.contentLength >= 0) return "both content-length and transfer-encoding";
    if (valueEnd === this.#valueStart) return null;
    this.coded = true;
    this.chunked = endsChunked(bytes, this.#valueStart, valueEnd);
    return null;
  }

  #refuse(reason: string): number {
    this.error = reason;
    return REFUSED;
  }
}

const nameFault = (byte: number, isFirst: boolean): string => {
  if (isBlank(byte)) return isFirst ? "folded header line" : "blank before the colon of a header";
  return isFirst && byte === COLON ? "header without a name" : "bad character in a header name";
};
