/** Beyond this the loop may sleep on a timer, which resolves to a millisecond and fires up to one late. */
const TIMER_MS = 2;
/** Shorter than a connection to the next machine: what an answer may wait while the thread sleeps. */
const LONGEST_NAP_MS = 0.1;
/** A futex returns about this much late (the kernel's timer slack of 50 us and a wake-up). */
const NAP_LATE_MS = 0.07;
const SHORTEST_NAP_MS = 0.02;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export type PacerSetup = {
  readonly now: () => number;
  /** The next due time on that clock; `Infinity` ends the pacing. Asked once for each. */
  readonly next: () => number;
  readonly fire: (due: number) => void;
  /** Counts the work of the thread; while it grows, answers are coming in and the thread does not sleep. */
  readonly work: () => number;
};

/**
 * Calls `fire` for every due time, within about 0.1 ms where a timer of the event loop takes one. Shortly before a due
 * time the loop turns without waiting for sockets and sleeps a tenth of a millisecond in between, so that it hits the time
 * without burning the core: the CPU it saves may be the target's, and a spinning loop could not tell that it is busy.
 */
export class Pacer {
  readonly #setup: PacerSetup;
  readonly #turn = (): void => this.#look();
  readonly #cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #due = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #work = 0;
  #slept = 0;

  constructor(setup: PacerSetup) {
    this.#setup = setup;
  }

  begin(): void {
    this.#due = this.#setup.next();
    this.#plan();
  }

  /** Due times up to `until` that have not been fired are handed to `rest`; nothing is fired any more. */
  end(until: number, rest: (due: number) => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    for (; this.#due < until; this.#due = this.#setup.next()) rest(this.#due);
    this.#due = Number.POSITIVE_INFINITY;
  }

  /** Milliseconds slept since the last call: for the event loop that was time at work. */
  takeSlept(): number {
    const slept = this.#slept;
    this.#slept = 0;
    return slept;
  }

  /** Runs after the sockets have been looked at, so that who has an answer is free before the next arrival is given away. */
  #look(): void {
    this.#immediate = null;
    const { now, next, fire, work } = this.#setup;
    let fired = false;
    for (let time = now(); this.#due <= time; time = now()) {
      const due = this.#due;
      this.#due = next();
      fired = true;
      fire(due);
    }
    const done = work();
    if (!fired && done === this.#work) this.#nap(this.#due - now());
    this.#work = done;
    this.#plan();
  }

  #plan(): void {
    if (this.#due === Number.POSITIVE_INFINITY) return;
    const left = this.#due - this.#setup.now();
    if (left > TIMER_MS) {
      const time = Math.min(LONGEST_TIMER_MS, Math.floor(left - TIMER_MS / 2));
      this.#timer = setTimeout(() => {
        this.#immediate = setImmediate(this.#turn);
      }, time);
    } else this.#immediate = setImmediate(this.#turn);
  }

  #nap(left: number): void {
    if (left <= SHORTEST_NAP_MS || left > TIMER_MS) return;
    const before = performance.now();
    Atomics.wait(this.#cell, 0, 0, Math.max(SHORTEST_NAP_MS, Math.min(LONGEST_NAP_MS, left - NAP_LATE_MS)));
    this.#slept += performance.now() - before;
  }
}
