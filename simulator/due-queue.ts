/**
 * Timers exact to some microseconds. `setTimeout` works in whole milliseconds (up to 1 ms early, 1 ms late), so it only
 * brings us near; the last stretch is one shared `setImmediate` loop that releases everything due and lets sockets be
 * read between two turns. The spin is what exactness costs: about 1 ms of processor time per isolated answer.
 */
import { elapsed } from "./clock.ts";
import { MinHeap } from "./min-heap.ts";

type Due = { readonly atMs: number; readonly run: () => void };

export class DueQueue {
  readonly #heap = new MinHeap<Due>((due) => due.atMs);
  readonly #spinMs: number;
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #spinning = false;

  /** `spinMs`: how long before it is due (milliseconds) an item is waited for by spinning; 0 never spins. */
  constructor(spinMs: number) {
    this.#spinMs = spinMs;
  }

  /** Runs `run` when `elapsed()` reaches `atMs` (milliseconds). */
  at(atMs: number, run: () => void): void {
    this.#heap.push({ atMs, run });
    this.#arm();
  }

  /** Forgets everything that waits. */
  clear(): void {
    clearTimeout(this.#timer);
    while (this.#heap.pop() !== undefined);
  }

  #arm(): void {
    const next = this.#heap.peek();
    if (next === undefined || this.#spinning) return;
    const waitMs = next.atMs - elapsed();
    if (waitMs <= this.#spinMs) {
      this.#spinning = true;
      setImmediate(this.#turn);
      return;
    }
    if (this.#timer !== undefined && this.#timerAtMs <= next.atMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = next.atMs;
    const sleepMs = this.#spinMs === 0 ? Math.ceil(waitMs) : Math.max(1, Math.floor(waitMs - 1));
    this.#timer = setTimeout(this.#wake, sleepMs);
  }

  readonly #wake = (): void => {
    this.#timer = undefined;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    this.#turn();
  };

  readonly #turn = (): void => {
    this.#spinning = false;
    const reached = elapsed();
    for (let next = this.#heap.peek(); next !== undefined && next.atMs <= reached; next = this.#heap.peek()) {
      this.#heap.pop();
      next.run();
    }
    this.#arm();
  };
}
