/** A run as if some of its tasks had not been there, for a comparison with a run that does not have them. */
import { METRICS } from "../config/metric-catalog.ts";
import type { ErrorCode } from "../errors.ts";
import { isCoarse, mergeLatencies } from "../load/histogram.ts";
import type { LatencySummary } from "../load/result.ts";
import type { Counts, LayerFigures, RowSummary, RunSummary } from "./summary.ts";

/** Digits of the histograms that are merged: 2 where a history brings one of the sides, so that both err alike. */
export type Digits = 2 | 3;

/**
 * The client's totals over the rows that are left: latencies of the merged histograms, counts, throughput and the rate. What
 * cannot be told by row stays as it is (connections, bytes, dropped arrivals). Figures of single rows stay too.
 */
export const withoutRows = (run: RunSummary, left: ReadonlySet<string>, digits: Digits): RunSummary => {
  const rows = run.rows?.filter(({ name }) => !left.has(name));
  if (run.rows === undefined || rows === undefined || rows.length === run.rows.length) return run;
  const all = run.rows;
  const share = ratio(sum(rows, requestsOf), sum(all, requestsOf));
  const response = latencyOf(rows, "response", digits);
  const service = latencyOf(rows, "service", digits);
  const counts = pooledCounts(rows);
  const figures = replaced(run, response, service);
  const throughput = (run.values["throughput"] ?? 0) * ratio(sum(rows, okOf), sum(all, okOf));
  return {
    ...run,
    ...figures,
    values: { ...figures.values, ...("throughput" in run.values ? { throughput } : {}) },
    samples: { ...figures.samples, ...("throughput" in run.samples ? { throughput: sum(rows, okOf) } : {}) },
    counts: { ...run.counts, ...(counts.trials > 0 ? { "failure-rate": counts } : {}) },
    requests: sum(rows, requestsOf),
    rate: run.rate * share,
    failureShare: ratio(counts.events, counts.trials),
    layers:
      run.layers === null
        ? null
        : { ...run.layers, responseMs: response?.mean ?? null, serviceMs: service?.mean ?? null },
    rows,
  };
};

/** Whether a history has kept the rows, to fewer digits than a record does. */
export const hasCoarseRows = ({ rows }: RunSummary): boolean =>
  rows?.some(({ response }) => response !== null && isCoarse(response)) ?? false;

/**
 * The run as a base without AWS's figures: AWS does not know of tasks, so its figures of the two sides hold different
 * requests. The head keeps its own, for absolute limits.
 */
export const withoutCloud = (run: RunSummary, reason: string): RunSummary => {
  const asked = [...Object.keys(run.values), ...Object.keys(run.counts), ...Object.keys(run.unmeasured)].filter(
    isCloud,
  );
  const ids = [...asked, ...(run.functions.length > 0 ? ["required-concurrency"] : [])];
  const gap = { code: "tasks-differ", reason } as const;
  return {
    ...run,
    values: withoutKeys(run.values, isCloud),
    samples: withoutKeys(run.samples, isCloud),
    counts: withoutKeys(run.counts, isCloud),
    unmeasured: { ...run.unmeasured, ...Object.fromEntries(ids.map((id) => [id, gap])) },
    functions: [],
    layers: run.layers === null ? null : { ...run.layers, ...NO_CLOUD_LAYERS },
  };
};

const NO_CLOUD_LAYERS: Partial<LayerFigures> = {
  coldMs: null,
  gatewayMs: null,
  frontEndMs: null,
  targetMs: null,
  uncountedShare: null,
};

const CLOUD_METRICS: ReadonlySet<string> = new Set(
  METRICS.filter(({ source }) => source === "cloud").map(({ id }) => id),
);
const isCloud = (id: string): boolean => CLOUD_METRICS.has(id.split("@")[0] ?? id);

const RESPONSE = ["p50", "p90", "p95", "p99"] as const;
const SERVICE = ["p50", "p95", "p99"] as const;

type Figures = Pick<RunSummary, "values" | "samples" | "unmeasured">;

const replaced = (run: RunSummary, response: LatencySummary | null, service: LatencySummary | null): Figures => {
  const found = [
    ...RESPONSE.map((quantile) => [quantile, response, response?.[quantile] ?? null] as const),
    ...SERVICE.map((quantile) => [`service-${quantile}`, service, service?.[quantile] ?? null] as const),
  ];
  const ids = new Set<string>(found.map(([id]) => id));
  const known = found.flatMap(([id, from, value]) => (from === null || value === null ? [] : [{ id, from, value }]));
  const lost = found.filter(([id, , value]) => value === null && !(id in run.unmeasured));
  return {
    values: {
      ...withoutKeys(run.values, (id) => ids.has(id)),
      ...Object.fromEntries(known.map(({ id, value }) => [id, value])),
    },
    samples: {
      ...withoutKeys(run.samples, (id) => ids.has(id)),
      ...Object.fromEntries(known.map(({ id, from }) => [id, from.count])),
    },
    unmeasured: { ...run.unmeasured, ...Object.fromEntries(lost.map(([id, from]) => [id, gapOf(from)])) },
  };
};

const gapOf = (from: LatencySummary | null): { readonly code: ErrorCode; readonly reason: string } =>
  from === null
    ? { code: "not-in-import", reason: "the file holds percentiles only, which cannot be taken apart by task" }
    : { code: "too-few-samples", reason: "no response of the tasks that both sides have was ok" };

/** `null` where the rows have responses and no distribution of them. */
const latencyOf = (
  rows: readonly RowSummary[],
  kind: "response" | "service",
  digits: Digits,
): LatencySummary | null => {
  const merged = mergeLatencies(
    rows.flatMap((row) => row[kind] ?? []),
    digits,
  );
  return merged !== null && merged.count === sum(rows, okOf) ? merged : null;
};

const pooledCounts = (rows: readonly RowSummary[]): Counts => {
  const parts = rows.map(({ counts }) => counts.parts);
  const known = parts.filter((one) => one !== null);
  const length = known[0]?.length ?? 0;
  return {
    events: sum(rows, ({ counts }) => counts.events),
    trials: sum(rows, ({ counts }) => counts.trials),
    parts:
      known.length < rows.length || known.some((one) => one.length !== length)
        ? null
        : Array.from({ length }, (_, at) => ({
            events: sum(known, (one) => one[at]?.events ?? 0),
            trials: sum(known, (one) => one[at]?.trials ?? 0),
          })),
  };
};

const requestsOf = ({ requests }: RowSummary): number => requests;
const okOf = ({ ok }: RowSummary): number => ok;
const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const withoutKeys = <T>(map: Readonly<Record<string, T>>, out: (id: string) => boolean): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(map).filter(([id]) => !out(id)));
