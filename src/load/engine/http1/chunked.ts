import {
  BACKSLASH,
  COLON,
  CR,
  EQUALS,
  HEX_VALUE,
  IS_TOKEN,
  IS_VALUE,
  isBlank,
  LF,
  MAX_FIELD_BYTES,
  MORE,
  QUOTE,
  REFUSED,
  SEMICOLON,
} from "./grammar.ts";
import type { KeptBody } from "./kept-body.ts";

const SIZE_FIRST = 0;
const SIZE = 1;
const EXTENSION_FIRST = 2;
const EXTENSION_NAME = 3;
const EXTENSION_VALUE = 4;
const QUOTED = 5;
const QUOTED_PAIR = 6;
const QUOTED_END = 7;
const SIZE_LF = 8;
const DATA = 9;
const DATA_CR = 10;
const DATA_LF = 11;
const TRAILER = 12;
const TRAILER_NAME = 13;
const TRAILER_VALUE_START = 14;
const TRAILER_VALUE = 15;
const TRAILER_LF = 16;
const END_LF = 17;

/** Where a byte leads; a string is a refusal with its reason. */
type Step = number | string;

/**
 * Reads a chunked body (RFC 9112 section 7.1) with extensions and trailers, both checked and dropped. Stops at any byte
 * and goes on there. As llhttp: no blanks in the size line, CRLF everywhere.
 */
export class ChunkedScanner {
  error: string | null = null;
  readonly #body: KeptBody;
  readonly #maxBytes: number;
  #state = SIZE_FIRST;
  /** Size of the chunk, then what is left of it. */
  #left = 0;
  /** Bytes of the size line, then of the trailers' names and values. */
  #lineBytes = 0;

  /** Adds the data to `body`, at most `maxBytes` in all. */
  constructor(body: KeptBody, maxBytes: number) {
    this.#body = body;
    this.#maxBytes = maxBytes;
  }

  begin(): void {
    this.error = null;
    this.#state = SIZE_FIRST;
    this.#left = 0;
    this.#lineBytes = 0;
  }

  /** The offset behind the body and its trailers, `MORE`, or `REFUSED` with the reason in `error`. */
  scan(bytes: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end) {
      if (this.#state === DATA) {
        at = this.#take(bytes, at, end);
        continue;
      }
      const byte = bytes[at] ?? 0;
      at += 1;
      if (this.#state === END_LF && byte === LF) return at;
      const next = this.#step(byte);
      if (typeof next === "string") {
        this.error = next;
        return REFUSED;
      }
      this.#state = next;
    }
    return MORE;
  }

  #take(bytes: Buffer, from: number, end: number): number {
    const to = Math.min(end, from + this.#left);
    this.#body.add(bytes, from, to);
    this.#left -= to - from;
    if (this.#left === 0) this.#state = DATA_CR;
    return to;
  }

  #step(byte: number): Step {
    if (this.#state <= SIZE) return this.#sizeStep(byte);
    if (this.#state < SIZE_LF) return this.#extensionStep(byte);
    if (this.#state >= TRAILER) return this.#trailerStep(byte);
    if (this.#state === DATA_CR) return byte === CR ? DATA_LF : "no line end behind a chunk";
    if (byte !== LF) return "CR without LF";
    if (this.#state === DATA_LF) return SIZE_FIRST;
    this.#lineBytes = 0;
    return this.#left === 0 ? TRAILER : DATA;
  }

  #sizeStep(byte: number): Step {
    const digit = HEX_VALUE[byte] ?? 255;
    if (digit < 16) {
      this.#left = (this.#state === SIZE ? this.#left * 16 : 0) + digit;
      if (this.#body.bytes + this.#left > this.#maxBytes) return "body too large";
      return this.#countLine(SIZE);
    }
    if (this.#state === SIZE_FIRST) return "bad chunk size";
    if (byte === CR) return SIZE_LF;
    return byte === SEMICOLON ? this.#countLine(EXTENSION_FIRST) : "bad chunk size";
  }

  #extensionStep(byte: number): Step {
    if (this.#state === QUOTED) return this.#quotedStep(byte);
    if (this.#state === QUOTED_PAIR) return IS_VALUE[byte] === 1 ? this.#countLine(QUOTED) : "bad chunk extension";
    if (byte === SEMICOLON) return this.#countLine(EXTENSION_FIRST);
    if (byte === CR && this.#state !== EXTENSION_FIRST) return SIZE_LF;
    if (this.#state === QUOTED_END) return "bad chunk extension";
    if (this.#state === EXTENSION_VALUE) {
      if (byte === QUOTE) return this.#countLine(QUOTED);
      return IS_TOKEN[byte] === 1 ? this.#countLine(EXTENSION_VALUE) : "bad chunk extension";
    }
    if (byte === EQUALS) return this.#countLine(EXTENSION_VALUE);
    return IS_TOKEN[byte] === 1 ? this.#countLine(EXTENSION_NAME) : "bad chunk extension";
  }

  #quotedStep(byte: number): Step {
    if (byte === QUOTE) return this.#countLine(QUOTED_END);
    if (byte === BACKSLASH) return this.#countLine(QUOTED_PAIR);
    return IS_VALUE[byte] === 1 ? this.#countLine(QUOTED) : "bad chunk extension";
  }

  #trailerStep(byte: number): Step {
    switch (this.#state) {
      case TRAILER:
        if (byte === CR) return END_LF;
        return IS_TOKEN[byte] === 1 ? this.#countTrailer(TRAILER_NAME) : "bad trailer";
      case TRAILER_NAME:
        if (byte === COLON) return TRAILER_VALUE_START;
        return IS_TOKEN[byte] === 1 ? this.#countTrailer(TRAILER_NAME) : "bad trailer";
      case TRAILER_LF:
        return byte === LF ? TRAILER : "CR without LF";
      case END_LF:
        return "CR without LF";
      default:
        if (byte === CR) return TRAILER_LF;
        if (this.#state === TRAILER_VALUE_START && isBlank(byte)) return TRAILER_VALUE_START;
        return IS_VALUE[byte] === 1 ? this.#countTrailer(TRAILER_VALUE) : "bad trailer";
    }
  }

  #countLine(next: number): Step {
    this.#lineBytes += 1;
    return this.#lineBytes > MAX_FIELD_BYTES ? "chunk size line larger than 16 KB" : next;
  }

  #countTrailer(next: number): Step {
    this.#lineBytes += 1;
    return this.#lineBytes >= MAX_FIELD_BYTES ? "trailers larger than 16 KB" : next;
  }
}
