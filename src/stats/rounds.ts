import type { ErrorPart } from "./error-parts.ts";
import { sumOfSquares } from "./prediction.ts";

/** The log-ratio of head over base in one round, and which of the two was measured first; `null` when that is not known. */
export type RoundRatio = { readonly log: number; readonly first: "base" | "head" | null };

/**
 * Standard error of the mean log-ratio over paired rounds. With as many rounds in one order as in the other, an effect of
 * the order leaves the mean alone and is taken out of the scatter (the two-period crossover of Hills and Armitage, Br. J.
 * Clin. Pharmacol. 8:7, 1979); otherwise it is the paired t. Assumes that rounds are independent and their ratios normal
 * with one spread. At least 2 rounds.
 */
export const errorOfRounds = (rounds: readonly RoundRatio[]): ErrorPart => {
  const groups = ordersOf(rounds);
  const df = rounds.length - groups.length;
  const squares = groups.reduce((sum, group) => sum + sumOfSquares(group), 0);
  return { sd: Math.sqrt(squares / df / rounds.length), df, dataDf: df };
};

/** The ratios by order when the orders are balanced and have two rounds each, all together otherwise. */
const ordersOf = (rounds: readonly RoundRatio[]): readonly (readonly number[])[] => {
  const of = (first: "base" | "head") => rounds.filter((round) => round.first === first).map((round) => round.log);
  const [base, head] = [of("base"), of("head")];
  const balanced = base.length === head.length && 2 * base.length === rounds.length && base.length >= 2;
  return balanced ? [base, head] : [rounds.map((round) => round.log)];
};
