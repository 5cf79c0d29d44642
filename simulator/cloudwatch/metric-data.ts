/** GetMetricData and ListMetrics over the ledgers, with paging. */
import type { MetricDataRequest, MetricQuery } from "./request.ts";
import { dimensionsOf, ValidationError } from "./request.ts";
import { type Dimensions, dimensionSets, type MetricSource, metricNames, unitOf, visibleSamples } from "./samples.ts";
import type { CloudwatchSettings } from "./settings.ts";
import { type Point, pointsOf } from "./statistics.ts";

export type Cloud = {
  readonly sources: readonly MetricSource[];
  readonly settings: CloudwatchSettings;
  /** Epoch milliseconds. */
  readonly nowMs: number;
};

type MetricDataResult = {
  readonly Id: string;
  readonly Label: string;
  readonly Timestamps: readonly number[];
  readonly Values: readonly number[];
  readonly StatusCode: "Complete" | "PartialData" | "InternalError";
};

export type MetricDataAnswer = {
  readonly MetricDataResults: readonly MetricDataResult[];
  readonly Messages: readonly { readonly Code: string; readonly Value: string }[];
  readonly NextToken?: string;
};

/** One page of the answer. Every page names every query; a series that goes on is `PartialData`. */
export function metricData(request: MetricDataRequest, cloud: Cloud): MetricDataAnswer {
  // Later pages see what the first one saw: the token carries its moment.
  const { offset, asOfMs } = readToken(request.nextToken, cloud.nowMs);
  const pageEnd = offset + Math.min(request.maxDatapoints, cloud.settings.pageSize ?? Number.POSITIVE_INFINITY);
  let position = 0;
  const results = request.queries.map((query): MetricDataResult => {
    const oldestFirst = seriesOf(query, request, { ...cloud, nowMs: asOfMs });
    const series = request.descending ? oldestFirst.toReversed() : oldestFirst;
    const start = position;
    position += series.length;
    const page = series.slice(Math.max(0, offset - start), Math.max(0, pageEnd - start));
    return {
      Id: query.id,
      Label: query.label,
      Timestamps: page.map(({ atMs }) => atMs / 1000),
      Values: page.map(({ value }) => value),
      StatusCode: position > pageEnd ? "PartialData" : "Complete",
    };
  });
  const { message } = cloud.settings;
  return {
    MetricDataResults: results,
    Messages: message === null ? [] : [{ Code: "Simulated", Value: message }],
    ...(position > pageEnd && { NextToken: writeToken({ offset: pageEnd, asOfMs }) }),
  };
}

/** Every query answered with `StatusCode: InternalError` and no values. */
export const internalErrorData = ({ queries }: MetricDataRequest): MetricDataAnswer => ({
  MetricDataResults: queries.map(({ id, label }) => ({
    ...{ Id: id, Label: label, Timestamps: [], Values: [] },
    StatusCode: "InternalError",
  })),
  Messages: [],
});

function seriesOf(query: MetricQuery, request: MetricDataRequest, cloud: Cloud): readonly Point[] {
  if (query.namespace !== "AWS/Lambda") return [];
  if (query.unit !== undefined && query.unit !== unitOf(query.metric)) return [];
  const source = cloud.sources.find((one) => dimensionSets(one).some((set) => sameDimensions(set, query.dimensions)));
  if (source === undefined) return [];
  const window = { startMs: request.startMs, endMs: request.endMs, periodMs: query.periodMs };
  const own = visibleSamples(source, query.metric, cloud.settings, cloud.nowMs);
  if (query.metric !== "Invocations") return pointsOf(own, window, query.statistic);
  const startMs = Math.floor(window.startMs / 60_000) * 60_000;
  const first = own.find(({ atMs }) => atMs >= startMs && atMs < window.endMs);
  const foreign = first === undefined ? [] : Array.from({ length: cloud.settings.foreignInvocations }, () => first);
  return pointsOf([...own, ...foreign], window, query.statistic);
}

type ListMetricsBody = {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
};

/** The metrics that have a visible sample and match the filter. */
export function listMetrics(value: unknown, { sources, settings, nowMs }: Cloud): unknown {
  const { Namespace = "AWS/Lambda", MetricName, Dimensions = [] } = value as ListMetricsBody;
  const wanted = dimensionsOf(Dimensions.filter(({ Value }) => Value !== undefined));
  const names = Dimensions.map(({ Name = "" }) => Name);
  const matches = (set: Dimensions): boolean =>
    names.every((name) => name in set) && Object.entries(wanted).every(([name, text]) => set[name] === text);
  const metrics = (Namespace === "AWS/Lambda" ? sources : []).flatMap((source) =>
    metricNames
      .filter((name) => MetricName === undefined || name === MetricName)
      .filter((name) => visibleSamples(source, name, settings, nowMs).length > 0)
      .flatMap((name) =>
        dimensionSets(source)
          .filter(matches)
          .map((set) => metricOf(name, set)),
      ),
  );
  return { Metrics: metrics };
}

const metricOf = (name: string, set: Dimensions): unknown => ({
  Namespace: "AWS/Lambda",
  MetricName: name,
  Dimensions: Object.entries(set).map(([Name, Value]) => ({ Name, Value })),
});

const sameDimensions = (set: Dimensions, asked: Dimensions): boolean =>
  Object.keys(set).length === Object.keys(asked).length &&
  Object.entries(set).every(([name, value]) => asked[name] === value);

type PageToken = { readonly offset: number; readonly asOfMs: number };

const writeToken = (token: PageToken): string => btoa(JSON.stringify(token));

function readToken(token: string | undefined, nowMs: number): PageToken {
  if (token === undefined) return { offset: 0, asOfMs: nowMs };
  try {
    return JSON.parse(atob(token)) as PageToken;
  } catch (cause) {
    throw new ValidationError("invalid NextToken", { cause });
  }
}
