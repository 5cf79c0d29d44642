/** GetMetricData and ListMetrics over the ledgers, with paging. */
import { cloudfrontNamespace, cloudfrontRegion } from "./cloudfront-rows.ts";
import type { MetricDataRequest, MetricQuery } from "./request.ts";
import { dimensionsOf, ValidationError } from "./request.ts";
import { metricRows } from "./rows.ts";
import { type Dimensions, type MetricSource, publicationsOf, type Sample, visible } from "./samples.ts";
import type { CloudwatchSettings, ConstantMetric } from "./settings.ts";
import { type Point, pointsOf, type Window } from "./statistics.ts";

export type Cloud = {
  readonly sources: readonly MetricSource[];
  readonly settings: CloudwatchSettings;
  /** That the call was signed for. */
  readonly region: string | null;
  /** Epoch milliseconds. */
  readonly nowMs: number;
};

type MetricDataResult = {
  readonly Id: string;
  readonly Label: string;
  readonly Timestamps: readonly number[];
  readonly Values: readonly number[];
  readonly StatusCode: "Complete" | "PartialData" | "InternalError" | "Forbidden";
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
  const { message, forbidden } = cloud.settings;
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
      StatusCode: forbidden ? "Forbidden" : position > pageEnd ? "PartialData" : "Complete",
    };
  });
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

/** The answer cut to its first half, with `StatusCode: PartialData` and no way to ask for the rest. */
export const partialData = ({ MetricDataResults, Messages }: MetricDataAnswer): MetricDataAnswer => ({
  MetricDataResults: MetricDataResults.map((result) => ({
    ...result,
    Timestamps: result.Timestamps.slice(0, Math.floor(result.Timestamps.length / 2)),
    Values: result.Values.slice(0, Math.floor(result.Values.length / 2)),
    StatusCode: "PartialData",
  })),
  Messages,
});

function seriesOf(query: MetricQuery, request: MetricDataRequest, cloud: Cloud): readonly Point[] {
  const { settings, sources, nowMs, region } = cloud;
  if (query.namespace === cloudfrontNamespace && region !== cloudfrontRegion) return [];
  if (settings.empty || settings.forbidden) return [];
  const window = { startMs: request.startMs, endMs: request.endMs, periodMs: query.periodMs };
  const constant = settings.constants.find((one) => isAsked(one, query));
  if (constant !== undefined) {
    const value = constant.statistics?.[query.statisticName];
    return value === undefined ? [] : [{ atMs: Math.floor(window.startMs / 60_000) * 60_000, value }];
  }
  const rows = metricRows.filter(({ namespace, metric }) => namespace === query.namespace && metric === query.metric);
  if (query.unit !== undefined && rows.some(({ unit }) => unit !== query.unit)) return [];
  const own = rows
    .flatMap((row) => sources.flatMap((source) => publicationsOf(row, source)))
    .filter(({ dimensions }) => sameDimensions(dimensions, query.dimensions))
    .flatMap(({ samples }) => visible(samples(settings), settings, nowMs));
  const counted = [...own, ...foreignSamples(own, query, { window, settings })];
  const copies = Array.from({ length: settings.copies }, () => counted).flat();
  return pointsOf(copies, window, query.statistic);
}

/** Invocations that somebody else made, at the time of the window's first own one. */
function foreignSamples(
  own: readonly Sample[],
  { namespace, metric, dimensions }: MetricQuery,
  { window, settings }: { readonly window: Window; readonly settings: CloudwatchSettings },
): readonly Sample[] {
  const counts = namespace === "AWS/Lambda" && metric === "Invocations" && "FunctionName" in dimensions;
  if (!counts || settings.foreignInvocations === 0) return [];
  const startMs = Math.floor(window.startMs / 60_000) * 60_000;
  const first = own.find(({ atMs }) => atMs >= startMs && atMs < window.endMs);
  return first === undefined ? [] : Array.from({ length: settings.foreignInvocations }, () => first);
}

const isAsked = (constant: ConstantMetric, query: MetricQuery): boolean =>
  constant.namespace === query.namespace &&
  constant.metric === query.metric &&
  sameDimensions(constant.dimensions ?? {}, query.dimensions);

type ListMetricsBody = {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
};

type Listed = { readonly namespace: string; readonly metric: string; readonly dimensions: Dimensions };

/** The metrics that have a visible sample, or a constant, and match the filter. */
export function listMetrics(value: unknown, { sources, settings, nowMs }: Cloud): unknown {
  const { Namespace, MetricName, Dimensions = [] } = value as ListMetricsBody;
  const wanted = dimensionsOf(Dimensions.filter(({ Value }) => Value !== undefined));
  const names = Dimensions.map(({ Name = "" }) => Name);
  const matches = ({ namespace, metric, dimensions }: Listed): boolean =>
    (Namespace === undefined || namespace === Namespace) &&
    (MetricName === undefined || metric === MetricName) &&
    names.every((name) => name in dimensions) &&
    Object.entries(wanted).every(([name, text]) => dimensions[name] === text);
  const published = metricRows.flatMap(({ namespace, metric, ...row }) =>
    sources
      .flatMap((source) => publicationsOf(row, source))
      .filter(({ dimensions }) => matches({ namespace, metric, dimensions }))
      .filter(({ samples }) => visible(samples(settings), settings, nowMs).length > 0)
      .map(({ dimensions }) => ({ namespace, metric, dimensions })),
  );
  const constants = settings.constants.map(({ namespace = "", metric = "", dimensions = {} }) => ({
    ...{ namespace, metric, dimensions },
  }));
  const listed = settings.empty ? [] : [...constants.filter(matches), ...published];
  return {
    Metrics: listed.filter((one, index) => listed.findIndex((other) => sameMetric(one, other)) === index).map(bodyOf),
  };
}

const sameMetric = (a: Listed, b: Listed): boolean =>
  a.namespace === b.namespace && a.metric === b.metric && sameDimensions(a.dimensions, b.dimensions);

const bodyOf = ({ namespace, metric, dimensions }: Listed): unknown => ({
  Namespace: namespace,
  MetricName: metric,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
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
