import { type EpochMs, epochMs, type Seconds, seconds } from "../units.ts";
import type { AnswerSigns } from "./answer-signs.ts";
import { behindRamp } from "./behind-ramp.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import { encodeHistogram, sumCounts, summarise } from "./histogram.ts";
import { type ModelPlan, steadyRange } from "./model.ts";
import { addOutcomes, countFailures, countRequests, noOutcomes } from "./outcome.ts";
import type { LoadPlan } from "./plan.ts";
import type { ApartResult, Distributions, HalfAndTail, LoadResult, Slice, StopReason, Totals } from "./result.ts";
import { rowsOf } from "./rows.ts";
import { type HostSecond, sumHealth } from "./tally-health.ts";
import { sumOnce, sumTasks } from "./tally-rows.ts";
import type { SliceReport, WorkerReport } from "./worker-report.ts";

/** What of a plan it takes to add its load up. */
export type TalliedPlan = ModelPlan & Pick<LoadPlan, "scenario" | "tasks">;

/** What the main thread knows of a run beside the workers' reports. */
export type RunFacts = {
  readonly plan: TalliedPlan;
  readonly start: EpochMs;
  /** How long requests were started: the run-time, or less. */
  readonly seconds: Seconds;
  readonly stopped: StopReason;
  readonly workers: number;
  readonly memoryMb: number;
  readonly linkMbit: number | null;
  /** Of the process and the machine, by second of the window. */
  readonly host: readonly HostSecond[];
  readonly warmUp: LoadResult["warmUp"];
  readonly preWarm: ApartResult;
};

/**
 * Adds all reports of all workers up. The window ends with the last second in which requests were started; a request
 * that was still in flight then belongs to the slice of its start.
 */
export const tallyLoad = (reports: readonly WorkerReport[], facts: RunFacts): LoadResult =>
  tallyWindow(...behindRamp(reports, facts));

const tallyWindow = (reports: readonly WorkerReport[], facts: RunFacts): LoadResult => {
  const slices = sumSlices(reports, facts);
  const all = reports.flatMap((report) => report.slices);
  const rows = rowsOf(facts.plan);
  const response = summarise(sumCounts(all.map((slice) => slice.response)));
  return {
    window: {
      start: facts.start,
      end: epochMs(facts.start + Math.round(facts.seconds * 1000)),
      seconds: facts.seconds,
    },
    stopped: facts.stopped,
    totals: sumTotals(reports, slices, facts),
    response,
    service: summarise(sumCounts(all.map((slice) => slice.service))),
    tasks: sumTasks(rows, reports),
    slices,
    signs: sumSigns(reports),
    generator: sumHealth(reports, facts, { slices, p95: response.p95 }),
    warmUp: facts.warmUp,
    preWarm: facts.preWarm,
    setup: sumOnce(rows, reports, "setup"),
    teardown: sumOnce(rows, reports, "teardown"),
    ...(isPart(facts.plan) ? { distributions: distributionsOf(reports) } : {}),
  };
};

const sumSigns = (reports: readonly WorkerReport[]): AnswerSigns => {
  const sum = (figure: keyof AnswerSigns): number => reports.reduce((total, { signs }) => total + signs[figure], 0);
  return { seen: sum("seen"), cacheHits: sum("cacheHits"), aged: sum("aged") };
};

/** Shards and segments are added to others, which takes more than their percentiles. */
const isPart = ({ shard, ramp }: TalliedPlan): boolean => shard !== undefined || ramp !== undefined;

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
  const tasks = rowsOf(facts.plan).filter(({ phase }) => phase === "task").length;
  let users = 0;
  return Array.from({ length }, (_, second) => {
    const parts = bySecond.get(second) ?? [];
    users += parts.reduce((sum, part) => sum + part.spawned - part.left, 0);
    return sumSlice(second, { users, parts, tasks });
  });
};

const sumSlice = (
  second: number,
  of: { readonly users: number; readonly parts: readonly SliceReport[]; readonly tasks: number },
): Slice => {
  const { users, parts, tasks } = of;
  const outcomes = noOutcomes();
  for (const part of parts) addOutcomes(outcomes, part.outcomes);
  const sum = (count: (part: SliceReport) => number): number => parts.reduce((total, part) => total + count(part), 0);
  return {
    second,
    users,
    requests: countRequests(outcomes),
    dropped: sum((part) => part.dropped),
    outcomes,
    tasks: Array.from({ length: tasks }, (_, task) => sum((part) => part.tasks[task] ?? 0)),
    ...(tasks > 1 && countFailures(outcomes) > 0
      ? { failures: Array.from({ length: tasks }, (_, task) => sum((part) => part.failures?.[task] ?? 0)) }
      : {}),
    bytesReceived: sum((part) => part.bytesReceived),
    response: encodeSum(parts.map((part) => part.response)),
    service: encodeSum(parts.map((part) => part.service)),
  };
};

const sumTotals = (reports: readonly WorkerReport[], slices: readonly Slice[], facts: RunFacts): Totals => {
  const outcomes = noOutcomes();
  for (const slice of slices) addOutcomes(outcomes, slice.outcomes);
  const requests = countRequests(outcomes);
  const sum = (count: (report: WorkerReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  return {
    requests,
    dropped: slices.reduce((total, slice) => total + slice.dropped, 0),
    rate: facts.seconds > 0 ? requests / facts.seconds : 0,
    ...steadyPart(slices, facts),
    bytes: {
      sent: sum((report) => report.bytesSent),
      received: sum((report) => report.bytesReceived),
    },
    outcomes,
    connections: {
      opened: sum(({ connections }) => connections.opened),
      reopened: sum(({ connections }) => connections.reopened),
      resumed: sum(({ connections }) => connections.resumed),
      surplus: sum(({ connections }) => connections.surplus),
      dnsMs: halfAndTail(reports.map((report) => report.connections.dns)),
      connectMs: halfAndTail(reports.map((report) => report.connections.connect)),
      tlsMs: halfAndTail(reports.map((report) => report.connections.tls)),
    },
    ttfbMs: halfAndTail(reports.map((report) => report.ttfb)),
    downloadMs: halfAndTail(reports.map((report) => report.download)),
  };
};

const distributionsOf = (reports: readonly WorkerReport[]): Distributions => ({
  dns: encodeSum(reports.map((report) => report.connections.dns)),
  connect: encodeSum(reports.map((report) => report.connections.connect)),
  tls: encodeSum(reports.map((report) => report.connections.tls)),
  ttfb: encodeSum(reports.map((report) => report.ttfb)),
  download: encodeSum(reports.map((report) => report.download)),
  lag: encodeSum(reports.map((report) => report.scheduleLag)),
});

/** Whole seconds in which the load was at its height and requests were still started. */
export const steadyPart = (
  slices: readonly Slice[],
  facts: { readonly plan: ModelPlan; readonly seconds: Seconds },
): Pick<Totals, "steadyRate" | "steadySeconds"> => {
  const ramp = facts.plan.ramp ?? 0;
  const range = steadyRange(facts.plan, seconds(facts.seconds + ramp));
  if (range === null) return { steadyRate: null, steadySeconds: 0 };
  const [from, to] = [Math.max(0, range.from - ramp), range.to - ramp];
  if (to <= from) return { steadyRate: null, steadySeconds: 0 };
  const requests = slices.slice(from, to).reduce((sum, slice) => sum + slice.requests, 0);
  return { steadyRate: requests / (to - from), steadySeconds: to - from };
};

const encodeSum = (parts: readonly (BucketCounts | null)[]): string | null =>
  parts.every((part) => part === null) ? null : encodeHistogram(sumCounts(parts));

const halfAndTail = (parts: readonly (BucketCounts | null)[]): HalfAndTail | null => {
  const { p50, p95 } = summarise(sumCounts(parts));
  return p50 === null || p95 === null ? null : { p50, p95 };
};
