import type { AnswerSigns } from "../answer-signs.ts";

/** The first answers are looked at, then one of so many: looking for two headers costs more than counting. */
const FIRST = 200;
const ONE_OF = 16;

/** Counts signs of caches in the headers of `ok` answers. */
export class SignCounter {
  #answers = 0;
  #seen = 0;
  #cacheHits = 0;
  #aged = 0;

  look(answer: { readonly header: (name: string) => string | null }): void {
    this.#answers++;
    if (this.#answers > FIRST && this.#answers % ONE_OF !== 0) return;
    this.#seen++;
    // CloudFront says "Hit from cloudfront" and "RefreshHit from cloudfront", others say HIT.
    if (/\b(?:refresh)?hit\b/i.test(answer.header("x-cache") ?? "")) this.#cacheHits++;
    if (Number(answer.header("age") ?? 0) > 0) this.#aged++;
  }

  /** Everything since the last call. */
  take(): AnswerSigns {
    const signs = { seen: this.#seen, cacheHits: this.#cacheHits, aged: this.#aged };
    this.#seen = 0;
    this.#cacheHits = 0;
    this.#aged = 0;
    return signs;
  }
}
