import type { Limit } from "../config/limits.ts";
import type { Comparison } from "./comparison.ts";
import type { Outcome } from "./decide.ts";
import type { StrictLevels } from "./levels.ts";
import type { Measured, Question } from "./measured.ts";
import type { Change } from "./verdict.ts";
import { amount, confidence, percent, points } from "./wording.ts";

type Judged = Extract<Measured, { kind: "observed" }>;

/** Everything a relative limit is decided from. */
export type ChangeFacts = {
  readonly question: Question;
  readonly limit: Limit;
  readonly measured: Judged;
  readonly comparison: Comparison;
  readonly unripe: string | null;
  readonly levels: StrictLevels;
};

/** One plain sentence with the numbers behind a relative verdict. */
export const changeReason = (facts: ChangeFacts, outcome: Outcome): string => {
  const { question, limit, comparison, levels } = facts;
  const moved = `${movement(facts)}${remark(facts.measured)}`;
  const interval = intervalText(comparison.change);
  switch (outcome.verdict) {
    case "fail":
      return `${moved}; at least ${boundText(comparison, "worse", levels.worse)}, limit ${limit.text}`;
    case "improved":
      return `${moved}; at least ${boundText(comparison, "better", levels.better)}`;
    case "warn":
      return `${moved}; worse with ${confidence(levels.worse)} confidence, inside the limit ${limit.text}`;
    case "pass":
      return `${moved}; ${interval} lies inside the limit ${limit.text}`;
    case "inconclusive":
      if (facts.unripe !== null) return `${moved}; ${interval}, but ${facts.unripe}`;
      return outcome.face === "suspected"
        ? `${moved}, beyond the limit ${limit.text}, but it is not proved: ${comparison.doubt ?? `${interval}${sight(facts)}`}`
        : `no regression of ${question.id} seen (${moved}): ${interval} is not inside the limit ${limit.text}${sight(facts)}`;
  }
};

/** One plain sentence about an absolute limit. */
export const absoluteReason = (
  { question, limit, measured }: Pick<ChangeFacts, "question" | "limit" | "measured">,
  outcome: { readonly verdict: "pass" | "warn" | "fail"; readonly level: number },
): string => {
  const value = `${question.id} is ${amount(measured.observed.value, question.info.unit)}${remark(measured)}`;
  switch (outcome.verdict) {
    case "pass":
      return `${value}, inside the limit ${limit.text}`;
    case "warn":
      return `${value}, beyond the limit ${limit.text}, by no more than noise between runs can explain`;
    case "fail":
      return `${value}, beyond the limit ${limit.text} with ${confidence(outcome.level)} confidence`;
  }
};

/** One plain sentence about a figure that has nothing to be compared with. */
export const noBaselineReason = (question: Question, measured: Judged, why: string): string =>
  `${question.id} is ${amount(measured.observed.value, question.info.unit)}${remark(measured)}, with nothing to compare: ${why}`;

/** `p50 rose from 7.66 ms to 703 ms`. */
const movement = ({ question, measured, comparison }: ChangeFacts): string => {
  const { id, info } = question;
  const [from, to] = [amount(comparison.base, info.unit), amount(measured.observed.value, info.unit)];
  if (from === to) return `${id} stayed at ${to}`;
  return `${id} ${measured.observed.value > comparison.base ? "rose" : "fell"} from ${from} to ${to}`;
};

const intervalText = (change: Change): string =>
  change.kind === "ratio"
    ? `the 95 % interval ${percent(change.low - 1)} to ${percent(change.high - 1)}`
    : `the 95 % interval ${points(change.low)} to ${points(change.high)}`;

const boundText = (comparison: Comparison, side: "worse" | "better", level: number): string => {
  const bound = comparison.atLeast(side, level) ?? 0;
  const text = comparison.change.kind === "ratio" ? percent(bound) : points(bound);
  return `${text} with ${confidence(level)} confidence`;
};

const sight = ({ limit, comparison, levels }: ChangeFacts): string => {
  const share = comparison.detectable(limit.terms, levels.sure);
  if (share === null) return "; no change could have been proved";
  const text = comparison.change.kind === "ratio" ? percent(share) : points(share);
  return `; could have seen ${text}`;
};

const remark = (measured: Judged): string => (measured.remark === null ? "" : ` ${measured.remark}`);
