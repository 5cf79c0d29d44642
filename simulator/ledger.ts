/** The truth about one function: every request that reached it, and every one that did not. */
import { type EpochMs, epochMs, type Millis, millis } from "../src/units.ts";
import type { OriginFace, Refusal } from "./front-end-settings.ts";

export type FaceName = OriginFace | "cloudfront";
export type Outcome = "ok" | "error" | "throttled";

/** A request that reached Lambda. */
export type LedgerEntry = {
  /** Start of the invocation: the timestamp of its metrics. */
  readonly atMs: EpochMs;
  /** End of the invocation in model time (start + Init + Duration). */
  readonly endMs: EpochMs;
  readonly durationMs: Millis;
  readonly initMs: Millis;
  readonly outcome: Outcome;
  /** Lambda's own word for a throttle. */
  readonly reason: string | null;
  /** What the front end answered. */
  readonly status: number;
  /** Measured, from the request fully read to the answer handed to the socket; null while open or when the client left. */
  readonly servedMs: Millis | null;
  /** The front end that called Lambda. */
  readonly face: OriginFace;
  /** The request came through CloudFront. */
  readonly cloudfront: boolean;
  /** Environments busy after the arrival; 0 for a throttle. */
  readonly concurrent: number;
  readonly environment: number | null;
  readonly requestId: string;
  /** The type of the function's error, such as `TypeError` or `Sandbox.Timedout`. */
  readonly errorType: string | null;
  /** Time in the integration, from the front end's call of Lambda to Lambda's answer or the front end's own timeout. */
  readonly integrationMs: Millis;
  /** Time in the front end, the integration included; the network's is not. */
  readonly latencyMs: Millis;
  /** The version that ran, behind an alias. */
  readonly version: string;
  /** Served by provisioned concurrency. */
  readonly provisioned: boolean;
  /** Who wrote the answer. */
  readonly answeredBy: "function" | "front-end";
  readonly account: AccountLoad;
};

/** The account's concurrency right after an arrival: what its region-wide metrics publish. */
export type AccountLoad = {
  readonly concurrent: number;
  readonly unreserved: number;
  readonly claimed: number;
};

export const idleAccount: AccountLoad = { concurrent: 0, unreserved: 0, claimed: 0 };

/** `cached`: answered by CloudFront; `gateway-rate`: beyond `gatewayRate`. */
export type UncountedReason = "down" | "status" | "cached" | "gateway-rate" | "too-large" | "no-targets" | Refusal;

/** A request the front end dealt with alone. */
export type UncountedRequest = {
  readonly atMs: EpochMs;
  readonly face: FaceName;
  readonly reason: UncountedReason;
  readonly status: number | null;
};

export type Counts = {
  readonly requests: number;
  readonly invocations: number;
  readonly ok: number;
  readonly errors: number;
  readonly throttles: number;
  readonly coldStarts: number;
  /** Requests that reached Lambda and have no answer (yet). */
  readonly unanswered: number;
  readonly notCounted: number;
};

export type LedgerDump = {
  readonly entries: readonly LedgerEntry[];
  readonly notCounted: readonly UncountedRequest[];
  readonly counts: Counts;
  /** The most environments busy at once, by the minute (epoch milliseconds). */
  readonly concurrentByMinute: readonly { readonly minuteMs: EpochMs; readonly max: number }[];
};

export type Summary = {
  readonly invocations: number;
  readonly throttles: number;
  readonly errors: number;
  readonly coldStarts: number;
  readonly meanDurationMs: Millis | null;
  /** Over every answered request that reached Lambda, throttles included; nearest rank. */
  readonly p50ServedMs: Millis | null;
  readonly p95ServedMs: Millis | null;
  readonly p99ServedMs: Millis | null;
  readonly maxConcurrent: number;
  /** Requests that reached Lambda per second of the window. */
  readonly rate: number;
};

type Settled = { -readonly [Key in keyof LedgerEntry]: LedgerEntry[Key] };

export class Ledger {
  #entries: Settled[] = [];
  #notCounted: UncountedRequest[] = [];

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get notCounted(): readonly UncountedRequest[] {
    return this.#notCounted;
  }

  /** Records a request and returns what to call with the measured time (milliseconds) once its answer has gone out. */
  add(entry: Omit<LedgerEntry, "servedMs">): (servedMs: number) => void {
    const settled: Settled = { ...entry, servedMs: null };
    this.#entries.push(settled);
    return (servedMs) => {
      settled.servedMs = millis(servedMs);
    };
  }

  addNotCounted(request: UncountedRequest): void {
    this.#notCounted.push(request);
  }

  clear(): void {
    this.#entries = [];
    this.#notCounted = [];
  }

  dump(): LedgerDump {
    return {
      entries: this.#entries,
      notCounted: this.#notCounted,
      counts: countsOf(this.#entries, this.#notCounted.length),
      concurrentByMinute: concurrentByMinute(this.#entries),
    };
  }
}

function countsOf(entries: readonly LedgerEntry[], notCounted: number): Counts {
  const having = (test: (entry: LedgerEntry) => boolean): number => entries.filter(test).length;
  const throttles = having((entry) => entry.outcome === "throttled");
  return {
    requests: entries.length,
    invocations: entries.length - throttles,
    ok: having((entry) => entry.outcome === "ok"),
    errors: having((entry) => entry.outcome === "error"),
    throttles,
    coldStarts: having((entry) => entry.initMs > 0),
    unanswered: having((entry) => entry.servedMs === null),
    notCounted,
  };
}

function concurrentByMinute(entries: readonly LedgerEntry[]): LedgerDump["concurrentByMinute"] {
  const highest = new Map<number, number>();
  for (const { atMs, concurrent } of entries) {
    const minute = Math.floor(atMs / 60_000) * 60_000;
    highest.set(minute, Math.max(highest.get(minute) ?? 0, concurrent));
  }
  return [...highest].map(([minute, max]) => ({ minuteMs: epochMs(minute), max }));
}

/** What happened from `fromMs` until before `toMs` (epoch milliseconds); by default between the first and last start. */
export function summarise(all: readonly LedgerEntry[], fromMs?: number, toMs?: number): Summary {
  const first = fromMs ?? all[0]?.atMs ?? 0;
  const entries = all.filter(({ atMs }) => atMs >= first && (toMs === undefined || atMs < toMs));
  const last = toMs ?? entries.at(-1)?.atMs ?? first;
  const counts = countsOf(entries, 0);
  const served = entries.flatMap(({ servedMs }) => (servedMs === null ? [] : [servedMs])).sort((a, b) => a - b);
  const worked = entries.reduce((sum, entry) => sum + entry.durationMs, 0);
  return {
    invocations: counts.invocations,
    throttles: counts.throttles,
    errors: counts.errors,
    coldStarts: counts.coldStarts,
    meanDurationMs: counts.invocations === 0 ? null : millis(worked / counts.invocations),
    p50ServedMs: nearestRank(served, 0.5),
    p95ServedMs: nearestRank(served, 0.95),
    p99ServedMs: nearestRank(served, 0.99),
    maxConcurrent: entries.reduce((max, entry) => Math.max(max, entry.concurrent), 0),
    rate: last > first ? (entries.length * 1000) / (last - first) : 0,
  };
}

function nearestRank(sorted: readonly Millis[], level: number): Millis | null {
  return sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? null;
}
