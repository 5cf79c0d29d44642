import { metricInfo, splitMetricId } from "../config/metric-catalog.ts";
import { isGateOpen, overallVerdict, type Policy } from "./combine.ts";
import type { Evidence, Finding, Judgement, MetricJudgement } from "./verdict.ts";

/**
 * A `fail` of paired mode beside a second measurement with fresh connections (SPEC section 6). What failed and shows
 * itself again stands; what does not is suspected only. Again means: worse in the second 95 % interval, or beyond an
 * absolute bound. A metric that was not measured again stands, and so does all when the second measurement is no good.
 */
export const confirmFails = (first: Judgement, again: Judgement, policy: Policy): Judgement => {
  if (first.verdict !== "fail" || again.verdict === "invalid") return first;
  const metrics = first.metrics.map((metric) =>
    metric.finding.kind === "fail" && metric.gates ? beside(metric, metric.finding, again) : metric,
  );
  const verdict = overallVerdict(metrics, first.mode);
  return {
    ...first,
    metrics,
    verdict,
    gateOpen: isGateOpen({ metrics, verdict, interrupted: false }, policy),
    confirmation: verdict === "fail" ? "confirmed" : "refuted",
  };
};

const beside = (
  metric: MetricJudgement,
  { evidence, reason }: { readonly evidence: Evidence; readonly reason: string },
  again: Judgement,
): MetricJudgement => {
  const second = again.metrics.find(({ id }) => id === metric.id)?.finding;
  if (second === undefined || second.kind === "not-measured" || second.kind === "no-baseline") return metric;
  if (showsAgain(metric.id, second))
    return { ...metric, finding: { kind: "fail", evidence, reason: `${reason}; seen again with fresh connections` } };
  const text = `${reason}; but it was not seen again with fresh connections`;
  return { ...metric, finding: { kind: "inconclusive", face: "suspected", evidence, reason: text } };
};

const showsAgain = (id: string, finding: Extract<Finding, { readonly evidence: Evidence }>): boolean => {
  if (finding.kind === "fail") return true;
  const { change } = finding.evidence;
  if (change === null) return finding.kind === "warn";
  const none = change.kind === "ratio" ? 1 : 0;
  const down = metricInfo(splitMetricId(id).metric)?.worse === "down";
  return down ? change.high < none : change.low > none;
};
