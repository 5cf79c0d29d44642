/** Judge and rivals on one world in paired mode. */

import type { NoiseFloor } from "../../src/baseline/noise-floor.ts";
import { calibratedOn } from "./calibrated.ts";
import { COVERED } from "./evaluate-history.ts";
import { armOnce, type Figures, overall, roundSummary, withoutLogs } from "./figures.ts";
import { covers, goesOn, judgeRounds, outcomeOf, type PairedAsked, verdictOn } from "./judged.ts";
import { type DrawnRound, pairedCase } from "./paired-corpus.ts";
import { words } from "./random.ts";
import { PAIRED_RULES } from "./rivals.ts";
import { type Counter, count, counterIn, under } from "./tally.ts";
import type { Effect, World } from "./worlds.ts";

const FIRST_LOOK = 6;
const BETWEEN_LOOKS = 6;
const OFFLINE_ROUNDS = 12;

export type PairedResult = {
  readonly world: string;
  /** By effect: overall outcomes with the planned looks and the default limits. */
  readonly planned: Record<string, Counter>;
  /** By effect: p50 alone, one look at 12 rounds with `p50: +5%`, and with the default limit. */
  readonly tight: Record<string, Counter>;
  readonly offline: Record<string, Counter>;
  /** By effect: rounds that were measured. */
  readonly rounds: Record<string, Counter>;
  /** By metric, on identical code and at +20 %: whether the 95 % interval held the truth when the measurement ended. */
  readonly coverage: Record<string, Counter>;
  /** By rival and effect, on p50 or p95 of the rounds that swarmgate measured: `fail` or `other`. */
  readonly rivals: Record<string, Record<string, Counter>>;
};

export type PairedTask = {
  readonly world: World;
  readonly seed: number;
  readonly identical: number;
  readonly changed: number;
  readonly effects: readonly Effect[];
};

export const evaluatePaired = ({ world, seed, effects, ...amounts }: PairedTask): PairedResult => {
  const result: PairedResult = {
    world: world.name,
    planned: {},
    tight: {},
    offline: {},
    rounds: {},
    coverage: {},
    rivals: {},
  };
  const next = words(seed);
  // Words of its own: what is drawn beside it stays what it was.
  const learned = words(seed + 500_000);
  const calibrated = (): NoiseFloor | null => calibratedOn(learned, world);
  for (const effect of effects) {
    const cases = effect.name === "0" ? amounts.identical : amounts.changed;
    for (let i = 0; i < cases; i++) evaluateOne(result, { effect, draw: pairedCase(next, world, effect), calibrated });
  }
  return result;
};

type Case = {
  readonly effect: Effect;
  readonly draw: () => DrawnRound;
  readonly calibrated: () => NoiseFloor | null;
};

const evaluateOne = (result: PairedResult, { effect, draw, calibrated }: Case): void => {
  const drawn: DrawnRound[] = Array.from({ length: FIRST_LOOK }, draw);
  while (goesOn(asked(drawn, "planned"))) drawn.push(...Array.from({ length: BETWEEN_LOOKS }, draw));
  const counter = (table: Record<string, Counter>): Counter => under(table, effect.name, () => ({}));
  const whole = asked(drawn, "planned");
  const judgement = judgeRounds(whole);
  count(counter(result.planned), outcomeOf(judgement));
  count(counter(result.rounds), String(drawn.length));
  const cover = (what: string, held: boolean | null): void => {
    const counted = under(result.coverage, `${what}, ${effect.name}`, () => ({}));
    if (held !== null) count(counted, held ? "held" : "missed");
  };
  for (const id of coveredBy(effect)) cover(id, covers(judgement, id, effect.all));
  if (coveredBy(effect).includes(DURATION)) {
    const once = judgeRounds({ ...whole, rounds: whole.rounds.map(withoutLogs) });
    cover(`${DURATION} without logs`, covers(once, DURATION, effect.all));
  }
  if (effect.name === "0") {
    const known = judgeRounds({ ...whole, noise: calibrated() });
    for (const id of COVERED) cover(`${id} calibrated`, covers(known, id, effect.all));
  }
  const data = { base: drawn.map((round) => round.base), head: drawn.map((round) => round.head) };
  for (const rule of PAIRED_RULES) {
    const fails = METRICS.some((value) => rule.score(data, value) > rule.threshold);
    count(counterIn(result.rivals, rule.name, effect.name), fails ? "fail" : "other");
  }
  const twelve = drawn.slice(0, OFFLINE_ROUNDS);
  while (twelve.length < OFFLINE_ROUNDS) twelve.push(draw());
  count(counter(result.offline), verdictOn(judgeRounds(asked(twelve, "one")), "p50"));
  count(counter(result.tight), verdictOn(judgeRounds({ ...asked(twelve, "one"), limits: "tight" }), "p50"));
};

/** Where the truth is known without a doubt: a change of size moves p95 beside cold starts a little less. */
const coveredBy = ({ name }: Effect): readonly string[] => {
  if (name === "0") return COVERED;
  return name === "+20 %" ? ["p50", "lambda-duration"] : [];
};

/** By round from REPORT lines; where there are none, once an arm. */
const DURATION = "lambda-duration";

const METRICS: readonly ((figures: Figures) => number)[] = [(one) => one.p50, (one) => one.p95];

const asked = (drawn: readonly DrawnRound[], looks: PairedAsked["looks"]): PairedAsked => ({
  rounds: drawn.map((round) => roundSummary(round.base, round.head, round.first)),
  arms: {
    base: armOnce(overall(drawn.map((round) => round.base)), "base"),
    head: armOnce(overall(drawn.map((round) => round.head)), "head"),
  },
  looks,
  limits: "default",
  noise: null,
});
