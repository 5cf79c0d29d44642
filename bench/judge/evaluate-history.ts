/** Judge and rivals on one world in history mode. */
import type { Judgement } from "../../src/judge/verdict.ts";
import { runSummary, withoutAws } from "./figures.ts";
import { drawHistory, HISTORY, type HistoryCase, type Run } from "./history-corpus.ts";
import { covers, judgeHistory, outcomeOf, verdictOn } from "./judged.ts";
import { words } from "./random.ts";
import { HISTORY_RULES, METRICS } from "./rivals.ts";
import { type Counter, count, counterIn, under } from "./tally.ts";
import { BASES, scoresOf, type Thresholds } from "./tuning.ts";
import type { Effect, World } from "./worlds.ts";

export const COVERED = ["p50", "p95", "lambda-duration"] as const;

/** By number of base runs, then by effect. */
type Rated = Record<string, Record<string, Counter>>;

/** How rules were tuned: one setting for all worlds, or one for this world, as only who knows its noise can. */
export const KNOWN = ["worlds", "world"] as const;
type Known = (typeof KNOWN)[number];

export type HistoryResult = {
  readonly world: string;
  /** Overall outcomes of swarmgate, and the verdicts of p50 alone. */
  readonly outcomes: Rated;
  readonly p50: Rated;
  /** Overall outcomes where no functions are named: p50 and failure rate gate alone. */
  readonly client: Rated;
  /** By number of base runs and metric: whether the 95 % interval held the truth, on identical code. */
  readonly coverage: Record<string, Record<string, Counter>>;
  /** By rival: `fail` or `other` at its default, on p50 or Duration. */
  readonly defaults: Record<string, Rated>;
  /** By rule, swarmgate's own p-value among them: p50 alone, all at one rate of false alarms. */
  readonly matched: Record<Known, Record<string, Rated>>;
};

export type HistoryTask = {
  readonly world: World;
  readonly seed: number;
  readonly identical: number;
  readonly changed: number;
  readonly effects: readonly Effect[];
  readonly thresholds: Readonly<Record<Known, Thresholds>>;
};

export const evaluateHistory = (task: HistoryTask): HistoryResult => {
  const result: HistoryResult = {
    world: task.world.name,
    outcomes: {},
    p50: {},
    client: {},
    coverage: {},
    defaults: {},
    matched: { worlds: {}, world: {} },
  };
  const next = words(task.seed);
  for (let i = 0; i < task.identical; i++) {
    const drawn = drawHistory(next, task.world);
    const asked = i < task.changed ? task.effects : task.effects.filter((effect) => effect.name === "0");
    const base = drawn.base.map(runSummary);
    for (const effect of asked) evaluateOne(result, { task, drawn, base, effect, head: drawn.head(effect) });
  }
  return result;
};

type Case = {
  readonly task: HistoryTask;
  readonly drawn: HistoryCase;
  readonly base: readonly ReturnType<typeof runSummary>[];
  readonly effect: Effect;
  readonly head: Run;
};

const evaluateOne = (result: HistoryResult, one: Case): void => {
  const { base, effect, head } = one;
  const summary = runSummary(head.figures, HISTORY);
  for (const n of BASES) {
    const judgement = judgeHistory(base.slice(-n), summary);
    count(counterIn(result.outcomes, n, effect.name), outcomeOf(judgement));
    count(counterIn(result.p50, n, effect.name), verdictOn(judgement, "p50"));
    const alone = judgeHistory(base.slice(-n).map(withoutAws), withoutAws(summary));
    count(counterIn(result.client, n, effect.name), outcomeOf(alone));
    if (effect.name === "0")
      for (const id of COVERED) {
        const held = covers(judgement, id, 1);
        if (held !== null) count(counterIn(result.coverage, n, id), held ? "held" : "missed");
      }
    rateRivals(result, one, n);
    rateMatched(result, one, { n, judgement });
  }
};

const rateMatched = (
  result: HistoryResult,
  { task, drawn, effect, head }: Case,
  { n, judgement }: { readonly n: number; readonly judgement: Judgement },
): void => {
  const data = { base: drawn.base.slice(-n), newest: drawn.newest, head };
  for (const [name, score] of scoresOf(judgement, n, data))
    for (const known of KNOWN) {
      const threshold = task.thresholds[known][n]?.[name] ?? Number.POSITIVE_INFINITY;
      const rated = under(result.matched[known], name, () => ({}));
      count(counterIn(rated, n, effect.name), score > threshold ? "fail" : "other");
    }
};

const rateRivals = (result: HistoryResult, { drawn, effect, head }: Case, n: number): void => {
  const data = { base: drawn.base.slice(-n), newest: drawn.newest, head };
  for (const rule of HISTORY_RULES) {
    const fails = n >= rule.needs && METRICS.some((value) => rule.score(data, value) > rule.threshold(n));
    const rated = under(result.defaults, rule.name, () => ({}));
    count(counterIn(rated, n, effect.name), fails ? "fail" : "other");
  }
};
