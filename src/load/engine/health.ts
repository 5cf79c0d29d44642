import { type EventLoopUtilization, PerformanceObserver, performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { LoopReport } from "../worker-report.ts";
import { LoopLateness } from "./loop-lateness.ts";
import { waitedForCore } from "./run-queue.ts";

/** A shorter window is dominated by what happens to lie in it. */
const SHORTEST_WINDOW_MS = 500;

/** Watches the event loop and the thread that it is made in, from now on. */
export class LoopHealth {
  readonly #lateness = new LoopLateness();
  readonly #collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.#longestPause = Math.max(this.#longestPause, duration);
  });
  #longestPause = 0;
  #since: EventLoopUtilization = performance.eventLoopUtilization();
  #cpu = process.threadCpuUsage();
  #waited = waitedForCore();
  #mark = performance.now();
  #sampled = false;
  #stopped = false;

  constructor() {
    this.#collections.observe({ entryTypes: ["gc"] });
  }

  /**
   * What happened since the last sample; `null` after `stop`, and for a last window too short to say anything. `slept`
   * milliseconds of it the thread slept by itself, which the event loop takes for work.
   */
  sample(slept: number): LoopReport | null {
    const now = performance.now();
    const time = now - this.#mark;
    if (this.#stopped || (this.#sampled && time < SHORTEST_WINDOW_MS)) return null;
    const current = performance.eventLoopUtilization();
    const { active } = performance.eventLoopUtilization(current, this.#since);
    const { user, system } = process.threadCpuUsage(this.#cpu);
    const waited = waitedForCore();
    const { late, longestMs } = this.#lateness.take();
    const report: LoopReport = {
      seconds: time / 1000,
      utilisation: shareOf(active - slept, time),
      cpuShare: shareOf((user + system) / 1000, time),
      waiting: waited === null || this.#waited === null ? null : shareOf(waited - this.#waited, time),
      delayMs: longestMs,
      late,
      gcMs: this.#longestPause,
      heapShare: heapShare(),
    };
    this.#since = current;
    this.#cpu = process.threadCpuUsage();
    this.#waited = waited;
    this.#mark = now;
    this.#sampled = true;
    this.#longestPause = 0;
    return report;
  }

  stop(): void {
    this.#stopped = true;
    this.#lateness.stop();
    this.#collections.disconnect();
  }
}

/** Of this thread: each has a heap of its own. */
const heapShare = (): number => {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return shareOf(used, limit);
};

const shareOf = (part: number, whole: number): number => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0);
