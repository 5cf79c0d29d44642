import type { FunctionRef } from "../../../src/cloud/cloud.ts";
import { buildQueries, type Figure, type MetricAnswer, type MetricValues } from "../../../src/cloud/queries.ts";

export const orders: FunctionRef = { label: "orders", name: "orders", qualifier: null, region: null };
export const live: FunctionRef = { label: "orders:live", name: "orders", qualifier: "live", region: null };
export const cart: FunctionRef = { label: "cart", name: "cart", qualifier: null, region: null };

/** What CloudWatch has of one function; a figure that is left out has no datapoint. */
export type Figures = Partial<Record<Figure, number>>;

/** A function with so many invocations, all of its figures there. */
export const served = (invocations: number, change: Figures = {}): Figures => ({
  invocations,
  errors: 0,
  throttles: 0,
  duration_average: 12,
  duration_p50: 11,
  duration_p90: 15,
  duration_p95: 18,
  duration_p99: 30,
  duration_max: 55,
  duration_samples: invocations,
  concurrency_max: 4,
  ...change,
});

/** The values of a poll, by the ids of the real queries; `null` stands for every figure that was left out. */
export const valuesOf = (functions: readonly FunctionRef[], figures: readonly Figures[]): MetricValues =>
  Object.fromEntries(
    buildQueries(functions).map(({ id }) => {
      const [, index = "0", figure = ""] = /^f(\d+)_(.+)$/.exec(id) ?? [];
      const given = Object.entries(figures[Number(index)] ?? {}).find(([name]) => name === figure);
      return [id, given?.[1] ?? null];
    }),
  );

export const answerOf = (
  functions: readonly FunctionRef[],
  figures: readonly Figures[],
  messages: readonly string[] = [],
): MetricAnswer => ({ kind: "values", values: valuesOf(functions, figures), messages });
