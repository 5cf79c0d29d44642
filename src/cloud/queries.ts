import type { FunctionRef } from "./cloud.ts";

/** One statistic of one metric with its exact dimension set, over one bucket that is the whole window. */
export type MetricQuery = {
  /** Unique within a request: starts with a lower-case letter, letters, digits and underscores. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, `p95` ... */
  readonly statistic: string;
  /** Where the metric is published if not where everything else is. */
  readonly region?: string;
};

/** Query id to value; `null` where CloudWatch has no datapoint. */
export type MetricValues = Readonly<Record<string, number | null>>;

export type MetricAnswer =
  | { readonly kind: "values"; readonly values: MetricValues; readonly messages: readonly string[] }
  /** Asking again cannot help: no permission, no credentials, no region. */
  | { readonly kind: "denied"; readonly reason: string }
  /** Asking again may help: throttled, a failing service, a network error. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** What is asked about each function. ConcurrentExecutions is a level: only its maximum means anything. */
const FIGURES = {
  invocations: ["Invocations", "Sum"],
  errors: ["Errors", "Sum"],
  throttles: ["Throttles", "Sum"],
  duration_average: ["Duration", "Average"],
  duration_p50: ["Duration", "p50"],
  duration_p90: ["Duration", "p90"],
  duration_p95: ["Duration", "p95"],
  duration_p99: ["Duration", "p99"],
  duration_max: ["Duration", "Maximum"],
  duration_samples: ["Duration", "SampleCount"],
  concurrency_max: ["ConcurrentExecutions", "Maximum"],
} as const;

/** Asked about aliases and versions only: whole functions have no provisioned concurrency. */
const PROVISIONED_FIGURES = {
  provisioned_invocations: ["ProvisionedConcurrencyInvocations", "Sum"],
  provisioned_spillover: ["ProvisionedConcurrencySpilloverInvocations", "Sum"],
  provisioned_utilisation: ["ProvisionedConcurrencyUtilization", "Maximum"],
} as const;

export type Figure = keyof typeof FIGURES | keyof typeof PROVISIONED_FIGURES;

/**
 * All questions about all functions, in the order of `functions`. A whole function is published under `FunctionName`
 * alone, an alias or version under `FunctionName` and `Resource` = `name:qualifier`; a set that nobody publishes answers
 * with an empty series and no error (AWS Lambda metrics, "Dimensions").
 */
export const buildQueries = (functions: readonly FunctionRef[]): readonly MetricQuery[] =>
  functions.flatMap((ref, index) =>
    Object.entries(ref.qualifier === null ? FIGURES : { ...FIGURES, ...PROVISIONED_FIGURES }).map(
      ([figure, [metric, statistic]]) => ({
        id: `f${index}_${figure}`,
        namespace: "AWS/Lambda",
        metric,
        dimensions: dimensionsOf(ref),
        statistic,
      }),
    ),
  );

/** What of the account's concurrency is spoken for: published for the whole region, under no dimensions. */
export const ACCOUNT_QUERY: MetricQuery = {
  id: "account_claimed",
  namespace: "AWS/Lambda",
  metric: "ClaimedAccountConcurrency",
  dimensions: {},
  statistic: "Maximum",
};

/** One figure of the function at `index` of the list that `buildQueries` was given. */
export const figureOf = (values: MetricValues, index: number, figure: Figure): number | null =>
  values[`f${index}_${figure}`] ?? null;

const dimensionsOf = ({ name, qualifier }: FunctionRef): Readonly<Record<string, string>> =>
  qualifier === null ? { FunctionName: name } : { FunctionName: name, Resource: `${name}:${qualifier}` };
