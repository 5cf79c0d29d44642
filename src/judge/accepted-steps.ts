import type { MetricInfo } from "../config/metric-catalog.ts";
import { isWithin } from "../record/acceptance.ts";
import type { RunSummary } from "../record/summary.ts";

/**
 * Where new plateaus begin, when what was accepted begins one at once: nobody has to wait for five runs to hold before
 * the next change is compared with the level that was agreed on. `find` looks for the other steps within each part.
 */
export const stepsAround = (
  id: string,
  runs: readonly RunSummary[],
  find: (part: readonly RunSummary[]) => readonly number[],
): readonly number[] => {
  const cuts = runs.flatMap((run, at) => (at > 0 && isNamed(run, id) ? [at] : []));
  const starts = [0, ...cuts];
  const found = starts.flatMap((start, i) => find(runs.slice(start, starts[i + 1])).map((index) => start + index));
  return [...cuts, ...found].toSorted((a, b) => a - b);
};

/** Whether the step at `cut` is one that somebody accepted: there or one run beside, where noise may have put it. */
export const isAcceptedStep = (
  { id, info }: { readonly id: string; readonly info: MetricInfo },
  runs: readonly RunSummary[],
  step: { readonly cut: number; readonly before: number; readonly after: number },
): boolean =>
  runs.slice(Math.max(0, step.cut - 1), step.cut + 2).some((run) => {
    const size = isNamed(run, id) ? run.accepted?.metrics[id] : undefined;
    return size !== undefined && isWithin(size, { base: step.before, head: step.after }, info);
  });

const isNamed = ({ accepted }: RunSummary, id: string): boolean =>
  accepted !== undefined && Object.hasOwn(accepted.metrics, id);
