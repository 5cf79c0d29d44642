import type { Baseline } from "../baseline/baseline.ts";
import type { Problem } from "../errors.ts";
import type { LoadResult } from "../load/result.ts";
import { failingWithoutBaseline } from "../target/run-validity.ts";

/** What fails against a healthy baseline proves nothing without one. A run that is invalid already needs no second reason. */
export const withoutBaseline = (
  baseline: Baseline,
  load: LoadResult,
  problems: readonly Problem[],
): readonly Problem[] => {
  if (baseline.kind === "found" || problems.some((problem) => problem.severity === "invalid")) return [];
  const failing = failingWithoutBaseline(load);
  return failing === null ? [] : [failing];
};
