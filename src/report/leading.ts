/** What stands at the head of a report: which metric or problem a run is named after, so that nothing is said twice. */
import type { ErrorCode, Problem } from "../errors.ts";
import { type Finding, type Judgement, type MetricJudgement, verdictOf } from "../judge/verdict.ts";
import { formatDetectable } from "./format.ts";
import type { Face } from "./report.ts";
import { evidenceOf, inOrder, nameOf, worseOf } from "./rows.ts";

/** Which of its faces an inconclusive run shows; a suspicion outranks a missing figure, and that a lack of power. */
export const faceOf = (judgement: Judgement): Face | null => {
  if (judgement.verdict !== "inconclusive") return null;
  const undecided = gatingMetrics(judgement).filter((metric) => verdictOf(metric.finding) === "inconclusive");
  if (undecided.some(isSuspected)) return "suspected";
  return undecided.length === 0 || undecided.some(isUnmeasured) ? "unmeasured" : "neutral";
};

/** The problem that the headline tells already; its hint is the first thing to do. */
export const leadingProblem = (judgement: Judgement): Problem | null => {
  const { verdict, problems } = judgement;
  const code = leadingUnmeasured(judgement)?.finding.code;
  const told = [
    ...(verdict === "invalid" ? problems.filter(({ severity }) => severity === "invalid") : []),
    ...(verdict === "no-baseline" ? NO_BASELINE.flatMap((known) => problems.filter((one) => one.code === known)) : []),
    ...problems.filter((problem) => problem.code === code),
  ];
  return told[0] ?? null;
};

/** The metric without a figure that an undecided or unjudged run is named after. */
export const leadingUnmeasured = (judgement: Judgement): Unmeasured | null => {
  const { verdict, problems } = judgement;
  const wholeRun = verdict === "invalid" && problems.some(({ severity }) => severity === "invalid");
  if (wholeRun || (verdict !== "invalid" && faceOf(judgement) !== "unmeasured")) return null;
  return withVerdict(gatingMetrics(judgement), verdict).find(isUnmeasured) ?? null;
};

export type Unmeasured = MetricJudgement & { readonly finding: Extract<Finding, { kind: "not-measured" }> };

/** What keeps a run without a baseline, the most telling first. */
const NO_BASELINE: readonly ErrorCode[] = ["no-baseline", "baseline-refused", "fingerprint-mismatch"];

/**
 * Why figures are missing, the metrics of one reason together. A reason may begin with the metric's name; it is not
 * said twice. All gating metrics alike need no names.
 */
export const missingText = (metrics: readonly Unmeasured[], all: boolean): string => {
  const [first] = metrics;
  if (first === undefined) return "the measurement cannot carry a verdict";
  const { id, finding } = first;
  const reason = finding.reason.replace(`${id}: `, "");
  if (all || (metrics.length === 1 && reason.startsWith(`${id} `))) return reason;
  return `${metrics.map(nameOf).join(", ")}: ${reason}`;
};

/** The metric whose detectable effect stands in the headline of a run that saw nothing and could not have seen much. */
export const leadingNeutral = (judgement: Judgement): MetricJudgement | null =>
  faceOf(judgement) === "neutral"
    ? (withVerdict(gatingMetrics(judgement), "inconclusive").find((metric) => detectableOf(metric) !== null) ?? null)
    : null;

/** `p50 +18 %`; `null` where no effect could be stated. */
export const detectableOf = (metric: MetricJudgement): string | null => {
  const effect = effectOf(metric);
  return effect === null ? null : `${nameOf(metric)} ${effect}`;
};

export const effectOf = (metric: MetricJudgement): string | null => {
  const effect = evidenceOf(metric)?.detectable ?? null;
  return effect === null ? null : formatDetectable(metric.unit, worseOf(metric), effect);
};

export const gatingMetrics = (judgement: Judgement): readonly MetricJudgement[] =>
  inOrder(judgement).filter((metric) => metric.gates);

export const withVerdict = (
  metrics: readonly MetricJudgement[],
  verdict: Judgement["verdict"],
): readonly MetricJudgement[] => metrics.filter((metric) => verdictOf(metric.finding) === verdict);

export const isSuspected = ({ finding }: Pick<MetricJudgement, "finding">): boolean =>
  finding.kind === "inconclusive" && finding.face === "suspected";

export const isUnmeasured = (metric: MetricJudgement): metric is Unmeasured => metric.finding.kind === "not-measured";
