import { CR, isDigit, LF, SP, word } from "./grammar.ts";

/** `?` is 0 or 1, `#` is a digit. */
const PATTERN = word("HTTP/1.? ###");
const DIGIT = 0x23;
const VERSION_DIGIT = 0x3f;

const BLANK_LINES = 0;
const STATUS = 1;
const REASON_START = 2;
const REASON = 3;
const REASON_LF = 4;
const COMPLETE = 5;

/** Reads a status line (RFC 9112 section 4) and the empty lines before it; can stop at any byte and go on there. */
export class StatusLineScanner {
  status = 0;
  /** The digit behind `HTTP/1.`. */
  minor = 0;
  /** Offset of the status line. */
  start = 0;
  /** Offset behind what was read. */
  at = 0;
  error: string | null = null;
  #state = BLANK_LINES;

  begin(at: number): void {
    this.status = 0;
    this.minor = 0;
    this.start = at;
    this.at = at;
    this.error = null;
    this.#state = BLANK_LINES;
  }

  get isComplete(): boolean {
    return this.#state === COMPLETE;
  }

  /** Empty lines before an answer are tolerated as in llhttp (RFC 9112 2.2 advises it to servers). */
  skipBlankLines(bytes: Uint8Array, to: number): void {
    if (this.#state !== BLANK_LINES) return;
    while (this.start < to && (bytes[this.start] === CR || bytes[this.start] === LF)) this.start += 1;
    this.at = this.start;
    if (this.start < to) this.#state = STATUS;
  }

  /** False when it refused. */
  scan(bytes: Uint8Array, limit: number): boolean {
    if (this.#state === STATUS && !this.#scanStatus(bytes, limit)) return false;
    if (this.#state < REASON_START) return true;
    while (this.at < limit && this.#state !== COMPLETE) {
      if (!this.#scanReason(bytes[this.at] ?? 0)) return false;
      this.at += 1;
    }
    return true;
  }

  /** The twelve bytes `HTTP/1.1 200`; looked at again from the first one until all are there. */
  #scanStatus(bytes: Uint8Array, limit: number): boolean {
    const { start } = this;
    const count = Math.min(limit - start, PATTERN.length);
    for (let i = 0; i < count; i += 1) {
      if (!fits(bytes[start + i] ?? 0, PATTERN[i])) return this.#fail(fault(i));
    }
    if (count < PATTERN.length) return true;
    this.minor = digitAt(bytes, start + 7);
    this.status = digitAt(bytes, start + 9) * 100 + digitAt(bytes, start + 10) * 10 + digitAt(bytes, start + 11);
    if (this.status < 100) return this.#fail("status below 100");
    this.at = start + PATTERN.length;
    this.#state = REASON_START;
    return true;
  }

  #scanReason(byte: number): boolean {
    switch (this.#state) {
      case REASON:
        if (byte === CR) this.#state = REASON_LF;
        return byte !== LF || this.#fail("line ends without CR");
      case REASON_LF:
        this.#state = COMPLETE;
        return byte === LF || this.#fail("CR without LF");
      default:
        this.#state = byte === SP ? REASON : REASON_LF;
        return byte === SP || byte === CR || this.#fail("bad status line");
    }
  }

  #fail(reason: string): false {
    this.error = reason;
    return false;
  }
}

const fits = (byte: number, pattern: number | undefined): boolean => {
  if (pattern === DIGIT) return isDigit(byte);
  if (pattern === VERSION_DIGIT) return byte === 0x30 || byte === 0x31;
  return byte === pattern;
};

const digitAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) - 0x30;

const fault = (index: number): string => {
  if (index < 5) return "not an HTTP answer";
  return index < 8 ? "HTTP version other than 1.0 and 1.1" : "bad status line";
};
