import type { LimitTerm } from "../config/limits.ts";
import type { Counts } from "../record/summary.ts";
import { binomialUpper, fisherHigher, type Tally } from "../stats/exact-tests.ts";
import { differenceInterval } from "../stats/proportions.ts";
import type { Comparison, Observed } from "./comparison.ts";
import { INTERVAL_CONFIDENCE, POWER } from "./levels.ts";
import { pooled } from "./plateau.ts";
import { designEffect } from "./spread.ts";

/** An excess from here on counts wherever it falls; a smaller one may be a burst (SPEC 12.1). */
const BURST_POINTS = 0.02;
const PARTS_NEEDED = 3;

/**
 * Shares of events in trials: exact conditional test against no change, Newcombe's interval for the difference. Failures
 * that come in clumps are counted as so many clumps, as far as the base's own runs show it.
 */
export const compareCounts = (
  base: readonly Counts[],
  heads: readonly Counts[],
  rules: { readonly burstsDoubted: boolean },
): Comparison => {
  const effect = designEffect(base);
  const [ofBase, ofHead] = [pooled(base), pooled(heads)];
  const [a, b] = [thinned(ofHead, effect), thinned(ofBase, effect)];
  const baseShare = ofBase.events / ofBase.trials;
  const points = ofHead.events / ofHead.trials - baseShare;
  const interval = aroundPoints(points, differenceInterval(a, b, INTERVAL_CONFIDENCE), a, b);
  const pWorse = fisherHigher(a, b);
  const pBetter = fisherHigher(b, a);
  const limitOf = (terms: readonly LimitTerm[]): number =>
    limitPoints(terms, { share: baseShare, trials: ofHead.trials / heads.length });
  const same = differenceInterval({ ...a, events: Math.round(baseShare * a.trials) }, b, INTERVAL_CONFIDENCE);
  return {
    base: baseShare,
    change: { kind: "points", points, ...interval },
    pWorse,
    pBetter,
    atLeast: (side, level) => {
      if ((side === "worse" ? pWorse : pBetter) > level) return null;
      const strict = aroundPoints(points, differenceInterval(a, b, 1 - 2 * level), a, b);
      return side === "worse" ? Math.max(0, strict.low) : Math.min(0, strict.high);
    },
    exceeds: (terms) => points > limitOf(terms),
    improvesByHalf: (terms) => -points > limitOf(terms) / 2,
    inside: (terms) => interval.high < limitOf(terms),
    detectable: (terms, level) => detectablePoints(a, b, { level, limit: limitOf(terms) }),
    decidable: (terms) => same.high < limitOf(terms),
    doubt: rules.burstsDoubted && points < BURST_POINTS ? burst(heads, { baseShare, points }) : null,
  };
};

/** Exact binomial test of the head's count against a fixed share. */
export const observeCounts = (heads: readonly Counts[]): Observed => {
  const head = pooled(heads);
  return {
    value: head.events / head.trials,
    samples: head.trials,
    runs: heads.length,
    pBeyond: (bound) => binomialUpper(head, bound),
  };
};

type HeadTrials = { readonly share: number; readonly trials: number };

/** The farthest term as a difference of shares; `trials` are those of one head run, for terms in events. */
const limitPoints = (terms: readonly LimitTerm[], head: HeadTrials): number =>
  Math.max(0, ...terms.map((term) => pointsOf(term, head)));

const pointsOf = (term: LimitTerm, head: HeadTrials): number => {
  switch (term.kind) {
    case "points":
      return term.points;
    case "amount":
      return term.amount / head.trials;
    case "relative":
      return term.share * head.share;
    case "at-most":
    case "at-least":
      return 0;
  }
};

const thinned = (tally: Tally, effect: number): Tally => {
  const trials = Math.max(1, Math.round(tally.trials / effect));
  return { events: Math.min(trials, Math.round(tally.events / effect)), trials };
};

/** Thinning rounds to whole events; the interval keeps its width and moves to the estimate that was measured. */
const aroundPoints = (
  points: number,
  interval: { readonly low: number; readonly high: number },
  a: Tally,
  b: Tally,
) => {
  const moved = points - (a.events / a.trials - b.events / b.trials);
  return { low: Math.max(-1, interval.low + moved), high: Math.min(1, interval.high + moved) };
};

/** The fewest head events that would fail, then the share that brings at least as many in nine runs of ten. */
const detectablePoints = (
  head: Tally,
  base: Tally,
  wish: { readonly level: number; readonly limit: number },
): number | null => {
  const baseShare = base.events / base.trials;
  const fails = (events: number): boolean =>
    events / head.trials - baseShare > wish.limit && fisherHigher({ ...head, events }, base) <= wish.level;
  if (!fails(head.trials)) return null;
  const events = Math.ceil(bisect((count) => fails(Math.ceil(count)), 0, head.trials, 0.5));
  const share = bisect((p) => binomialUpper({ ...head, events }, p) >= POWER, 0, 1, 1e-7);
  return share - baseShare;
};

/** The smallest argument, within `precision`, from which a rising condition holds; it holds at `high`. */
const bisect = (holds: (x: number) => boolean, low: number, high: number, precision: number): number => {
  let [no, yes] = [low, high];
  while (yes - no > precision) {
    const middle = (no + yes) / 2;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
};

/**
 * A part shows the excess when at least half of it is there and it is not a single failure. Thinly spread failures show
 * nowhere by that measure, but half of the excess is still there without the two worst parts.
 */
const burst = (
  heads: readonly Counts[],
  excess: { readonly baseShare: number; readonly points: number },
): string | null => {
  if (heads.some((head) => head.parts === null))
    return "it is not known how the failures lay in the window, and a burst proves little";
  const beyond = (tally: Tally): number => tally.events - excess.baseShare * tally.trials;
  const shows = (tally: Tally): boolean => beyond(tally) >= (excess.points / 2) * tally.trials;
  const worstFirst = heads
    .flatMap((head) => head.parts ?? [])
    .filter((part) => part.trials > 0)
    .toSorted((a, b) => beyond(b) - beyond(a));
  const showing = worstFirst.filter((part) => part.events > 1 && shows(part)).length;
  const rest = worstFirst.slice(PARTS_NEEDED - 1);
  if (showing >= PARTS_NEEDED || (rest.length > 0 && shows(pooled(rest)))) return null;
  return `it shows in only ${showing} of ${worstFirst.length} parts of the window, which looks like a burst`;
};
