import {
  type EpochMs,
  epochMs,
  type Millis,
  millis,
  millisToSeconds,
  type Seconds,
  seconds,
  secondsToMillis,
} from "../../units.ts";
import { countRequests, noOutcomes, type OutcomeCounts } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import { addToProgress, newProgress, nextProgress, warmUpProgress } from "../progress.ts";
import type { LoadProgress, LoadResult, StopReason } from "../result.ts";
import { tallyLoad } from "../tally.ts";
import type { WorkerReport } from "../worker-report.ts";
import { type CpuMeter, peakMemoryMb, startCpuMeter } from "./cpu-meter.ts";
import { type Crew, startCrew } from "./crew.ts";
import type { FromWorker } from "./messages.ts";
import { monotonicNow } from "./monotonic.ts";
import type { SwarmEnd } from "./swarm.ts";

/** A cancelled job has 7.5 s before it is killed, and the record still has to be written. */
const INTERRUPTED_DRAIN_MS = 3000;
/** How much longer than the drain an interrupted run waits for its workers' last words. */
const LAST_WORDS_MS = 1000;
/** Between the message and the window's start, so that every thread is told before it. */
const LEAD_MS = 20;
const SHORTEST_LINE_S = 0.5;

export type LoadRunSetup = {
  readonly plan: LoadPlan;
  readonly workerFile: URL | string;
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
};

type Phase = "booting" | "warm-up" | "window" | "finished";

/** One run as the main thread sees it: boot, warm-up, window, and whatever ends it. */
export class LoadRun {
  readonly result: Promise<LoadResult>;
  readonly #setup: LoadRunSetup;
  readonly #crew: Crew;
  readonly #reports: WorkerReport[] = [];
  readonly #ends = new Map<number, SwarmEnd>();
  readonly #progress = newProgress();
  readonly #ready = new Set<number>();
  readonly #stops: SwarmEnd[] = [];
  readonly #onAbort = (): void => this.#interrupt();
  #resolve: (result: LoadResult) => void = () => {};
  #phase: Phase = "booting";
  #interruptedAt: Millis | null = null;
  #lost: string | null = null;
  #start: EpochMs | null = null;
  /** On the monotonic clock, of the current phase. */
  #startAt: Millis = monotonicNow();
  #cpu: CpuMeter | null = null;
  #cpuShare = 0;
  #warmUp: { start: EpochMs | null; outcomes: OutcomeCounts } = { start: null, outcomes: noOutcomes() };
  #lastWords: NodeJS.Timeout | null = null;

  constructor(setup: LoadRunSetup) {
    this.#setup = setup;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { plan, workerFile, workers } = setup;
    this.#crew = startCrew({
      plan,
      workerFile,
      workers,
      onMessage: (worker, message) => this.#heard(worker, message),
      onLost: (error) => this.#losing(error),
    });
    setup.signal.addEventListener("abort", this.#onAbort, { once: true });
    if (setup.signal.aborted) this.#interrupt();
  }

  #heard(worker: number, message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        this.#ready.add(worker);
        if (this.#ready.size === this.#setup.workers) this.#booted();
        return;
      case "alive":
        return;
      case "warming":
        this.#warmUp.outcomes = message.outcomes;
        this.#setup.onProgress(warmUpProgress(this.#setup.plan, this.#elapsed(), message.outcomes));
        return;
      case "warmed":
        this.#warmUp.outcomes = message.outcomes;
        this.#openWindow();
        return;
      case "report":
        this.#reported(worker, message.report);
        return;
      case "stopped":
        this.#stopped(message.end);
        return;
      case "ended":
        this.#ends.set(worker, message.end);
        if (this.#ends.size === this.#setup.workers) this.#finish();
        return;
    }
  }

  #booted(): void {
    if (this.#interruptedAt !== null) return;
    if (this.#setup.plan.warmUp <= 0) {
      this.#openWindow();
      return;
    }
    this.#phase = "warm-up";
    this.#startAt = monotonicNow();
    this.#warmUp.start = epochMs(Date.now());
    this.#crew.tell(0, { kind: "warm-up" });
  }

  #openWindow(): void {
    if (this.#interruptedAt !== null) {
      this.#finish();
      return;
    }
    this.#phase = "window";
    this.#startAt = millis(monotonicNow() + LEAD_MS);
    this.#start = epochMs(Date.now() + LEAD_MS);
    this.#cpu = startCpuMeter(this.#setup.workers);
    this.#crew.tellAll({ kind: "window", startAt: this.#startAt });
  }

  #reported(worker: number, report: WorkerReport): void {
    this.#reports.push(report);
    addToProgress(this.#progress, report);
    // A report without a loop comes from a draining worker, whose CPU time says nothing about the load.
    if (report.loop !== null && this.#cpu !== null) this.#cpuShare = this.#cpu();
    const elapsed = this.#elapsed();
    // The last report of the load follows on the heels of a tick: a rate over a few milliseconds says nothing.
    if (worker === 0 && elapsed - this.#progress.last.elapsed >= SHORTEST_LINE_S) {
      this.#setup.onProgress(nextProgress(this.#progress, this.#setup.plan, elapsed));
    }
  }

  #stopped(end: SwarmEnd): void {
    this.#stops.push(end);
    if (end.reason !== "max-requests" || this.#stops.length > 1) return;
    this.#crew.tellAll({ kind: "stop", drain: this.#setup.plan.stopTimeout });
  }

  /** First abort: no more starts, a short drain. Workers that do not answer are not waited for. */
  #interrupt(): void {
    if (this.#interruptedAt !== null || this.#phase === "finished") return;
    this.#interruptedAt = monotonicNow();
    this.#leave();
  }

  /** The rest of the crew would measure another load than the one that was asked for. */
  #losing(error: string): void {
    if (this.#lost !== null || this.#phase === "finished") return;
    this.#lost = error;
    if (this.#interruptedAt === null) this.#interruptedAt = monotonicNow();
    if (this.#setup.workers === 1) this.#finish();
    else this.#leave();
  }

  #leave(): void {
    const drain = millis(Math.min(this.#setup.plan.stopTimeout, INTERRUPTED_DRAIN_MS));
    this.#crew.tellAll({ kind: "stop", drain });
    this.#lastWords ??= setTimeout(() => this.#finish(), drain + LAST_WORDS_MS);
  }

  #finish(): void {
    if (this.#phase === "finished") return;
    const result = this.#tally();
    this.#phase = "finished";
    if (this.#lastWords !== null) clearTimeout(this.#lastWords);
    this.#setup.signal.removeEventListener("abort", this.#onAbort);
    void this.#crew.dismiss().then(() => this.#resolve(result));
  }

  #tally(): LoadResult {
    const { plan, workers } = this.#setup;
    const { start, outcomes } = this.#warmUp;
    const result = tallyLoad(this.#reports, {
      plan,
      start: this.#start ?? epochMs(Date.now()),
      seconds: seconds(Math.round(this.#loadTime()) / 1000),
      stopped: this.#stopReason(),
      workers,
      cpuShare: this.#cpuShare,
      memoryMb: peakMemoryMb(),
      warmUp: { start, requests: countRequests(outcomes), outcomes },
    });
    return this.#lost === null ? result : { ...result, workerError: this.#lost };
  }

  #stopReason(): StopReason {
    if (this.#lost !== null) return "worker-lost";
    if (this.#interruptedAt !== null) return "interrupted";
    return this.#stops.some((end) => end.reason === "max-requests") ? "max-requests" : "run-time";
  }

  /** How long requests were started: what the workers say, else until they were told to stop. */
  #loadTime(): Millis {
    if (this.#phase !== "window") return millis(0);
    const told = (this.#interruptedAt ?? monotonicNow()) - this.#startAt;
    const longest = this.#stops.reduce((most, end) => Math.max(most, end.elapsed), 0);
    const time = this.#stops.length > 0 ? longest : told;
    return millis(Math.max(0, Math.min(time, secondsToMillis(this.#setup.plan.runTime))));
  }

  #elapsed(): Seconds {
    return millisToSeconds(millis(Math.max(0, monotonicNow() - this.#startAt)));
  }
}
