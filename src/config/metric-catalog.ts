/**
 * Every metric the gate knows (SPEC section 12), one row each: its unit, which way is worse, its default limit and the
 * run-to-run spread that stands in for a history that is still too short (SPEC 12.1).
 */
export type MetricUnit = "ms" | "share" | "rps" | "environments" | "usd" | "count";

/** How a metric is compared: on a log scale, or as counts of events in a number of trials. */
export type MetricFamily = "latency" | "counts" | "level";

export type MetricInfo = {
  readonly id: string;
  readonly unit: MetricUnit;
  readonly family: MetricFamily;
  /** Which direction is a regression. */
  readonly worse: "up" | "down";
  readonly source: "client" | "cloud";
  /** SD of the log between runs of the same code; `null` for counts, which bring their own spread. */
  readonly prior: number | null;
  /** Observations that a quantile needs on each side (SPEC 12.1): `ok` responses, or invocations. 1 for everything else. */
  readonly minSamples: number;
  /** Default limit and role; `null` informs only. `history` is the role when the comparison is not paired. */
  readonly byDefault: {
    readonly limit: string;
    readonly paired: "gate" | "warn";
    readonly history: "gate" | "warn";
  } | null;
};

const gate = (limit: string) => ({ limit, paired: "gate", history: "gate" }) as const;
const warn = (limit: string) => ({ limit, paired: "warn", history: "warn" }) as const;
const pairedGate = (limit: string) => ({ limit, paired: "gate", history: "warn" }) as const;

const QUANTILE_NEEDS = [
  ["p50", 100],
  ["p90", 200],
  ["p95", 400],
  ["p99", 10_000],
] as const;
const minSamples = (id: string): number => QUANTILE_NEEDS.find(([quantile]) => id.endsWith(quantile))?.[1] ?? 1;

const latency = (id: string, prior: number, byDefault: MetricInfo["byDefault"] = null): MetricInfo => ({
  id,
  unit: "ms",
  family: "latency",
  worse: "up",
  source: id.startsWith("lambda-") ? "cloud" : "client",
  prior,
  minSamples: minSamples(id),
  byDefault,
});
const counts = (id: string, source: "client" | "cloud", byDefault: MetricInfo["byDefault"]): MetricInfo => ({
  id,
  unit: "share",
  family: "counts",
  worse: "up",
  source,
  prior: null,
  minSamples: 1,
  byDefault,
});
const level = (id: string, unit: MetricUnit, prior: number, byDefault: MetricInfo["byDefault"] = null): MetricInfo => ({
  id,
  unit,
  family: "level",
  worse: "up",
  source: "cloud",
  prior,
  minSamples: 1,
  byDefault,
});

/** In the order of every table and comment. Priors of the five first rows: SPEC 12.1; service times take those of response times. */
export const METRICS: readonly MetricInfo[] = [
  latency("p50", 0.1, gate("+10% and +5ms")),
  latency("p90", 0.12, warn("+15% and +10ms")),
  latency("p95", 0.15, pairedGate("+15% and +10ms")),
  latency("p99", 0.25),
  counts("failure-rate", "client", gate("+0.5pp and +7")),
  latency("lambda-duration", 0.05, gate("+10% and +3ms")),
  latency("lambda-duration-p50", 0.08),
  latency("lambda-duration-p95", 0.08, warn("+15% and +5ms")),
  latency("lambda-duration-p99", 0.08),
  counts("lambda-throttles", "cloud", gate("<= 0.1%")),
  counts("lambda-errors", "cloud", warn("+0.5pp")),
  counts("lambda-cold-starts", "cloud", warn("+5pp")),
  level("required-concurrency", "environments", 0.05, gate("+10% and +2")),
  level("concurrency-max", "environments", 0.2),
  level("cost-per-million", "usd", 0.05, warn("+10%")),
  latency("service-p50", 0.1),
  latency("service-p95", 0.15),
  latency("service-p99", 0.25),
  { ...level("throughput", "rps", 0.1), worse: "down", source: "client" },
  counts("dropped-rate", "client", warn("<= 1%")),
];

/** The row of a metric id without its `@scope`, or `undefined` when there is no such metric. */
export const metricInfo = (id: string): MetricInfo | undefined => METRICS.find((metric) => metric.id === id);

/** `p95@checkout` in its two parts; a scope may itself hold an `@`. */
export const splitMetricId = (id: string): { readonly metric: string; readonly scope: string | null } => {
  const at = id.indexOf("@");
  return at < 0 ? { metric: id, scope: null } : { metric: id.slice(0, at), scope: id.slice(at + 1) };
};

export const joinMetricId = (metric: string, scope: string | null): string =>
  scope === null ? metric : `${metric}@${scope}`;
