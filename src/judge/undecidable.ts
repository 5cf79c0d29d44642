import type { Problem } from "../errors.ts";
import { type Comparison, isAbsolute } from "./comparison.ts";
import type { Measured, Question } from "./measured.ts";
import { percent, points } from "./wording.ts";

/**
 * Gating limits that are tighter than the noise: a head that is equal to the base could not pass them. `detectable` as in
 * the result.
 */
export const undecidableLimits = (
  question: Question,
  measured: Measured,
  { paired, detectable }: { readonly paired: boolean; readonly detectable: number | null },
): readonly Problem[] => {
  if (measured.kind !== "observed" || measured.against.kind !== "compared") return [];
  const { comparison } = measured.against;
  const text = comparison.change.kind === "ratio" ? percent : points;
  const sight = detectable === null ? "no change is detectable" : `detectable ${text(detectable).slice(1)}`;
  const ways = [...(paired ? [] : ["paired mode"]), widerLimit(question, comparison)].join(" or ");
  return question.limits
    .filter(({ role, terms }) => role === "gate" && !terms.some(isAbsolute) && !isDecidable(comparison, terms))
    .map((limit) => ({
      code: "limit-not-decidable",
      severity: "note",
      message: `${question.id}: ${limit.text} cannot be decided here: ${sight}; use ${ways}.`,
      hint: paired
        ? "More rounds sharpen the comparison, down to what two deployments of the same code differ by."
        : "More runs of the base branch sharpen the comparison; paired mode does so at once.",
    }));
};

const isDecidable = ({ undecidable, effective }: Comparison, terms: Parameters<Comparison["effective"]>[0]): boolean =>
  undecidable < Math.abs(effective(terms));

/** The next round limit that a head equal to the base could pass. */
const widerLimit = ({ info }: Question, { undecidable, change }: Comparison): string => {
  if (change.kind === "points") return `+${above(undecidable * 100, 0.5)}pp`;
  const share = above(undecidable * 100, 5);
  if (info.worse === "up") return `+${share}%`;
  return share < 100 ? `-${share}%` : "a wider limit";
};

const above = (value: number, step: number): number => (Math.floor(value / step) + 1) * step;
