import type { FunctionMetrics, FunctionRef } from "./cloud.ts";
import { type Figure, figureOf, type MetricValues } from "./queries.ts";

/**
 * What CloudWatch answered, per function. Missing stays `null`, with one exception: where Invocations has a figure, a
 * silent Errors or Throttles series is 0, because older Lambda publishes only what is not zero. The other way round,
 * throttles without invocations, is 0 invocations only when `reconciled`: the throttles account for every request.
 */
export const aggregate = (
  functions: readonly FunctionRef[],
  values: MetricValues,
  reconciled: boolean,
): readonly FunctionMetrics[] =>
  functions.map((ref, index) => {
    const figure = (name: Figure): number | null => figureOf(values, index, name);
    const throttles = figure("throttles");
    const invocations = figure("invocations") ?? (reconciled && throttles !== null ? 0 : null);
    const quiet = invocations === null ? null : 0;
    return {
      function: ref.label,
      invocations,
      errors: figure("errors") ?? quiet,
      throttles: throttles ?? quiet,
      duration: {
        average: figure("duration_average"),
        p50: figure("duration_p50"),
        p90: figure("duration_p90"),
        p95: figure("duration_p95"),
        p99: figure("duration_p99"),
        max: figure("duration_max"),
      },
      concurrencyMax: figure("concurrency_max"),
      ...provisionedOf(figure),
    };
  });

/** CloudWatch publishes these only while provisioned concurrency is there and used. */
const provisionedOf = (figure: (name: Figure) => number | null): Pick<FunctionMetrics, "provisioned"> => {
  const provisioned = {
    invocations: figure("provisioned_invocations"),
    spillover: figure("provisioned_spillover"),
    utilisationMax: figure("provisioned_utilisation"),
  };
  return Object.values(provisioned).every((value) => value === null) ? {} : { provisioned };
};
