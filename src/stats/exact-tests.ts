import { incompleteBeta } from "./beta.ts";
import { logChoose } from "./gamma.ts";

/** Events in a number of trials, both whole, events <= trials. */
export type Tally = { readonly events: number; readonly trials: number };

const NEGLIGIBLE = 1e-17;

/**
 * One-sided p-value that `a` has a higher share than `b`: the probability, given both totals, that at least as many of all
 * events fall on a's side when both have the same share. Exact at any sample size, on the safe side for small ones
 * (Fisher, "The logic of inductive inference", J. R. Stat. Soc. 98:39, 1935). Assumes independent trials.
 */
export const fisherHigher = (a: Tally, b: Tally): number => {
  const events = a.events + b.events;
  const trials = a.trials + b.trials;
  if (a.trials === 0 || b.trials === 0) return 1;
  const above = a.events / a.trials > events / trials;
  return above
    ? Math.min(1, sumOutward(a, b, 1))
    : Math.min(
        1,
        1 - (a.events === 0 ? 0 : sumOutward({ ...a, events: a.events - 1 }, { ...b, events: b.events + 1 }, -1)),
      );
};

/** P(X >= events) for X binomial: the exact test of a count against a fixed share (A&S 26.5.24). */
export const binomialUpper = ({ events, trials }: Tally, share: number): number => {
  if (events <= 0) return 1;
  if (events > trials) return 0;
  return incompleteBeta(share, events, trials - events + 1);
};

/**
 * Hypergeometric probabilities from the observed split outwards, `direction` 1 towards more of the events on a's side.
 * Terms shrink from there on, so the sum ends as soon as they no longer count.
 */
const sumOutward = (a: Tally, b: Tally, direction: 1 | -1): number => {
  const events = a.events + b.events;
  let k = a.events;
  let term = Math.exp(
    logChoose(a.trials, k) + logChoose(b.trials, events - k) - logChoose(a.trials + b.trials, events),
  );
  let sum = 0;
  while (term > NEGLIGIBLE * sum && term > 0) {
    sum += term;
    term *= direction === 1 ? ratioUp(a.trials, b.trials, events, k) : ratioDown(a.trials, b.trials, events, k);
    k += direction;
  }
  return sum;
};

/** P(k + 1) / P(k), 0 at the end of the range. */
const ratioUp = (ofA: number, ofB: number, events: number, k: number): number =>
  ((ofA - k) * (events - k)) / ((k + 1) * (ofB - events + k + 1));
const ratioDown = (ofA: number, ofB: number, events: number, k: number): number =>
  (k * (ofB - events + k)) / ((ofA - k + 1) * (events - k + 1));
