/** The limits of Lambda that are about rates, as state without a clock. */

/** New environments: a bucket of `scalingBurst`, refilled continuously and never above the burst. */
export class ScalingBudget {
  /** In thousandths of an environment, so that whole milliseconds and rates add up without rounding. */
  #thousandths: number;
  #atMs: number | undefined;

  constructor(burst: number) {
    this.#thousandths = burst * 1000;
  }

  /** Takes one new environment at `atMs` (milliseconds), if there is one to take. */
  take(atMs: number, limits: { readonly scalingBurst: number; readonly scalingPerSecond: number }): boolean {
    const refilled = this.#thousandths + (atMs - (this.#atMs ?? atMs)) * limits.scalingPerSecond;
    this.#thousandths = Math.min(limits.scalingBurst * 1000, refilled);
    this.#atMs = atMs;
    if (this.#thousandths < 1000) return false;
    this.#thousandths -= 1000;
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

/** The other half of the scaling rule: how far the request rate may rise within 10 seconds, by whole seconds. */
export class RequestRamp {
  /** Requests admitted, by the second; only those that still matter are kept. */
  readonly #seconds = new Map<number, number>();

  /** Whether one more request at `atMs` stays within `rise` (requests per second) of the rate 10 s ago. */
  allows(atMs: number, rise: number): boolean {
    const second = Math.floor(atMs / 1000);
    const before = this.#seconds.get(second - 10) ?? 0;
    return (this.#seconds.get(second) ?? 0) < before + rise;
  }

  add(atMs: number): void {
    const second = Math.floor(atMs / 1000);
    const count = this.#seconds.get(second) ?? 0;
    if (count === 0) for (const old of this.#seconds.keys()) if (old < second - 10) this.#seconds.delete(old);
    this.#seconds.set(second, count + 1);
  }
}
