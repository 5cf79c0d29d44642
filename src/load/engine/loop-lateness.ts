import { micros } from "../../units.ts";
import { BucketCounter, type BucketCounts } from "../bucket-counts.ts";

const PERIOD_MS = 10;
/** libuv waits in whole milliseconds: a timer is late by 0 to 1.1 ms without anybody being in its way, by this on average. */
const GRAIN_MS = 0.6;

/**
 * How late a timer of this thread's event loop fires that is due every ten milliseconds: because the loop was busy, or
 * because the thread had no core. Whatever came from a socket in that time had to wait as well.
 */
export class LoopLateness {
  readonly #counter = new BucketCounter();
  readonly #tick = (): void => this.#look();
  #timer: NodeJS.Timeout;
  #armed = performance.now();
  #longest = 0;

  constructor() {
    this.#timer = setTimeout(this.#tick, PERIOD_MS);
  }

  /** Since the last call: all delays in microseconds (0 counts as 1), and the longest in milliseconds. */
  take(): { readonly late: BucketCounts | null; readonly longestMs: number } {
    const longestMs = this.#longest;
    this.#longest = 0;
    return { late: this.#counter.take(), longestMs };
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.#armed - PERIOD_MS - GRAIN_MS);
    this.#counter.record(micros(late * 1000));
    this.#longest = Math.max(this.#longest, late);
    this.#armed = now;
    this.#timer = setTimeout(this.#tick, PERIOD_MS);
  }
}
