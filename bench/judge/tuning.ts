/** Thresholds at one rate of false alarms for swarmgate and rivals alike, found on seeds T. */
import type { Judgement } from "../../src/judge/verdict.ts";
import { runSummary } from "./figures.ts";
import { drawHistory, HISTORY } from "./history-corpus.ts";
import { judgeHistory, scoreOn } from "./judged.ts";
import { words } from "./random.ts";
import { DIFFERENT_RULES, type HistoryData, P50 } from "./rivals.ts";
import { under } from "./tally.ts";
import { NOTHING, type World } from "./worlds.ts";

export const BASES = [1, 3, 8, 20] as const;

/** Of identical code, on p50: rare enough to mean something, common enough to be told from its half by the cases there are. */
export const EQUAL_RATE = 0.01;

export const SWARMGATE = "swarmgate";

/** By number of base runs and rule: how suspicious identical code looked. */
export type WorldTuning = Record<string, Record<string, number[]>>;

export const tune = (world: World, seed: number, cases: number): WorldTuning => {
  const next = words(seed);
  const tuning: WorldTuning = {};
  for (let i = 0; i < cases; i++) {
    const drawn = drawHistory(next, world);
    const head = drawn.head(NOTHING);
    const summaries = drawn.base.map(runSummary);
    for (const n of BASES) {
      const judgement = judgeHistory(summaries.slice(-n), runSummary(head.figures, HISTORY));
      const scores = scoresOf(judgement, n, { base: drawn.base.slice(-n), newest: drawn.newest, head });
      const known = under<Record<string, number[]>>(tuning, n, () => ({}));
      for (const [name, score] of scores) under<number[]>(known, name, () => []).push(score);
    }
  }
  return tuning;
};

/** How suspicious each rule finds p50; rules that need more runs say nothing. */
export const scoresOf = (
  judgement: Judgement,
  n: number,
  data: HistoryData,
): readonly (readonly [name: string, score: number])[] => [
  [SWARMGATE, scoreOn(judgement, "p50")],
  ...DIFFERENT_RULES.filter((rule) => n >= rule.needs).map((rule) => [rule.name, rule.score(data, P50)] as const),
];

/** By number of base runs and rule: fails above it. */
export type Thresholds = Record<string, Record<string, number>>;

/** One threshold per rule for all of these worlds together. */
export const thresholdsOf = (tunings: readonly WorldTuning[]): Thresholds =>
  Object.fromEntries(
    BASES.map((n) => {
      const all = tunings.map((tuning) => tuning[n] ?? {});
      const names = [...new Set(all.flatMap((scores) => Object.keys(scores)))];
      return [
        n,
        Object.fromEntries(names.map((name) => [name, upperQuantile(all.flatMap((scores) => scores[name] ?? []))])),
      ];
    }),
  );

/** The value that the equal rate of the values lies above. */
const upperQuantile = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => b - a);
  return sorted[Math.round(EQUAL_RATE * sorted.length)] ?? Number.POSITIVE_INFINITY;
};
