import type { Problem } from "../errors.ts";
import type { RunSummary } from "../record/summary.ts";
import type { Measurement } from "./base-side.ts";
import { isGateOpen, overallVerdict, type Policy } from "./combine.ts";
import { type StrictLevels, strictLevels, uncorrected } from "./levels.ts";
import { invalidMetric, judgeMetric, testOf } from "./metric.ts";
import { metricProblems } from "./problems.ts";
import type { Attribution, BaselineFacts, Judgement, MetricJudgement } from "./verdict.ts";
import { faultProblems, type WholeRunFault, wholeRunFault } from "./whole-run.ts";

/** What was measured in any mode, ready to be decided. */
export type Conclusion = {
  readonly mode: Judgement["mode"];
  readonly heads: readonly RunSummary[];
  readonly policy: Policy;
  readonly measurements: readonly Measurement[];
  readonly known: readonly Problem[];
  /** Share of the error that a metric may spend at this look. */
  readonly shareOf: (measurement: Measurement) => number;
  readonly baseline: BaselineFacts | null;
  /** Which layer moved, from the verdicts and what makes the whole run worthless, if anything does. */
  readonly attribution: (metrics: readonly MetricJudgement[], fault: WholeRunFault | null) => Attribution | null;
  readonly notes: (metrics: readonly MetricJudgement[]) => readonly string[];
};

/** Validity first, then every metric at its level, then all of them together. */
export const conclude = ({ measurements, ...whole }: Conclusion): Judgement => {
  // A baseline of another load makes the comparison worthless, as a saturated generator makes the run.
  const fault = wholeRunFault(whole.heads, whole.known);
  const levels = levelsOf(measurements, whole.shareOf);
  const metrics = measurements.map((measurement) =>
    fault === null
      ? judgeMetric(measurement.question, measurement.measured, levels(measurement))
      : invalidMetric(measurement.question, measurement.measured, fault),
  );
  const verdict = fault === null ? overallVerdict(metrics, whole.mode) : "invalid";
  const interrupted = whole.heads.some((head) => head.interrupted);
  return {
    mode: whole.mode,
    verdict,
    gateOpen: isGateOpen({ metrics, verdict, interrupted }, whole.policy),
    baseline: whole.baseline,
    metrics,
    attribution: whole.attribution(metrics, fault),
    problems: [
      ...whole.known,
      ...(fault === null ? metricProblems(measurements, metrics, whole) : faultProblems(fault, whole.known)),
    ],
    notes: whole.notes(metrics),
  };
};

/** The strict levels of each metric: corrected for all that gate, and for the looks. */
export const levelsOf = (
  measurements: readonly Measurement[],
  shareOf: (measurement: Measurement) => number,
): ((measurement: Measurement) => StrictLevels) => {
  const tests = measurements.flatMap((measurement) => {
    const test = testOf(measurement.question, measurement.measured);
    return test === null ? [] : [{ ...test, share: shareOf(measurement) }];
  });
  const levels = strictLevels(tests);
  return (measurement) => levels.get(measurement.question.id) ?? uncorrected(shareOf(measurement));
};
