import { type EventLoopUtilization, monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { LoopReport } from "../worker-report.ts";

const RESOLUTION_MS = 10;
/** A shorter window is dominated by what happens to lie in it. */
const SHORTEST_WINDOW_MS = 500;

/** Watches the event loop of the thread it is made in, from now on. */
export class LoopHealth {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #since: EventLoopUtilization = performance.eventLoopUtilization();
  #mark = performance.now();
  #sampled = false;
  #stopped = false;

  constructor() {
    this.#delay.enable();
  }

  /** Utilisation since the last sample; `null` after `stop`, and for a last window too short to say anything. */
  sample(): LoopReport | null {
    const now = performance.now();
    if (this.#stopped || (this.#sampled && now - this.#mark < SHORTEST_WINDOW_MS)) return null;
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, this.#since);
    this.#since = current;
    this.#mark = now;
    this.#sampled = true;
    return {
      utilisation: utilization,
      delayMs: { p50: this.#delayAt(50), p99: this.#delayAt(99), max: this.#longest() },
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#delay.disable();
  }

  #delayAt(percentile: number): number {
    return this.#delay.count === 0 ? 0 : beyondResolution(this.#delay.percentile(percentile));
  }

  #longest(): number {
    return this.#delay.count === 0 ? 0 : beyondResolution(this.#delay.max);
  }
}

/** The monitor records the nanoseconds between two turns of its own timer: its period is not a delay. */
const beyondResolution = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
