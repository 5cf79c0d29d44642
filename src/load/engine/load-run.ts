import type { ChangeUsers, LoadControl, SigningAccess } from "../../ports.ts";
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
import { addToLive, type LiveSums, newLive, nextLive } from "../live.ts";
import { type RowMerger, rowMerger } from "../merge-rows.ts";
import { isOpen, userProfile } from "../model.ts";
import { addOutcomes, countRequests, noOutcomes, type OutcomeCounts } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import { addToProgress, newProgress, nextProgress, type ProgressSums, preludeProgress } from "../progress.ts";
import type { LiveSecond, LoadProgress, LoadResult, StopReason } from "../result.ts";
import { canChangeUsers, planAsChanged, profileFrom, type UserChangeByHand } from "../retarget.ts";
import { rowsOf, withRows } from "../rows.ts";
import { partOf } from "../shard.ts";
import { tallyLoad } from "../tally.ts";
import type { HostSecond } from "../tally-health.ts";
import type { WorkerReport } from "../worker-report.ts";
import { type Crew, type LostWorker, startCrew } from "./crew.ts";
import { linkMbit, memoryMb, peakMemoryMb, stealMeter } from "./machine.ts";
import type { FromWorker, Prelude, WorkerSetup } from "./messages.ts";
import { monotonicNow } from "./monotonic.ts";
import { renewKeys } from "./signing/renew-keys.ts";
import { watchReports } from "./stop-watch.ts";
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
  readonly environment: WorkerSetup["environment"];
  /** Keys for a plan that is signed, and where new ones come from. */
  readonly signing: SigningAccess | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Agreed with other machines; `null` begins at once. */
  readonly startAt: EpochMs | null;
  readonly onLog: (line: string) => void;
  readonly onLive: ((second: LiveSecond) => void) | null;
  readonly control: LoadControl | null;
};

type Phase = Prelude | "booting" | "window" | "finished";

/** One run as the main thread sees it: boot, what comes before the window, the window, and whatever ends it. */
export class LoadRun {
  readonly result: Promise<LoadResult>;
  readonly #setup: LoadRunSetup;
  readonly #crew: Crew;
  readonly #reports: WorkerReport[] = [];
  readonly #host: HostSecond[] = [];
  readonly #progress: ProgressSums;
  readonly #live: LiveSums | null;
  readonly #changes: UserChangeByHand[] = [];
  readonly #ready = new Set<number>();
  readonly #preludes: Prelude[];
  /** Workers that are still at the present prelude. */
  #pending = 0;
  /** What each worker has sent in each prelude. */
  readonly #sent = new Map<string, OutcomeCounts>();
  readonly #stops: SwarmEnd[] = [];
  readonly #ends = new Map<number, SwarmEnd>();
  readonly #onAbort = (): void => this.#interrupt();
  readonly #steal = stealMeter();
  readonly #endRenewal: () => void;
  readonly #rows: RowMerger;
  readonly #ruleHolds: (report: WorkerReport) => boolean;
  #resolve: (result: LoadResult) => void = () => {};
  #phase: Phase = "booting";
  #interruptedAt: Millis | null = null;
  #ruledAt: Millis | null = null;
  #lost: string | null = null;
  /** The worker was lost because a task of the module keeps its thread to itself. */
  #blocked = false;
  /** Workers that were lost. */
  readonly #gone = new Set<number>();
  #start: EpochMs | null = null;
  #warmUpStart: EpochMs | null = null;
  /** On the monotonic clock, of the current phase. */
  #startAt: Millis = monotonicNow();
  #lastWords: NodeJS.Timeout | null = null;
  #startTimer: NodeJS.Timeout | null = null;

  constructor(setup: LoadRunSetup) {
    this.#setup = setup;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { plan, workers } = setup;
    this.#preludes = [
      ...(plan.warmUp > 0 ? (["warm-up"] as const) : []),
      ...(isOpen(plan) ? (["connect"] as const) : []),
      ...(plan.preWarm > 0 ? (["pre-warm"] as const) : []),
    ];
    this.#rows = rowMerger(rowsOf(plan));
    this.#progress = newProgress(plan, this.#rows.rows);
    this.#live = setup.onLive === null ? null : newLive(plan, this.#rows.rows);
    this.#ruleHolds = watchReports(plan, workers, this.#rows.rows);
    this.#crew = startCrew({
      ...setup,
      keys: setup.signing?.keys ?? null,
      onMessage: (worker, message) => this.#heard(worker, message),
      onLost: (lost) => this.#losing(lost),
    });
    this.#endRenewal =
      setup.signing === null
        ? (): void => {}
        : renewKeys(setup.signing, (keys) => this.#crew.tellAll({ kind: "keys", keys }));
    setup.signal.addEventListener("abort", this.#onAbort, { once: true });
    if (setup.signal.aborted) this.#interrupt();
    setup.control?.(this.#changeUsers);
  }

  #heard(worker: number, message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        this.#ready.add(worker);
        if (this.#ready.size === this.#setup.workers) this.#nextPhase();
        return;
      case "alive":
        return;
      case "log":
        this.#setup.onLog(message.line);
        return;
      case "sending":
        this.#sent.set(`${message.prelude} ${worker}`, message.outcomes);
        this.#setup.onProgress(preludeProgress(this.#setup.plan, this.#elapsed(), this.#sentIn(message.prelude)));
        return;
      case "prelude-done":
        this.#pending--;
        if (this.#pending === 0) this.#nextPhase();
        return;
      case "report":
        this.#reported(worker, this.#rows.merge(message.report));
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

  #nextPhase(): void {
    if (this.#interruptedAt !== null) return;
    const prelude = this.#preludes.shift();
    if (prelude === undefined) {
      this.#awaitStart();
      return;
    }
    this.#phase = prelude;
    this.#startAt = monotonicNow();
    this.#pending = this.#workersOf(prelude);
    if (prelude !== "connect") this.#warmUpStart ??= epochMs(Date.now());
    for (let worker = 0; worker < this.#pending; worker++) this.#crew.tell(worker, { kind: "prelude", prelude });
  }

  /** A worker without a user would wait for one until its time is over. */
  #workersOf(prelude: Prelude): number {
    const { plan, workers } = this.#setup;
    if (prelude === "pre-warm") return Math.min(workers, partOf(plan.preWarm, plan.shard));
    return prelude === "warm-up" ? 1 : workers;
  }

  /** The threads are told only shortly before, so that none takes the wait for a part of its first second. */
  #awaitStart(): void {
    const wait = (this.#setup.startAt ?? 0) - Date.now() - 2 * LEAD_MS;
    if (wait <= 0) this.#openWindow();
    else this.#startTimer = setTimeout(() => this.#openWindow(), wait);
  }

  #openWindow(): void {
    if (this.#interruptedAt !== null) return;
    this.#phase = "window";
    const lead = Math.max(LEAD_MS, (this.#setup.startAt ?? 0) - Date.now());
    this.#startAt = millis(monotonicNow() + lead);
    this.#start = epochMs(Date.now() + lead);
    this.#steal();
    this.#crew.tellAll({ kind: "window", startAt: this.#startAt });
  }

  #reported(worker: number, report: WorkerReport): void {
    this.#reports.push(report);
    addToProgress(this.#progress, report);
    if (this.#live !== null) addToLive(this.#live, report);
    if (this.#phase !== "window") return;
    if (worker === 0 && report.loop !== null) {
      this.#host.push({ second: report.second, memoryMb: memoryMb(), steal: this.#steal() });
    }
    if (this.#ruledAt === null && this.#stops.length === 0 && this.#ruleHolds(report)) this.#stopByRule();
    const elapsed = this.#elapsed();
    // The last report of the load follows on the heels of a tick: a rate over a few milliseconds says nothing.
    if (worker === 0 && elapsed - this.#progress.lastElapsed >= SHORTEST_LINE_S) {
      this.#setup.onProgress(nextProgress(this.#progress, this.#planNow(), elapsed));
      if (this.#live !== null) this.#setup.onLive?.(nextLive(this.#live, elapsed));
    }
  }

  readonly #changeUsers: ChangeUsers = ({ users, spawnRate }) => {
    const { plan } = this.#setup;
    const at = seconds(this.#elapsed() + LEAD_MS / 1000);
    const stopping = this.#interruptedAt !== null || this.#ruledAt !== null || this.#stops.length > 0;
    if (this.#phase !== "window" || stopping || at >= plan.runTime || !canChangeUsers(plan)) return false;
    this.#changes.push({ at, users, spawnRate });
    this.#crew.tellAll({ kind: "users", at, profile: profileFrom(userProfile(this.#planNow()), at) });
    return true;
  };

  #planNow(): LoadPlan {
    return planAsChanged(this.#setup.plan, this.#changes);
  }

  #stopByRule(): void {
    this.#ruledAt = monotonicNow();
    this.#crew.tellAll({ kind: "stop", drain: this.#setup.plan.stopTimeout });
  }

  /** The budget is one for all workers: when it is spent for one, it is for the others. */
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
  #losing({ worker, error, blocked }: LostWorker): void {
    if (this.#phase === "finished") return;
    this.#gone.add(worker);
    if (this.#lost === null) {
      this.#lost = error;
      this.#blocked = blocked;
    }
    if (this.#interruptedAt === null) this.#interruptedAt = monotonicNow();
    if (new Set([...this.#gone, ...this.#ends.keys()]).size >= this.#setup.workers) this.#finish();
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
    if (this.#startTimer !== null) clearTimeout(this.#startTimer);
    this.#setup.signal.removeEventListener("abort", this.#onAbort);
    this.#endRenewal();
    void this.#crew.dismiss().then(() => this.#resolve(result));
  }

  #tally(): LoadResult {
    const { workers } = this.#setup;
    const plan = this.#planNow();
    const [warmUp, preWarm] = [this.#sentIn("warm-up"), this.#sentIn("pre-warm")];
    const result = tallyLoad(this.#reports, {
      plan: withRows(plan, this.#rows.rows()),
      start: this.#start ?? epochMs(Date.now()),
      seconds: seconds(Math.round(this.#loadTime()) / 1000),
      stopped: this.#stopReason(),
      workers,
      memoryMb: peakMemoryMb(),
      linkMbit: linkMbit(plan.origin),
      host: this.#host,
      warmUp: { start: this.#warmUpStart, requests: countRequests(warmUp), outcomes: warmUp },
      preWarm: { requests: countRequests(preWarm), outcomes: preWarm },
    });
    return {
      ...result,
      ...(this.#lost === null ? {} : { workerError: this.#lost }),
      ...(this.#changes.length === 0 ? {} : { changes: this.#changes }),
    };
  }

  #sentIn(prelude: Prelude): OutcomeCounts {
    const sum = noOutcomes();
    for (const [key, outcomes] of this.#sent) if (key.startsWith(prelude)) addOutcomes(sum, outcomes);
    return sum;
  }

  #stopReason(): StopReason {
    if (this.#lost !== null) return this.#blocked ? "scenario-blocked" : "worker-lost";
    if (this.#interruptedAt !== null) return "interrupted";
    if (this.#stops.some((end) => end.reason === "max-requests")) return "max-requests";
    if (this.#ruledAt !== null) return "stop-if";
    const gone = this.#stops.length > 0 && this.#stops.every((end) => end.reason === "users-gone");
    return gone ? "users-gone" : "run-time";
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
