import type { Limit, LimitTerm } from "../config/limits.ts";
import type { Change, Evidence, MetricJudgement } from "../judge/verdict.ts";
import type { Range } from "./report.ts";

/**
 * How much of its limit a metric uses. All conditions of a limit must be exceeded, so the one that is exceeded last counts;
 * of several limits the one that is used most. `null` without a limit, or without a figure to compare with it.
 */
export const rangeOf = ({ limits, finding }: MetricJudgement): Range | null => {
  if (!("evidence" in finding)) return null;
  const ranges = limits.map((limit) => rangeAgainst(limit, finding.evidence)).filter((range) => range !== null);
  return ranges.toSorted((a, b) => b.estimate - a.estimate)[0] ?? null;
};

const rangeAgainst = ({ terms }: Limit, evidence: Evidence): Range | null => {
  const fixed = terms.map((term) => fixedUse(term, evidence.head)).find((use) => use !== null);
  if (fixed !== undefined) return { estimate: fixed, low: fixed, high: fixed };
  const { change } = evidence;
  if (change === null) return null;
  const steps = terms.map((term) => stepOf(term, change, evidence)).filter((step) => step !== null);
  const step = steps.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0];
  if (step === undefined || step === 0 || !Number.isFinite(step)) return null;
  const [estimate, one, other] = positions(change).map((position) => position / step);
  if (estimate === undefined || one === undefined || other === undefined) return null;
  return { estimate, low: Math.min(one, other), high: Math.max(one, other) };
};

/** `<= 500ms`: 0 is nothing, 1 the bound. `>= 100`: 1 the bound, what is missing lies beyond it. */
const fixedUse = (term: LimitTerm, head: number): number | null => {
  if (term.kind === "at-most") return term.value > 0 ? head / term.value : head > 0 ? 2 : 0;
  if (term.kind === "at-least") return term.value > 0 ? 2 - head / term.value : 0;
  return null;
};

/** Estimate and bounds on the scale on which equal steps are equal changes: the logarithm of a ratio, or points. */
const positions = (change: Change): readonly number[] =>
  change.kind === "ratio"
    ? [change.ratio, change.low, change.high].map((ratio) => Math.log(Math.max(ratio, Number.MIN_VALUE)))
    : [change.points, change.low, change.high];

/** The limit on the same scale; negative where less is worse. */
const stepOf = (term: LimitTerm, change: Change, { base, headSamples }: Evidence): number | null => {
  switch (term.kind) {
    case "relative":
      return change.kind === "ratio" ? Math.log(1 + term.share) : null;
    case "points":
      return change.kind === "points" ? term.points : null;
    case "amount":
      // Of counts it is a number of events, which are a share of the head's own trials.
      if (change.kind === "points") return headSamples > 0 ? term.amount / headSamples : null;
      return base !== null && base > 0 ? Math.log(Math.max(1 + term.amount / base, Number.MIN_VALUE)) : null;
    case "at-most":
    case "at-least":
      return null;
  }
};
