import { levelsOf } from "./conclude.ts";
import { type JudgeInput, measureRuns } from "./judge.ts";
import { evidenceOf } from "./metric.ts";
import { undecidableLimits } from "./undecidable.ts";

/**
 * Limits of the user's that the base's own noise leaves undecidable, as sentences. Known before the load: the base's newest run stands in
 * for the head, whose figures do not matter to how sharp the comparison can be. Without a base nothing is foreseen.
 */
export const foreseenUndecidable = (input: Omit<JudgeInput, "heads">): readonly string[] => {
  const newest = input.baseline.kind === "found" ? input.baseline.runs.at(-1) : undefined;
  if (newest === undefined) return [];
  const { measurements } = measureRuns({ ...input, heads: [newest] });
  const levels = levelsOf(measurements, () => 1);
  return measurements.flatMap((measurement) => {
    const { question, measured } = measurement;
    if (measured.kind === "gap") return [];
    const { detectable } = evidenceOf(question, measured, levels(measurement).sure);
    const own = { ...question, limits: question.limits.filter(({ origin }) => origin === "user") };
    return undecidableLimits(own, measured, { paired: false, detectable }).map(({ message }) => message);
  });
};
