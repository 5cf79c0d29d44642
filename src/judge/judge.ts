import type { Baseline } from "../baseline/baseline.ts";
import type { Limit } from "../config/limits.ts";
import type { Problem } from "../errors.ts";
import type { RunSummary } from "../record/summary.ts";
import { attribute } from "./attribution.ts";
import { baselineFacts, judgeableBase, type Measurement, unacceptedSteps, whyNoBase } from "./base-side.ts";
import { isGateOpen, overallVerdict, type Policy } from "./combine.ts";
import { strictLevels, UNCORRECTED } from "./levels.ts";
import { measure } from "./measure.ts";
import type { Question, Sides } from "./measured.ts";
import { invalidMetric, judgeMetric, testOf } from "./metric.ts";
import { withNetworkMoved } from "./network-moved.ts";
import { metricProblems } from "./problems.ts";
import { questionsOf } from "./questions.ts";
import type { Judgement, MetricJudgement } from "./verdict.ts";
import { faultProblems, type WholeRunFault, wholeRunFault } from "./whole-run.ts";

export type JudgeInput = {
  readonly baseline: Baseline;
  /** The runs under test, at least one; several count as repetitions of the same code. */
  readonly heads: readonly RunSummary[];
  /** The limits that hold: `effectiveLimits`. */
  readonly limits: readonly Limit[];
  readonly policy: Policy;
  /** Rate at which required concurrency is stated, requests per second; `null` takes the base's. */
  readonly referenceRps: number | null;
  /** Metric ids that were asked for: where they are missing, that is said. */
  readonly configured: readonly string[];
  /** What is known to be wrong with the runs; one of severity `invalid` makes the whole comparison worthless. */
  readonly problems?: readonly Problem[];
};

/**
 * Judges heads against the base branch's runs, or against absolute limits alone: history and absolute mode of SPEC 6 and
 * 12.1. Pure: the same runs give the same judgement.
 */
export const judgeRuns = (input: JudgeInput): Judgement => {
  const { baseline, heads } = input;
  const mode = baseline.kind === "absolute" ? "absolute" : "history";
  const base = judgeableBase(baseline);
  const sides: Sides = { base, heads, noBase: whyNoBase(baseline), referenceRps: input.referenceRps };
  const questions = questionsOf({ ...input, absoluteOnly: mode === "absolute" });
  const measurements = withNetworkMoved(measureAll(questions, sides), sides);
  const known = [...(input.problems ?? []), ...baselineProblems(baseline, base)];
  // A baseline of another load makes the comparison worthless, as a saturated generator makes the run.
  const fault = wholeRunFault(heads, known);
  const metrics = fault === null ? judged(measurements) : invalid(measurements, fault);
  const verdict = fault === null ? overallVerdict(metrics, mode) : "invalid";
  const interrupted = heads.some((head) => head.interrupted);
  const facts = baselineFacts(baseline, base, measurements);
  return {
    mode,
    verdict,
    gateOpen: isGateOpen({ metrics, verdict, interrupted }, input.policy),
    baseline: facts,
    metrics,
    attribution: attribute({ base: base.slice(-(facts?.used ?? base.length)), heads, metrics, fault }),
    problems: [
      ...known,
      ...(fault === null ? metricProblems(measurements, metrics, known) : faultProblems(fault, known)),
    ],
    notes: [...modeNotes(baseline, metrics), ...unacceptedSteps(measurements)],
  };
};

const measureAll = (questions: readonly Question[], sides: Sides): readonly Measurement[] =>
  questions.flatMap((question) => {
    const measured = measure(question, sides);
    return measured === null ? [] : [{ question, measured }];
  });

const baselineProblems = (baseline: Baseline, base: readonly RunSummary[]): readonly Problem[] => {
  if (baseline.kind === "none") return [baseline.problem];
  if (baseline.kind === "absolute" || base.length > 0) return [];
  return [
    {
      code: "no-baseline",
      severity: "warning",
      message: "No run of the base is valid and complete.",
      hint: "Run the gate once on the base branch, or give it another baseline.",
    },
  ];
};

const modeNotes = (baseline: Baseline, metrics: readonly MetricJudgement[]): readonly string[] => {
  if (baseline.kind !== "absolute") return baseline.notes;
  return metrics.some((metric) => metric.gates)
    ? []
    : ["no absolute limit gates: only the validity of the run was checked"];
};

const judged = (measurements: readonly Measurement[]): readonly MetricJudgement[] => {
  const tests = measurements.flatMap(({ question, measured }) => testOf(question, measured) ?? []);
  const levels = strictLevels(tests);
  return measurements.map(({ question, measured }) =>
    judgeMetric(question, measured, levels.get(question.id) ?? UNCORRECTED),
  );
};

const invalid = (measurements: readonly Measurement[], fault: WholeRunFault): readonly MetricJudgement[] =>
  measurements.map(({ question, measured }) => invalidMetric(question, measured, fault));
