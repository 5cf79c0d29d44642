import type { ErrorCode } from "../errors.ts";
import type { OutcomeCounts } from "../load/outcome.ts";
import type { LatencySummary } from "../load/result.ts";
import { summariseCloud } from "./cloud-summary.ts";
import { eventsOf, failureCounts, partsOf } from "./failure-counts.ts";
import { frontEndOf } from "./front-end.ts";
import { layerFigures } from "./layers.ts";
import type { RoundArm, RunRecord } from "./record.ts";
import { rowParts, rowSummaries } from "./row-summaries.ts";
import type { Counts, RunSummary } from "./summary.ts";

/** Figures by metric id, as a summary keeps them. */
export type Figures = Pick<RunSummary, "values" | "samples" | "counts" | "unmeasured">;

/**
 * The figures of one run by metric id. Latencies are the record's own percentiles (of `ok` responses); `throughput` is
 * `ok` responses per second of the window. With two tasks or more each has its own figures as `p50@task`. A figure that
 * does not exist is in `unmeasured` or absent, never 0.
 */
export const summarise = (record: RunRecord): RunSummary => {
  const counts = failureCounts(
    record.totals.outcomes,
    partsOf(record, ({ outcomes }) => eventsOf(outcomes)),
  );
  const cloud = record.cloud === null ? null : summariseCloud(record.cloud, frontEndOf(record));
  const figures = merge([
    loadFigures({ ...record, outcomes: record.totals.outcomes }, counts, (at) => rowParts(record, at)),
    ...(record.plan.model === "open" ? [droppedFigures(record)] : []),
    ...(cloud === null ? [] : [cloud]),
  ]);
  const rows = rowSummaries(record);
  const known = withoutLacking(figures, record.imported?.lacks ?? {});
  return {
    id: record.id,
    sha: record.git.sha,
    runId: record.git.runId,
    start: record.window.start,
    fingerprint: record.fingerprint,
    rate: record.totals.steadyRate ?? record.totals.rate,
    requests: record.totals.requests,
    failureShare: counts.trials === 0 ? 0 : counts.events / counts.trials,
    valid: record.validity.valid,
    interrupted: record.validity.stopped === "interrupted",
    ...known,
    functions: cloud?.functions ?? [],
    layers: layerFigures(record, cloud?.functions ?? []),
    ...(record.gate === undefined ? {} : { gate: record.gate }),
    ...(rows === null ? {} : { rows }),
  };
};

/** The client's figures of a run, or of one arm of a round: of the whole, and of each task where there are several. */
export const loadFigures = (
  load: RoundArm,
  counts: Counts,
  partsOfTask: (at: number) => Counts["parts"] = () => null,
): Figures => {
  const { seconds } = load.window;
  const scopes = load.tasks !== undefined && load.tasks.length > 1 ? load.tasks : [];
  return merge([
    clientFigures({ ...load, counts }, seconds, ""),
    ...scopes.map((task, at) =>
      clientFigures({ ...task, counts: failureCounts(task.outcomes, partsOfTask(at)) }, seconds, `@${task.name}`),
    ),
  ]);
};

/** What an imported file cannot answer is not measured, for the whole and for each task. */
const withoutLacking = (figures: Figures, lacks: Readonly<Record<string, string>>): Figures => {
  const reasonOf = (id: string): string | undefined => lacks[id.split("@")[0] ?? id];
  const kept = <T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(map).filter(([id]) => reasonOf(id) === undefined));
  const lacking = Object.entries(lacks).map(([id, reason]) => [id, { code: "not-in-import", reason }] as const);
  return {
    values: kept(figures.values),
    samples: kept(figures.samples),
    counts: kept(figures.counts),
    unmeasured: { ...kept(figures.unmeasured), ...Object.fromEntries(lacking) },
  };
};

type Measured = {
  readonly response: LatencySummary;
  readonly service: LatencySummary;
  readonly outcomes: OutcomeCounts;
  readonly counts: Counts;
};

const clientFigures = (measured: Measured, seconds: number, scope: string): Figures => {
  const { response, service, outcomes, counts } = measured;
  const values: [string, number][] = [];
  const samples: [string, number][] = [];
  const unmeasured: [string, { readonly code: ErrorCode; readonly reason: string }][] = [];
  const put = (id: string, value: number | null, behind: number): void => {
    if (value === null) unmeasured.push([`${id}${scope}`, { code: "too-few-samples", reason: "no response was ok" }]);
    else {
      values.push([`${id}${scope}`, value]);
      samples.push([`${id}${scope}`, behind]);
    }
  };
  for (const quantile of ["p50", "p90", "p95", "p99"] as const) put(quantile, response[quantile], response.count);
  for (const quantile of ["p50", "p95", "p99"] as const) put(`service-${quantile}`, service[quantile], service.count);
  if (seconds > 0) put("throughput", outcomes.ok / seconds, outcomes.ok);
  const judged = counts.trials > 0;
  if (!judged) unmeasured.push([`failure-rate${scope}`, { code: "no-requests", reason: "no request was completed" }]);
  return {
    values: Object.fromEntries(values),
    samples: Object.fromEntries(samples),
    counts: judged ? { [`failure-rate${scope}`]: counts } : {},
    unmeasured: Object.fromEntries(unmeasured),
  };
};

/** Arrivals that nobody was free to take, of all that were due. The closed model has no arrivals to drop. */
const droppedFigures = (record: RunRecord): Figures => {
  const { dropped, requests } = record.totals;
  const trials = dropped + requests;
  const parts = partsOf(record, (slice) => ({ events: slice.dropped, trials: slice.dropped + slice.requests }));
  return {
    values: {},
    samples: {},
    counts: trials > 0 ? { "dropped-rate": { events: dropped, trials, parts } } : {},
    unmeasured: trials > 0 ? {} : { "dropped-rate": { code: "no-requests", reason: "no arrival was due" } },
  };
};

const merge = (all: readonly Figures[]): Figures => ({
  values: joined(all.map((one) => one.values)),
  samples: joined(all.map((one) => one.samples)),
  counts: joined(all.map((one) => one.counts)),
  unmeasured: joined(all.map((one) => one.unmeasured)),
});

const joined = <T>(maps: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> =>
  Object.fromEntries(maps.flatMap((map) => Object.entries(map)));
