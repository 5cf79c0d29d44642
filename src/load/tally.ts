import { type EpochMs, epochMs, type Seconds } from "../units.ts";
import { encodeHistogram, mergeEncoded, summarise } from "./histogram.ts";
import { addOutcomes, countRequests, noOutcomes, OUTCOME_CLASSES, type OutcomeClass } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { FailureExample, LoadResult, Slice, StopReason, TaskResult, Totals } from "./result.ts";
import { steadyFrom } from "./spawn.ts";
import { sumHealth } from "./tally-health.ts";
import type { SliceReport, WorkerReport } from "./worker-report.ts";

/** Examples kept of each failure class of each task. */
export const EXAMPLES_KEPT = 5;

/** What the main thread knows of a run beside the workers' reports. */
export type RunFacts = {
  readonly plan: LoadPlan;
  readonly start: EpochMs;
  /** How long requests were started: the run-time, or less. */
  readonly seconds: Seconds;
  readonly stopped: StopReason;
  readonly workers: number;
  /** CPU time of the process over wall time and workers, 0 to 1. */
  readonly cpuShare: number;
  readonly memoryMb: number;
  readonly warmUp: LoadResult["warmUp"];
};

/**
 * Adds all reports of all workers up. The window ends with the last second in which requests were started; a request
 * that was still in flight then belongs to the slice of its start.
 */
export const tallyLoad = (reports: readonly WorkerReport[], facts: RunFacts): LoadResult => {
  const slices = sumSlices(reports, facts);
  const all = reports.flatMap((report) => report.slices);
  return {
    window: {
      start: facts.start,
      end: epochMs(facts.start + Math.round(facts.seconds * 1000)),
      seconds: facts.seconds,
    },
    stopped: facts.stopped,
    totals: sumTotals(reports, slices, facts),
    response: summarise(mergeEncoded(present(all.map((slice) => slice.response)))),
    service: summarise(mergeEncoded(present(all.map((slice) => slice.service)))),
    tasks: facts.plan.tasks.map((task, index) => sumTask(task.name, index, reports)),
    slices,
    generator: sumHealth(reports, facts),
    warmUp: facts.warmUp,
  };
};

/** Every second of the window has its slice, so that a second without requests is seen as such. */
const sumSlices = (reports: readonly WorkerReport[], facts: RunFacts): readonly Slice[] => {
  const bySecond = new Map<number, SliceReport[]>();
  let length = Math.ceil(facts.seconds);
  for (const part of reports.flatMap((report) => report.slices)) {
    const parts = bySecond.get(part.second);
    if (parts === undefined) bySecond.set(part.second, [part]);
    else parts.push(part);
    length = Math.max(length, part.second + 1);
  }
  let users = 0;
  return Array.from({ length }, (_, second) => {
    const parts = bySecond.get(second) ?? [];
    users += parts.reduce((sum, part) => sum + part.spawned, 0);
    return sumSlice(second, users, parts, facts.plan.tasks.length);
  });
};

const sumSlice = (second: number, users: number, parts: readonly SliceReport[], tasks: number): Slice => {
  const outcomes = noOutcomes();
  for (const part of parts) addOutcomes(outcomes, part.outcomes);
  return {
    second,
    users,
    requests: countRequests(outcomes),
    outcomes,
    tasks: Array.from({ length: tasks }, (_, task) => parts.reduce((sum, part) => sum + (part.tasks[task] ?? 0), 0)),
    bytesReceived: parts.reduce((sum, part) => sum + part.bytesReceived, 0),
    response: joinEncoded(parts.map((part) => part.response)),
    service: joinEncoded(parts.map((part) => part.service)),
  };
};

const sumTask = (name: string, index: number, reports: readonly WorkerReport[]): TaskResult => {
  const parts = present(reports.map((report) => report.tasks[index] ?? null));
  const outcomes = noOutcomes();
  const examples: Partial<Record<OutcomeClass, readonly FailureExample[]>> = {};
  for (const part of parts) {
    addOutcomes(outcomes, part.outcomes);
    for (const [outcome, texts] of entriesOf(part.examples)) {
      examples[outcome] = [...(examples[outcome] ?? []), ...texts].slice(0, EXAMPLES_KEPT);
    }
  }
  return {
    name,
    requests: countRequests(outcomes),
    outcomes,
    response: summarise(mergeEncoded(present(parts.map((part) => part.response)))),
    service: summarise(mergeEncoded(present(parts.map((part) => part.service)))),
    examples,
  };
};

const sumTotals = (reports: readonly WorkerReport[], slices: readonly Slice[], facts: RunFacts): Totals => {
  const outcomes = noOutcomes();
  for (const slice of slices) addOutcomes(outcomes, slice.outcomes);
  const requests = countRequests(outcomes);
  const steady = steadyPart(slices, facts);
  return {
    requests,
    rate: facts.seconds > 0 ? requests / facts.seconds : 0,
    ...steady,
    bytes: {
      sent: reports.reduce((sum, report) => sum + report.bytesSent, 0),
      received: slices.reduce((sum, slice) => sum + slice.bytesReceived, 0),
    },
    outcomes,
    connections: {
      opened: reports.reduce((sum, report) => sum + report.connections.opened, 0),
      reopened: reports.reduce((sum, report) => sum + report.connections.reopened, 0),
      connectMs: halfAndTail(reports.map((report) => report.connections.connect)),
      tlsMs: halfAndTail(reports.map((report) => report.connections.tls)),
    },
  };
};

/** Whole seconds in which all users were running and requests were still started. */
const steadyPart = (slices: readonly Slice[], facts: RunFacts): Pick<Totals, "steadyRate" | "steadySeconds"> => {
  const from = steadyFrom(facts.plan.users, facts.plan.spawnRate);
  const to = Math.floor(facts.seconds);
  if (to <= from) return { steadyRate: null, steadySeconds: 0 };
  const requests = slices.slice(from, to).reduce((sum, slice) => sum + slice.requests, 0);
  return { steadyRate: requests / (to - from), steadySeconds: to - from };
};

/** One part as it is, several merged, none `null`. */
const joinEncoded = (texts: readonly (string | null)[]): string | null => {
  const parts = present(texts);
  return parts.length > 1 ? encodeHistogram(mergeEncoded(parts)) : (parts[0] ?? null);
};

const halfAndTail = (texts: readonly (string | null)[]): { readonly p50: number; readonly p95: number } | null => {
  const { p50, p95 } = summarise(mergeEncoded(present(texts)));
  return p50 === null || p95 === null ? null : { p50, p95 };
};

const present = <T>(values: readonly (T | null)[]): readonly T[] => values.filter((value) => value !== null);

const entriesOf = (examples: TaskResult["examples"]): readonly [OutcomeClass, readonly FailureExample[]][] =>
  OUTCOME_CLASSES.flatMap((outcome) => {
    const texts = examples[outcome];
    return texts === undefined ? [] : [[outcome, texts]];
  });
