import { ChunkedScanner } from "./chunked.ts";
import { MORE, REFUSED } from "./grammar.ts";
import { HeadScanner } from "./head.ts";
import { HeadStore } from "./head-store.ts";
import { KeptBody } from "./kept-body.ts";
import { KeptMemory } from "./kept-memory.ts";

/** `more`: feed on. `done`: the answer is complete. `error`: it is unreadable, see `error`; the connection is of no use. */
export type Fed = "more" | "done" | "error";

/** What the request says about its answer. */
export type Expected = {
  /** `HEAD` answers have no body. `CONNECT` is not supported. */
  readonly method: string;
  /** `body`: for checks and captures. Otherwise it is counted, and a little of it is kept when the answer is a failure. */
  readonly keep?: "sample" | "body";
};

/** All in bytes. */
export type BodyLimits = {
  /** A longer body is an error. */
  readonly maxBody: number;
  /** Kept of a wanted body. */
  readonly keptWanted: number;
  /** Kept of an unwanted body when the status is neither 2xx nor 304, for the examples of failures. */
  readonly keptFailure: number;
};

/** 2 GB is ten times what Lambda streams (200 MB); 8 MB holds whatever it sends in one piece (6 MB). */
export const DEFAULT_BODY_LIMITS: BodyLimits = { maxBody: 2_147_483_648, keptWanted: 8_388_608, keptFailure: 200 };

const IN_HEAD = 0;
const IN_SIZED_BODY = 1;
const IN_CHUNKED_BODY = 2;
const IN_BODY_UNTIL_CLOSE = 3;
const DONE = 4;
const FAILED = 5;

/**
 * Reads the HTTP/1.0 and 1.1 responses of one connection, one after the other (RFC 9112), as strictly as llhttp without
 * lenient flags. In the common case, a response that arrives in one chunk, it allocates and copies nothing.
 *
 * `start`, then `feed` until it is `done` or `error`, `end` at the end of the stream; then the fields hold the result
 * until the next `start`. Interim answers (100, 103) are skipped, 101 is refused. A chunk's memory is the caller's again
 * as soon as `feed` has returned, with one exception: unless the body is kept, `header` looks at the last chunk again.
 */
export class ResponseParser {
  /** 0 until the final head is read. */
  status = 0;
  /** The digit behind `HTTP/1.`. */
  httpMinor = 0;
  /** The connection can carry another request; known when the answer is `done`. */
  keepAlive = false;
  /** Bytes of all heads: interim ones and empty lines before them included. */
  headBytes = 0;
  /** Bytes behind the complete answer. The answer stands; the connection must be closed. */
  surplus = 0;
  /** One short sentence, or `null`. */
  error: string | null = null;
  /** Seconds after which the server says it closes an idle connection; -1 when it does not say. */
  keepAliveTimeout = -1;
  /** The final head is read: what comes now is body. */
  headersComplete = false;

  readonly #limits: BodyLimits;
  readonly #head = new HeadScanner();
  readonly #headStore = new HeadStore();
  readonly #body: KeptBody;
  readonly #chunks: ChunkedScanner;
  #phase = DONE;
  #isHead = false;
  #bodyWanted = false;
  /** Bytes a sized body still lacks. */
  #left = 0;
  /** Version, headers and framing allow another request. */
  #persistent = false;

  /** Parsers that share `memory` share its bound. */
  constructor(limits: BodyLimits = DEFAULT_BODY_LIMITS, memory: KeptMemory = new KeptMemory()) {
    this.#limits = limits;
    this.#body = new KeptBody(memory);
    this.#chunks = new ChunkedScanner(this.#body, limits.maxBody);
  }

  /** A request goes out; what is fed from now on is its answer. */
  start(expected: Expected): void {
    this.status = 0;
    this.httpMinor = 0;
    this.keepAlive = false;
    this.headBytes = 0;
    this.surplus = 0;
    this.error = null;
    this.keepAliveTimeout = -1;
    this.headersComplete = false;
    this.#phase = IN_HEAD;
    this.#isHead = expected.method === "HEAD";
    this.#bodyWanted = expected.keep === "body";
    this.#headStore.begin();
    this.#head.begin(0);
    this.#body.begin();
  }

  /** Gives back what the last body takes of the shared memory. */
  release(): void {
    this.#body.begin();
  }

  /** Bytes the server sent: the first `length` of `chunk`. Outside a response, and behind its end, they are surplus. */
  feed(chunk: Buffer, length: number = chunk.length): Fed {
    if (this.#phase === FAILED) return "error";
    if (this.#phase === DONE) {
      this.surplus += length;
      if (length > 0) this.keepAlive = false;
      return "done";
    }
    const bodyStart = this.#phase === IN_HEAD ? this.#readHead(chunk, length) : 0;
    if (bodyStart === MORE) return "more";
    const fed = bodyStart === REFUSED ? "error" : this.#readBody(chunk, bodyStart, length);
    if (fed !== "done" || this.#bodyWanted) this.#headStore.release(chunk);
    return fed;
  }

  /** The server closed: a body that ends with the connection is complete, anything else is cut off. */
  end(): Fed {
    if (this.#phase === DONE) return "done";
    if (this.#phase === FAILED) return "error";
    if (this.#phase === IN_BODY_UNTIL_CLOSE) {
      this.#phase = DONE;
      return "done";
    }
    return this.#fail(this.#cutOff());
  }

  /** Bytes of the body as they were sent, without chunk framing, before any decoding. */
  get bodyBytes(): number {
    return this.#body.bytes;
  }

  /** What was kept of the body; memory of the parser, used again by the next `start`. */
  get body(): Buffer {
    return this.#body.view;
  }

  /** The body is longer than what was kept of it. */
  get bodyCut(): boolean {
    return this.#body.isCut;
  }

  /** A header of the final head, its name in any case; repeated ones are joined with ", ", `null` when there is none. */
  header(name: string): string | null {
    return this.#headStore.find(name);
  }

  /** All headers of the final head, by lower-case name. */
  headers(): Readonly<Record<string, string>> {
    return this.#headStore.all();
  }

  /** The offset in `chunk` of the first byte behind the final head, `MORE` or `REFUSED`. */
  #readHead(chunk: Buffer, added: number): number {
    const isFresh = this.#headStore.unread === 0;
    const bytes = isFresh ? chunk : this.#headStore.append(chunk, added);
    const length = isFresh ? added : this.#headStore.unread;
    for (;;) {
      const end = this.#head.scan(bytes, length);
      if (end === REFUSED) {
        this.headBytes += this.#head.line.start;
        return this.#refuse(this.#head.error ?? "bad header");
      }
      if (end === MORE) {
        this.#keepHead(bytes, length);
        return MORE;
      }
      if (this.#head.line.status === 101) {
        this.headBytes += this.#head.line.start;
        return this.#refuse("unexpected change of protocol (101)");
      }
      if (this.#head.line.status >= 200) {
        this.headBytes += end;
        this.#headStore.complete(bytes, this.#head.line.start, end);
        return this.#beginBody() ? added - (length - end) : REFUSED;
      }
      this.#head.begin(end);
    }
  }

  /** RFC 9112 section 6.3. False when it refused. */
  #beginBody(): boolean {
    const head = this.#head;
    this.status = head.line.status;
    this.httpMinor = head.line.minor;
    this.keepAliveTimeout = head.keepAliveTimeout;
    this.headersComplete = true;
    const bodiless = this.status === 204 || this.status === 304;
    this.#persistent = !head.closes && (head.line.minor === 1 || head.keepsAlive);
    // A body announced where there is none may follow all the same and be taken for the next answer: undici closes, too.
    if (bodiless && !this.#isHead && (head.contentLength > 0 || head.coded)) this.#persistent = false;
    this.#left = 0;
    this.#phase = IN_SIZED_BODY;
    if (this.#isHead || bodiless) return true;
    this.#body.keep(this.#keepLimit());
    if (head.chunked) {
      this.#phase = IN_CHUNKED_BODY;
      this.#chunks.begin();
    } else if (head.coded || head.contentLength < 0) {
      this.#phase = IN_BODY_UNTIL_CLOSE;
    } else if (head.contentLength > this.#limits.maxBody) {
      this.#refuse("body too large");
      return false;
    } else this.#left = head.contentLength;
    return true;
  }

  #keepLimit(): number {
    if (this.#bodyWanted) return this.#limits.keptWanted;
    const good = (this.status >= 200 && this.status < 300) || this.status === 304;
    return good ? 0 : this.#limits.keptFailure;
  }

  #readBody(chunk: Buffer, from: number, length: number): Fed {
    if (this.#phase === IN_CHUNKED_BODY) {
      const end = this.#chunks.scan(chunk, from, length);
      if (end === MORE) return "more";
      return end === REFUSED ? this.#fail(this.#chunks.error ?? "bad chunk") : this.#finish(length - end);
    }
    if (this.#phase === IN_BODY_UNTIL_CLOSE) return this.#readUntilClose(chunk, from, length);
    const end = Math.min(length, from + this.#left);
    this.#body.add(chunk, from, end);
    this.#left -= end - from;
    return this.#left === 0 ? this.#finish(length - end) : "more";
  }

  #readUntilClose(chunk: Buffer, from: number, length: number): Fed {
    const room = this.#limits.maxBody - this.#body.bytes;
    this.#body.add(chunk, from, Math.min(length, from + room));
    return length - from > room ? this.#fail("body too large") : "more";
  }

  #finish(surplus: number): Fed {
    this.#phase = DONE;
    this.surplus = surplus;
    this.keepAlive = this.#persistent && this.surplus === 0;
    return "done";
  }

  #cutOff(): string {
    if (this.#phase === IN_SIZED_BODY) {
      return `closed after ${this.bodyBytes} of ${this.bodyBytes + this.#left} body bytes`;
    }
    if (this.#phase === IN_CHUNKED_BODY) return "closed inside a chunked body";
    return this.headBytes + this.#headStore.unread === 0 ? "closed without an answer" : "closed inside the header";
  }

  #keepHead(bytes: Buffer, length: number): void {
    const { start } = this.#head.line;
    if (!this.#headStore.keepUnread(bytes, start, length)) return;
    this.headBytes += start;
    this.#head.begin(0);
  }

  #fail(reason: string): "error" {
    this.#phase = FAILED;
    this.error = reason;
    this.keepAlive = false;
    return "error";
  }

  #refuse(reason: string): number {
    this.#fail(reason);
    return REFUSED;
  }
}
