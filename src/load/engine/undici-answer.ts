import type { AnswerSource } from "./answer.ts";
import { KeptBody } from "./http1/kept-body.ts";
import type { KeptMemory } from "./http1/kept-memory.ts";
import { DEFAULT_BODY_LIMITS } from "./http1/response-parser.ts";

type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Headers and kept body of the answer that undici hands over piece by piece. */
export class UndiciContent implements AnswerSource {
  readonly #kept: KeptBody;
  #headers: IncomingHeaders = {};

  constructor(memory: KeptMemory) {
    this.#kept = new KeptBody(memory);
  }

  begin(): void {
    this.#kept.begin();
    this.#headers = {};
  }

  /** The head is read; `wanted`, or a failure, keeps what follows it as our own parser does. */
  head(headers: IncomingHeaders, wanted: boolean, failure: boolean): void {
    const { keptWanted, keptFailure } = DEFAULT_BODY_LIMITS;
    this.#headers = headers;
    this.#kept.keep(wanted ? keptWanted : failure ? keptFailure : 0);
  }

  add(chunk: Buffer): void {
    this.#kept.add(chunk, 0, chunk.length);
  }

  header(name: string): string | null {
    const value = this.#headers[name.toLowerCase()];
    if (value === undefined) return null;
    // undici leaves the blanks behind a value, which are not part of it (RFC 9112 5.1).
    return [value].flat().map(withoutBlanks).join(", ");
  }

  headers(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.keys(this.#headers).map((name) => [name.toLowerCase(), this.header(name) ?? ""]));
  }

  get body(): Buffer {
    return this.#kept.view;
  }

  get bodyCut(): boolean {
    return this.#kept.isCut;
  }
}

const withoutBlanks = (value: string): string => value.replace(/^[ \t]+|[ \t]+$/g, "");
