/** Judge and rivals on one world in history mode. */
import { runSummary } from "./figures.ts";
import { drawHistory, HISTORY, type HistoryCase, type Run } from "./history-corpus.ts";
import { covers, judgeHistory, outcomeOf, verdictOn } from "./judged.ts";
import { words } from "./random.ts";
import { DIFFERENT_RULES, HISTORY_RULES, METRICS } from "./rivals.ts";
import { type Counter, count, counterIn, under } from "./tally.ts";
import { BASES, SCOPES, type Scope, scoreIn, type Thresholds } from "./tuning.ts";
import type { Effect, World } from "./worlds.ts";

export const COVERED = ["p50", "p95", "lambda-duration"] as const;

/** By number of base runs, then by effect. */
type Rated = Record<string, Record<string, Counter>>;

/** How rivals were tuned: one setting for all worlds, or one for this world, as only who knows its noise can. */
export const KNOWN = ["worlds", "world"] as const;
type Known = (typeof KNOWN)[number];

export type HistoryResult = {
  readonly world: string;
  /** Overall outcomes of swarmgate, and the verdicts of p50 alone. */
  readonly outcomes: Rated;
  readonly p50: Rated;
  /** By number of base runs and metric: whether the 95 % interval held the truth, on identical code. */
  readonly coverage: Record<string, Record<string, Counter>>;
  /** By rival: `fail` or `other` at its default, on p50 or Duration. */
  readonly defaults: Record<string, Rated>;
  /** The same at swarmgate's rate of false alarms. */
  readonly matched: Record<Known, Record<Scope, Record<string, Rated>>>;
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
  const scopes = () => ({ all: {}, p50: {} });
  const result: HistoryResult = {
    world: task.world.name,
    outcomes: {},
    p50: {},
    coverage: {},
    defaults: {},
    matched: { worlds: scopes(), world: scopes() },
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
    if (effect.name === "0")
      for (const id of COVERED) {
        const held = covers(judgement, id, 1);
        if (held !== null) count(counterIn(result.coverage, n, id), held ? "held" : "missed");
      }
    rateRivals(result, one, n);
  }
};

const rateRivals = (result: HistoryResult, { task, drawn, effect, head }: Case, n: number): void => {
  const data = { base: drawn.base.slice(-n), newest: drawn.newest, head };
  for (const rule of HISTORY_RULES) {
    const fails = n >= rule.needs && METRICS.some((value) => rule.score(data, value) > rule.threshold(n));
    const rated = under(result.defaults, rule.name, () => ({}));
    count(counterIn(rated, n, effect.name), fails ? "fail" : "other");
  }
  for (const rule of DIFFERENT_RULES) {
    if (n < rule.needs) continue;
    for (const scope of SCOPES) {
      const score = scoreIn(scope, rule, data);
      for (const known of KNOWN) {
        const threshold = task.thresholds[known][scope][n]?.[rule.name] ?? Number.POSITIVE_INFINITY;
        const rated = under(result.matched[known][scope], rule.name, () => ({}));
        count(counterIn(rated, n, effect.name), score > threshold ? "fail" : "other");
      }
    }
  }
};
