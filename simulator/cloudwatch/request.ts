/** The body of GetMetricData, checked as CloudWatch checks it. */
import type { Dimensions } from "./samples.ts";
import { type Statistic, statisticOf } from "./statistics.ts";

export type MetricQuery = {
  readonly id: string;
  readonly label: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly periodMs: number;
  readonly statistic: Statistic;
  readonly statisticName: string;
  readonly unit: string | undefined;
};

export type MetricDataRequest = {
  readonly queries: readonly MetricQuery[];
  readonly startMs: number;
  readonly endMs: number;
  readonly descending: boolean;
  readonly maxDatapoints: number;
  readonly nextToken: string | undefined;
};

/** Becomes a 400 ValidationError. */
export class ValidationError extends Error {
  override readonly name = "ValidationError";
}

type DimensionBody = { readonly Name?: string; readonly Value?: string };

type QueryBody = {
  readonly Id?: string;
  readonly Label?: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric?: {
      readonly Namespace?: string;
      readonly MetricName?: string;
      readonly Dimensions?: readonly DimensionBody[];
    };
    readonly Period?: number;
    readonly Stat?: string;
    readonly Unit?: string;
  };
};

type RequestBody = {
  readonly MetricDataQueries?: readonly QueryBody[];
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly ScanBy?: string;
  readonly MaxDatapoints?: number;
  readonly NextToken?: string;
};

/** Throws `ValidationError`. */
export function parseMetricDataRequest(value: unknown): MetricDataRequest {
  const body = value as RequestBody;
  const queries = (body.MetricDataQueries ?? []).map(parseQuery);
  demand(queries.length >= 1 && queries.length <= 500, "MetricDataQueries must have 1 to 500 members");
  demand(new Set(queries.map(({ id }) => id)).size === queries.length, "the ids of MetricDataQueries must differ");
  const { StartTime, EndTime, MaxDatapoints = 100_800 } = body;
  demand(typeof StartTime === "number" && typeof EndTime === "number", "StartTime and EndTime are epoch seconds");
  demand(EndTime > StartTime, "EndTime must be greater than StartTime");
  return {
    queries,
    startMs: StartTime * 1000,
    endMs: EndTime * 1000,
    descending: body.ScanBy !== "TimestampAscending",
    maxDatapoints: MaxDatapoints,
    nextToken: body.NextToken,
  };
}

/** The dimensions of a request as a map. */
export const dimensionsOf = (list: readonly DimensionBody[] = []): Dimensions =>
  Object.fromEntries(list.map(({ Name = "", Value = "" }) => [Name, Value]));

function parseQuery({ Id = "", Label, Expression, MetricStat }: QueryBody): MetricQuery {
  demand(/^[a-z][A-Za-z0-9_]*$/.test(Id), `the query id "${Id}" must start with a lower-case letter`);
  demand(Expression === undefined, "the simulator does not do metric math");
  const { Metric, Period = 0, Stat = "", Unit } = MetricStat ?? {};
  demand(Metric?.Namespace !== undefined && Metric.MetricName !== undefined, `query ${Id} names no metric`);
  demand(Period > 0 && Period % 60 === 0, `the period of query ${Id} must be a multiple of 60`);
  const statistic = statisticOf(Stat);
  demand(statistic !== undefined, `query ${Id} asks for the unknown statistic "${Stat}"`);
  return {
    id: Id,
    label: Label ?? Metric.MetricName,
    namespace: Metric.Namespace,
    metric: Metric.MetricName,
    dimensions: dimensionsOf(Metric.Dimensions),
    periodMs: Period * 1000,
    statistic,
    statisticName: Stat,
    unit: Unit,
  };
}

function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ValidationError(message);
}
