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

const latency = (id: string, prior: number, byDefault: MetricInfo["byDefault"] = null): MetricInfo => ({
  id,
  unit: "ms",
  family: "latency",
  worse: "up",
  source: id.startsWith("lambda-") ? "cloud" : "client",
  prior,
  byDefault,
});
const counts = (id: string, source: "client" | "cloud", byDefault: MetricInfo["byDefault"]): MetricInfo => ({
  id,
  unit: "share",
  family: "counts",
  worse: "up",
  source,
  prior: null,
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
  {
    id: "required-concurrency",
    unit: "environments",
    family: "level",
    worse: "up",
    source: "cloud",
    prior: 0.05,
    byDefault: gate("+10% and +2"),
  },
  {
    id: "concurrency-max",
    unit: "environments",
    family: "level",
    worse: "up",
    source: "cloud",
    prior: 0.2,
    byDefault: null,
  },
  {
    id: "cost-per-million",
    unit: "usd",
    family: "level",
    worse: "up",
    source: "cloud",
    prior: 0.05,
    byDefault: warn("+10%"),
  },
  latency("service-p50", 0.1),
  latency("service-p95", 0.15),
  latency("service-p99", 0.25),
  { id: "throughput", unit: "rps", family: "level", worse: "down", source: "client", prior: 0.1, byDefault: null },
  counts("dropped-rate", "client", warn("<= 1%")),
];

/** The row of a metric id without its `@scope`, or `undefined` when there is no such metric. */
export const metricInfo = (id: string): MetricInfo | undefined => METRICS.find((metric) => metric.id === id);
