import type { Millis } from "../../units.ts";
import { type DecodedBody, decodeBody } from "./http1/decode-body.ts";
import { type Answer, SAMPLE_BYTES, type TransportError } from "./transport.ts";

/** Where the content of an answer is: a parser, or what undici handed over. */
export type AnswerSource = {
  /** What was kept of the body, as it was sent. */
  readonly body: Buffer;
  /** The body is longer than what was kept. */
  readonly bodyCut: boolean;
  readonly header: (name: string) => string | null;
  readonly headers: () => Readonly<Record<string, string>>;
};

/** A decoded body may be this long. */
const DECODED_BYTES = 8_388_608;

/** The answer of a connection, used again for each request; its content is decoded when somebody looks at it. */
export class LiveAnswer implements Answer {
  status = 0;
  error: TransportError | null = null;
  received = 0;
  sent = 0;
  surplus = 0;
  ttfb: Millis | null = null;
  download: Millis | null = null;
  /** The request's `keep` is `body`. */
  wanted = false;
  readonly #source: AnswerSource;
  #decoded: DecodedBody | null = null;

  constructor(source: AnswerSource) {
    this.#source = source;
  }

  begin(wanted: boolean): void {
    this.status = 0;
    this.error = null;
    this.received = 0;
    this.sent = 0;
    this.surplus = 0;
    this.ttfb = null;
    this.download = null;
    this.wanted = wanted;
    this.#decoded = null;
  }

  header(name: string): string | null {
    return this.#source.header(name);
  }

  headers(): Readonly<Record<string, string>> {
    return this.#source.headers();
  }

  get sample(): Uint8Array | null {
    const kept = this.#source.body;
    if (kept.length === 0) return null;
    const decoded = this.#decode();
    return (decoded.ok ? decoded.bytes : kept).subarray(0, SAMPLE_BYTES);
  }

  get body(): Uint8Array | null {
    const decoded = this.#complete();
    return decoded?.ok === true ? decoded.bytes : null;
  }

  get bodyProblem(): string | null {
    const decoded = this.#complete();
    return decoded?.ok === false ? decoded.reason : null;
  }

  #complete(): DecodedBody | null {
    if (!this.wanted || this.error !== null || this.status === 0) return null;
    const { body, bodyCut } = this.#source;
    return bodyCut ? { ok: false, reason: `body larger than the ${body.length} bytes kept of it` } : this.#decode();
  }

  #decode(): DecodedBody {
    const { body, bodyCut } = this.#source;
    const cut = bodyCut || this.error !== null;
    this.#decoded ??= decodeBody(body, this.header("content-encoding"), DECODED_BYTES, cut);
    return this.#decoded;
  }
}
