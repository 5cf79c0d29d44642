/** The two limits of Lambda that are about rates, as state without a clock. */

/** New environments: a bucket of `scalingBurst`, refilled continuously and never above the burst. */
export class ScalingBudget {
  #available: number;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(burst: number) {
    this.#available = burst;
  }

  /** Takes one new environment at `atMs` (milliseconds), if there is one to take. */
  take(atMs: number, limits: { readonly scalingBurst: number; readonly scalingPerSecond: number }): boolean {
    const elapsedMs = Number.isFinite(this.#atMs) ? atMs - this.#atMs : 0;
    const refilled = this.#available + (elapsedMs * limits.scalingPerSecond) / 1000;
    this.#available = Math.min(limits.scalingBurst, refilled);
    this.#atMs = atMs;
    if (this.#available < 1) return false;
    this.#available -= 1;
    return true;
  }
}

/** Invocations admitted during the last second, counted over a sliding window. */
export class InvocationRate {
  #times: number[] = [];
  #first = 0;

  /** How many were admitted in (atMs - 1000, atMs], in milliseconds. */
  count(atMs: number): number {
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? atMs) <= atMs - 1000) this.#first += 1;
    if (this.#first > 10_000 && this.#first > this.#times.length / 2) {
      this.#times = this.#times.slice(this.#first);
      this.#first = 0;
    }
    return this.#times.length - this.#first;
  }

  add(atMs: number): void {
    this.#times.push(atMs);
  }
}
