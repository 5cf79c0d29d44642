import { holmLevels } from "../stats/holm.ts";

/** Two-sided confidence of `change.low` and `change.high`, uncorrected (SPEC 12.1). */
export const INTERVAL_CONFIDENCE = 0.95;
/** Power at which `detectable` is stated. */
export const POWER = 0.9;
/** False fails of all gating metrics of one pull request together, spent on a single look. */
const TOTAL_ERROR = 0.01;
/** False improvements of all of them together: nobody waits for one, and praise that is wrong is not believed again. */
const TOTAL_PRAISE = 0.005;
/** No metric is judged at a softer one-sided level than this while a documented spread may not fit the target. */
export const SOFTEST_LEVEL = 0.0025;
/**
 * And where the base's own runs say how much they scatter. Not all of the error, even where nothing else gates: beside noise
 * with heavy tails the level is exceeded by half (bench/JUDGE.md; docs/adr/0010-history-mode.md).
 */
const SOFTEST_LEARNED = 0.005;

/** One-sided levels of one metric. */
export type StrictLevels = {
  /** At which it fails, and at which it improves. */
  readonly worse: number;
  readonly better: number;
  /** Which it is sure to have before any data are seen: `detectable` is stated at it. */
  readonly sure: number;
};

/** What a gating metric brings to the correction: its one-sided p-values against "no change" (or against its bound). */
export type Test = {
  readonly id: string;
  readonly pWorse: number;
  readonly pBetter: number;
  /** Whether the scatter behind the p-values is the base's own and no prior's. */
  readonly learned: boolean;
  /** Share of the error that this look may spend, 0 to 1; 1 where there is one look only. */
  readonly share: number;
};

/**
 * Strict levels by metric id: Holm's over the gating metrics, at most 0.0025 each or 0.005 where the spread is learned, so that identical code
 * fails in at most one pull request of a hundred, and is called improved in half as many. Where a metric is looked at several times each look spends its share (Bonferroni): p
 * divided by the share is a valid p-value of all looks together, and Holm holds over those. Required concurrency at a
 * fixed rate is a rising function of the durations: beside `lambda-duration` it adds no chance of its own and takes that
 * metric's level.
 */
export const strictLevels = (tests: readonly Test[]): ReadonlyMap<string, StrictLevels> => {
  const durations = tests.find((test) => test.id === "lambda-duration");
  const counted = durations === undefined ? tests : tests.filter((test) => test.id !== "required-concurrency");
  const caps = counted.map((test) => (test.learned ? SOFTEST_LEARNED : SOFTEST_LEVEL));
  const worse = holmLevels(
    counted.map((test) => test.pWorse / test.share),
    TOTAL_ERROR,
    caps,
  );
  const better = holmLevels(
    counted.map((test) => test.pBetter / test.share),
    TOTAL_PRAISE,
    counted.map(() => SOFTEST_LEVEL),
  );
  const levels = new Map<string, StrictLevels>(
    counted.map((test, i) => {
      const sure = Math.min(caps[i] ?? 0, TOTAL_ERROR / counted.length);
      return [test.id, spent({ worse: worse[i] ?? 0, better: better[i] ?? 0, sure }, test.share)];
    }),
  );
  const shared = levels.get("lambda-duration");
  if (shared !== undefined) levels.set("required-concurrency", shared);
  return levels;
};

/** The level of a metric that is not in the family: it cannot close the gate. */
export const uncorrected = (share: number): StrictLevels =>
  spent({ worse: SOFTEST_LEVEL, better: SOFTEST_LEVEL, sure: SOFTEST_LEVEL }, share);

const spent = ({ worse, better, sure }: StrictLevels, share: number): StrictLevels => ({
  worse: worse * share,
  better: better * share,
  sure: sure * share,
});
