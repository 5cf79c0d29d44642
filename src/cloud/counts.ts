import type { FunctionRef } from "./cloud.ts";
import { figureOf, type MetricValues } from "./queries.ts";

/** What one poll says about how far AWS has come. */
export type Counts = {
  /** Invocations + Throttles; `null` while AWS has neither. */
  readonly seen: number | null;
  /** Labels of functions without Invocations (or Throttles in their place), or with invocations but no Duration. */
  readonly missing: readonly string[];
  /** Those of them that have no datapoint at all: not called, or not yet counted, or counted by another name. */
  readonly absent: readonly string[];
  /** Equal in two polls: nothing has arrived in between. */
  readonly signature: string;
};

export const readCounts = (functions: readonly FunctionRef[], values: MetricValues): Counts => {
  const rows = functions.map((ref, index) => ({
    label: ref.label,
    counted: !isPartOfAnother(ref, index, functions),
    invocations: figureOf(values, index, "invocations"),
    throttles: figureOf(values, index, "throttles"),
    errors: figureOf(values, index, "errors"),
    samples: figureOf(values, index, "duration_samples"),
    average: figureOf(values, index, "duration_average"),
  }));
  const counts = rows
    .filter((row) => row.counted)
    .flatMap((row) => [row.invocations, row.throttles])
    .filter((count) => count !== null);
  return {
    seen: counts.length === 0 ? null : counts.reduce((total, count) => total + count, 0),
    missing: rows.filter(isMissing).map((row) => row.label),
    absent: rows.filter(isAbsent).map((row) => row.label),
    signature: JSON.stringify(rows),
  };
};

type Row = { readonly invocations: number | null; readonly throttles: number | null; readonly average: number | null };

/** Throttles alone are an answer too: a function with a reserved concurrency of 0 publishes nothing else. */
const isMissing = ({ invocations, throttles, average }: Row): boolean =>
  invocations === null ? (throttles ?? 0) === 0 : invocations > 0 && average === null;

const isAbsent = ({ invocations, throttles, average }: Row): boolean =>
  invocations === null && throttles === null && average === null;

/** An alias beside its whole function, or a function named twice, would be counted twice. */
const isPartOfAnother = (ref: FunctionRef, index: number, functions: readonly FunctionRef[]): boolean =>
  functions.some(
    (other, at) =>
      other.name === ref.name &&
      ((other.qualifier === null && ref.qualifier !== null) || (other.qualifier === ref.qualifier && at < index)),
  );
