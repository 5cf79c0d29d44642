/** The judge as the product calls it, and what its answer is counted as. */
import type { NoiseFloor } from "../../src/baseline/noise-floor.ts";
import { effectiveLimits, parseLimits } from "../../src/config/parse-limits.ts";
import type { Policy } from "../../src/judge/combine.ts";
import { judgeRuns } from "../../src/judge/judge.ts";
import { judgePaired, lookAt, type PairedInput } from "../../src/judge/paired.ts";
import { type Judgement, type MetricJudgement, verdictOf } from "../../src/judge/verdict.ts";
import type { RoundSummary, RunSummary } from "../../src/record/summary.ts";

const POLICY: Policy = { failOn: "regression", onInconclusive: "warn", onInvalid: "fail", onNoBaseline: "warn" };

const limits = (text: string, mode: "history" | "paired") => {
  const user = parseLimits(text);
  if (!user.ok) throw new Error(`the bench's limits cannot be read: ${text}`);
  return effectiveLimits(user.value, mode, { maxConcurrency: null });
};

const HISTORY_LIMITS = limits("", "history");
const PAIRED_LIMITS = { default: limits("", "paired"), tight: limits("p50: +5%", "paired") };

export const judgeHistory = (base: readonly RunSummary[], head: RunSummary): Judgement =>
  judgeRuns({
    baseline: { kind: "found", state: "exact", sha: null, runs: base, notes: [] },
    heads: [head],
    limits: HISTORY_LIMITS,
    policy: POLICY,
    referenceRps: null,
    configured: [],
  });

export type PairedAsked = {
  readonly rounds: readonly RoundSummary[];
  readonly arms: { readonly base: RunSummary; readonly head: RunSummary } | null;
  readonly looks: PairedInput["looks"];
  readonly limits: keyof typeof PAIRED_LIMITS;
  /** What calibration has measured. */
  readonly noise: NoiseFloor | null;
};

const inputOf = (asked: PairedAsked): PairedInput => ({
  ...asked,
  limits: PAIRED_LIMITS[asked.limits],
  policy: POLICY,
  referenceRps: null,
  configured: [],
  problems: [],
  notes: [],
  base: { state: "latest", sha: null },
});

export const goesOn = (asked: PairedAsked): boolean => lookAt(inputOf(asked)).goOn;
export const judgeRounds = (asked: PairedAsked): Judgement => judgePaired(inputOf(asked));

/** An inconclusive verdict by its face, any other by its name. */
export const outcomeOf = (judgement: Judgement): string => {
  if (judgement.verdict !== "inconclusive") return judgement.verdict;
  const suspected = judgement.metrics.some(
    ({ gates, finding }) => gates && finding.kind === "inconclusive" && finding.face === "suspected",
  );
  return suspected ? "suspected" : "inconclusive";
};

const metricIn = (judgement: Judgement, id: string): MetricJudgement => {
  const metric = judgement.metrics.find((one) => one.id === id);
  if (metric === undefined) throw new Error(`the judgement has no ${id}`);
  return metric;
};

export const verdictOn = (judgement: Judgement, id: string): string =>
  verdictOf(metricIn(judgement, id).finding) ?? "informs";

/** How sure the judge is that a metric became worse: the decimal digits of its p-value, 0 where it doubts the excess. */
export const scoreOn = (judgement: Judgement, id: string): number => {
  const { how } = metricIn(judgement, id);
  return how?.test === null || how?.test === undefined || how.doubt !== null ? 0 : -Math.log10(how.test.pWorse);
};

/** Whether the 95 % interval holds the true ratio; `null` without an interval. */
export const covers = (judgement: Judgement, id: string, truth: number): boolean | null => {
  const { finding } = metricIn(judgement, id);
  const change = "evidence" in finding ? finding.evidence.change : null;
  return change === null ? null : change.low <= truth && truth <= change.high;
};
