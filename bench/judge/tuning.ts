/** Thresholds for rivals at swarmgate's own rate of false alarms, found on seeds T. */
import { runSummary } from "./figures.ts";
import { drawHistory, HISTORY } from "./history-corpus.ts";
import { judgeHistory, verdictOn } from "./judged.ts";
import { words } from "./random.ts";
import { DIFFERENT_RULES, type HistoryData, METRICS, P50, type Rule } from "./rivals.ts";
import { under } from "./tally.ts";
import { NOTHING, type World } from "./worlds.ts";

export const BASES = [1, 3, 8, 20] as const;

/** What is compared: everything that gates, or p50 alone. */
export const SCOPES = ["all", "p50"] as const;
export type Scope = (typeof SCOPES)[number];

/** Of one world and number of base runs: how often swarmgate failed identical code, and how every rule scored it. */
export type Tuned = {
  readonly cases: number;
  readonly own: Record<Scope, number>;
  readonly scores: Record<Scope, Record<string, number[]>>;
};

/** By number of base runs. */
export type WorldTuning = Record<string, Tuned>;

export const tune = (world: World, seed: number, cases: number): WorldTuning => {
  const next = words(seed);
  const tuning: WorldTuning = {};
  for (let i = 0; i < cases; i++) {
    const drawn = drawHistory(next, world);
    const head = drawn.head(NOTHING);
    const summaries = drawn.base.map(runSummary);
    for (const n of BASES) {
      const tuned = under(tuning, n, () => empty(cases));
      const judgement = judgeHistory(summaries.slice(-n), runSummary(head.figures, HISTORY));
      if (judgement.verdict === "fail") tuned.own.all += 1;
      if (verdictOn(judgement, "p50") === "fail") tuned.own.p50 += 1;
      addScores(tuned, n, { base: drawn.base.slice(-n), newest: drawn.newest, head });
    }
  }
  return tuning;
};

const addScores = (tuned: Tuned, n: number, data: HistoryData): void => {
  for (const rule of DIFFERENT_RULES) {
    if (n < rule.needs) continue;
    for (const scope of SCOPES) under(tuned.scores[scope], rule.name, () => []).push(scoreIn(scope, rule, data));
  }
};

const empty = (cases: number): Tuned => ({ cases, own: { all: 0, p50: 0 }, scores: { all: {}, p50: {} } });

export const scoreIn = (scope: Scope, rule: Rule, data: HistoryData): number =>
  scope === "p50" ? rule.score(data, P50) : Math.max(...METRICS.map((value) => rule.score(data, value)));

/** By scope, number of base runs and rule: fails above it. */
export type Thresholds = Record<Scope, Record<string, Record<string, number>>>;

/** Rarer than this is not told from never by so many cases. */
const RAREST = 0.0005;

/** One threshold per rule for all of these worlds together, at the rate of false alarms that swarmgate had in them. */
export const thresholdsOf = (tunings: readonly WorldTuning[]): Thresholds => {
  const at = (scope: Scope): Record<string, Record<string, number>> =>
    Object.fromEntries(
      BASES.map((n) => {
        const all = tunings.flatMap((tuning) => tuning[n] ?? []);
        const rate = Math.max(RAREST, ownRate(tunings, n, scope));
        const names = DIFFERENT_RULES.filter((rule) => n >= rule.needs).map((rule) => rule.name);
        return [
          n,
          Object.fromEntries(
            names.map((name) => [
              name,
              upperQuantile(
                all.flatMap((tuned) => tuned.scores[scope][name] ?? []),
                rate,
              ),
            ]),
          ),
        ];
      }),
    );
  return { all: at("all"), p50: at("p50") };
};

/** Share of identical code that swarmgate failed on T. */
export const ownRate = (tunings: readonly WorldTuning[], n: number, scope: Scope): number => {
  const all = tunings.flatMap((tuning) => tuning[n] ?? []);
  return all.reduce((sum, tuned) => sum + tuned.own[scope], 0) / all.reduce((sum, tuned) => sum + tuned.cases, 0);
};

/** The value that a share of the values lies above. */
const upperQuantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => b - a);
  return sorted[Math.round(share * sorted.length)] ?? Number.POSITIVE_INFINITY;
};
