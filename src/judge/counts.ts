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
/** How many parts of the window, or rounds, must show a smaller excess. */
const PARTS_NEEDED = 3;
const ROUNDS_NEEDED = 2;

export type CountRules = {
  /** Where a small excess must show more than once; `null` where it counts wherever it falls. */
  readonly bursts: "parts" | "rounds" | null;
  /** Runs of the head: terms in events are meant for one of them. */
  readonly headRuns: number;
  /** Why a proven excess would still say little, as a clause. */
  readonly doubt: string | null;
};

/**
 * Shares of events in trials: exact conditional test against no change, Newcombe's interval for the difference. Failures
 * that come in clumps are counted as so many clumps, as far as the runs of one code show it.
 */
export const compareCounts = (base: readonly Counts[], heads: readonly Counts[], rules: CountRules): Comparison => {
  const [ofBase, ofHead] = [pooled(base), pooled(heads)];
  const baseShare = ofBase.events / ofBase.trials;
  const points = ofHead.events / ofHead.trials - baseShare;
  const small = Math.abs(points) < BURST_POINTS;
  const effect = designEffect(base);
  const [a, b] = [thinned(ofHead, effect), thinned(ofBase, effect)];
  const interval = aroundPoints(points, differenceInterval(a, b, INTERVAL_CONFIDENCE), a, b);
  const pWorse = fisherHigher(a, b);
  const pBetter = fisherHigher(b, a);
  const strict = (level: number) => aroundPoints(points, differenceInterval(a, b, 1 - 2 * level), a, b);
  const limitOf = (terms: readonly LimitTerm[]): number =>
    limitPoints(terms, { share: baseShare, trials: ofHead.trials / rules.headRuns });
  const same = differenceInterval({ ...a, events: Math.round(baseShare * a.trials) }, b, INTERVAL_CONFIDENCE);
  return {
    base: baseShare,
    change: { kind: "points", points, ...interval },
    pWorse,
    pBetter,
    learned: false,
    atLeast: (side, level) => {
      if ((side === "worse" ? pWorse : pBetter) > level) return null;
      return side === "worse" ? Math.max(0, strict(level).low) : Math.min(0, strict(level).high);
    },
    exceeds: (terms) => points > limitOf(terms),
    boundExceeds: (terms, level) => pWorse <= level && strict(level).low > limitOf(terms),
    improvesByHalf: (terms) => -points > limitOf(terms) / 2,
    inside: (terms) => interval.high < limitOf(terms),
    detectable: (terms, level) => detectablePoints(a, b, { level, limit: limitOf(terms) }),
    undecidable: same.high,
    doubt: rules.doubt ?? (small ? burstDoubt(heads, rules.bursts, { baseShare, points }) : null),
    effective: limitOf,
    data: () => ({ kind: "counts", base: ofBase, head: ofHead, designEffect: effect }),
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

type Excess = { readonly baseShare: number; readonly points: number };

const burstDoubt = (heads: readonly Counts[], where: CountRules["bursts"], excess: Excess): string | null => {
  if (where === null) return null;
  if (where === "rounds") return burst(heads, excess, { needed: ROUNDS_NEEDED, what: "rounds" });
  if (heads.some((head) => head.parts === null))
    return "it is not known how the failures lay in the window, and a burst proves little";
  return burst(
    heads.flatMap((head) => head.parts ?? []),
    excess,
    { needed: PARTS_NEEDED, what: "parts of the window" },
  );
};

/**
 * A part shows the excess when at least half of it is there and it is not a single failure. Thinly spread failures show
 * nowhere by that measure, but half of the excess is still there without the worst parts.
 */
const burst = (
  all: readonly Tally[],
  excess: Excess,
  rule: { readonly needed: number; readonly what: string },
): string | null => {
  const beyond = (tally: Tally): number => tally.events - excess.baseShare * tally.trials;
  const shows = (tally: Tally): boolean => beyond(tally) >= (excess.points / 2) * tally.trials;
  const worstFirst = all.filter((part) => part.trials > 0).toSorted((a, b) => beyond(b) - beyond(a));
  const showing = worstFirst.filter((part) => part.events > 1 && shows(part)).length;
  const rest = worstFirst.slice(rule.needed - 1);
  if (showing >= rule.needed || (rest.length > 0 && shows(pooled(rest)))) return null;
  return `it shows in only ${showing} of ${worstFirst.length} ${rule.what}, which looks like a burst`;
};
