import type { Counts } from "./counts.ts";
import type { FrontEndFacts } from "./facts.ts";
import type { FrontEndRef } from "./front-end-ref.ts";
import type { FrontEnd } from "./front-ends.ts";
import type { MetricQuery, MetricValues } from "./queries.ts";

type Statistic = readonly [metric: string, statistic: string];

/** How a front end publishes; what is `null` it does not measure. */
type Published = {
  readonly namespace: string;
  /** CloudFront publishes in one region only. */
  readonly region?: string;
  readonly dimensions: (ref: { readonly name: string; readonly stage: string | null }) => Record<string, string>;
  readonly count: Statistic;
  /** From the request's arrival to the answer. */
  readonly latency: string | null;
  /** Waiting for what is behind. */
  readonly integration: string | null;
  /** Milliseconds in one unit of the two. */
  readonly unitMs: number;
  readonly clientErrors: readonly Statistic[];
  readonly serverErrors: readonly Statistic[];
  /** 5xx that the front end made itself. */
  readonly ownServerErrors: Statistic | null;
  readonly cacheHits: Statistic | null;
  /** Errors are given as percent of the requests. */
  readonly errorsInPercent?: true;
};

const api = (ref: { readonly stage: string | null }, name: Record<string, string>): Record<string, string> =>
  ref.stage === null ? name : { ...name, Stage: ref.stage };

const BALANCER: Published = {
  namespace: "AWS/ApplicationELB",
  dimensions: ({ name }) => ({ LoadBalancer: name }),
  count: ["RequestCount", "Sum"],
  latency: null,
  integration: "TargetResponseTime",
  unitMs: 1000,
  clientErrors: [
    ["HTTPCode_Target_4XX_Count", "Sum"],
    ["HTTPCode_ELB_4XX_Count", "Sum"],
  ],
  serverErrors: [
    ["HTTPCode_Target_5XX_Count", "Sum"],
    ["HTTPCode_ELB_5XX_Count", "Sum"],
  ],
  ownServerErrors: ["HTTPCode_ELB_5XX_Count", "Sum"],
  cacheHits: null,
};

/**
 * Names, units and dimensions by the metrics pages of API Gateway (REST and HTTP APIs use other names), Lambda (function
 * URLs), Elastic Load Balancing (seconds) and CloudFront (rates in percent, us-east-1 only).
 */
const PUBLISHED: Readonly<Record<FrontEnd, Published>> = {
  "rest-api": {
    namespace: "AWS/ApiGateway",
    dimensions: (ref) => api(ref, { ApiName: ref.name }),
    count: ["Count", "SampleCount"],
    latency: "Latency",
    integration: "IntegrationLatency",
    unitMs: 1,
    clientErrors: [["4XXError", "Sum"]],
    serverErrors: [["5XXError", "Sum"]],
    ownServerErrors: null,
    cacheHits: ["CacheHitCount", "Sum"],
  },
  "http-api": {
    namespace: "AWS/ApiGateway",
    dimensions: (ref) => api(ref, { ApiId: ref.name }),
    count: ["Count", "SampleCount"],
    latency: "Latency",
    integration: "IntegrationLatency",
    unitMs: 1,
    clientErrors: [["4xx", "Sum"]],
    serverErrors: [["5xx", "Sum"]],
    ownServerErrors: null,
    cacheHits: null,
  },
  "function-url": {
    namespace: "AWS/Lambda",
    dimensions: ({ name }) => ({ FunctionName: name }),
    count: ["UrlRequestCount", "Sum"],
    latency: "UrlRequestLatency",
    integration: null,
    unitMs: 1,
    clientErrors: [["Url4xxCount", "Sum"]],
    serverErrors: [["Url5xxCount", "Sum"]],
    ownServerErrors: null,
    cacheHits: null,
  },
  alb: BALANCER,
  "alb-ecs": BALANCER,
  cloudfront: {
    namespace: "AWS/CloudFront",
    region: "us-east-1",
    dimensions: ({ name }) => ({ DistributionId: name, Region: "Global" }),
    count: ["Requests", "Sum"],
    latency: null,
    integration: "OriginLatency",
    unitMs: 1,
    clientErrors: [["4xxErrorRate", "Average"]],
    serverErrors: [["5xxErrorRate", "Average"]],
    ownServerErrors: null,
    cacheHits: ["CacheHitRate", "Average"],
    errorsInPercent: true,
  },
};

const TIMES = [
  ["average", "Average"],
  ["p50", "p50"],
  ["p95", "p95"],
] as const;
const LONGEST = ["max", "Maximum"] as const;

type Named = FrontEndRef & { readonly name: string };

/** All questions about one front end. */
export const frontEndQueries = (ref: Named): readonly MetricQuery[] => {
  const how = PUBLISHED[ref.kind];
  const times = (
    figure: string,
    metric: string | null,
    of: readonly Statistic[],
  ): readonly (readonly [string, Statistic])[] =>
    metric === null ? [] : of.map(([name, statistic]) => [`${figure}_${name}`, [metric, statistic]]);
  const one = (figure: string, statistic: Statistic | null): readonly (readonly [string, Statistic])[] =>
    statistic === null ? [] : [[figure, statistic]];
  const asked = [
    ...one("count", how.count),
    ...times("latency", how.latency, TIMES),
    ...times("integration", how.integration, [...TIMES, LONGEST]),
    ...how.clientErrors.map((statistic, i) => [`client${i}`, statistic] as const),
    ...how.serverErrors.map((statistic, i) => [`server${i}`, statistic] as const),
    ...one("own", how.ownServerErrors),
    ...one("cached", how.cacheHits),
  ];
  return asked.map(([figure, [metric, statistic]]) => ({
    id: `fe_${figure}`,
    namespace: how.namespace,
    metric,
    dimensions: how.dimensions(ref),
    statistic,
    ...(how.region === undefined ? {} : { region: how.region }),
  }));
};

/** How often a front end of this name was asked: the one question that tells which of several it is. */
export const countQuery = (ref: Named, id: string): MetricQuery => {
  const { namespace, dimensions, count } = PUBLISHED[ref.kind];
  const [metric, statistic] = count;
  return { id, namespace, metric, dimensions: dimensions(ref), statistic };
};

/** The one question that shows whether CloudWatch may be asked at all; without a name it finds no datapoint. */
export const accessQueries = (ref: FrontEndRef): readonly MetricQuery[] =>
  frontEndQueries({ ...ref, name: ref.name ?? "unknown" }).slice(0, 1);

/** How far its own count has come, for the wait. */
export const frontEndCounts = (values: MetricValues): Counts => {
  const seen = values["fe_count"] ?? null;
  const figures = Object.entries(values).filter(([id]) => id.startsWith("fe_"));
  return { seen, missing: [], absent: [], signature: JSON.stringify(figures) };
};

/**
 * Its figures as facts. Counts of errors that have no datapoint beside requests that were counted are 0: load balancers
 * publish only what happened. `comparable`: no other traffic was in its count, so that its times are those of our requests.
 */
export const frontEndFacts = (ref: FrontEndRef, values: MetricValues, comparable: boolean): FrontEndFacts => {
  const how = PUBLISHED[ref.kind];
  const at = (figure: string): number | null => values[`fe_${figure}`] ?? null;
  const count = at("count");
  const errors = (figure: string, of: readonly Statistic[]): number | null => {
    if (count === null) return null;
    const sum = of.reduce((total, _, i) => total + (at(`${figure}${i}`) ?? 0), 0);
    return how.errorsInPercent === true ? Math.round((sum / 100) * count) : sum;
  };
  const ms = (name: string): number | null => scaled(at(name), how.unitMs);
  const times = (figure: string): FrontEndFacts["latencyMs"] =>
    !comparable || at(`${figure}_average`) === null
      ? null
      : { average: ms(`${figure}_average`), p50: ms(`${figure}_p50`), p95: ms(`${figure}_p95`) };
  const waited = times("integration");
  return {
    kind: ref.kind,
    name: ref.name === null || ref.stage === null ? ref.name : `${ref.name}/${ref.stage}`,
    count,
    latencyMs: times("latency"),
    integrationLatencyMs: waited === null ? null : { ...waited, max: ms("integration_max") },
    clientErrors: errors("client", how.clientErrors),
    serverErrors: errors("server", how.serverErrors),
    ownServerErrors: how.ownServerErrors === null || count === null ? null : (at("own") ?? 0),
    cacheHits: cacheHits(how, { count, hits: at("cached") }),
  };
};

const cacheHits = (
  { cacheHits: asked, errorsInPercent }: Published,
  { count, hits }: { readonly count: number | null; readonly hits: number | null },
): number | null => {
  if (asked === null || hits === null) return null;
  return errorsInPercent === true ? (count === null ? null : Math.round((hits / 100) * count)) : hits;
};

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
