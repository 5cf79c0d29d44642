import type { Baseline } from "../baseline/baseline.ts";
import type { NoiseFloor } from "../baseline/noise-floor.ts";
import type { Limit } from "../config/limits.ts";
import type { Problem } from "../errors.ts";
import type { RunSummary } from "../record/summary.ts";
import { attribute } from "./attribution.ts";
import { baselineFacts, judgeableBase, type Measurement, unacceptedSteps, whyNoBase } from "./base-side.ts";
import type { Policy } from "./combine.ts";
import { conclude } from "./conclude.ts";
import { measure } from "./measure.ts";
import type { Question, Sides } from "./measured.ts";
import { withNetworkMoved } from "./network-moved.ts";
import { questionsOf } from "./questions.ts";
import type { Judgement, MetricJudgement } from "./verdict.ts";

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
  /** What `calibrate` measured of this target; without it the documented priors hold. */
  readonly noise?: NoiseFloor | null;
};

/**
 * Judges heads against the base branch's runs, or against absolute limits alone: history and absolute mode of SPEC 6 and
 * 12.1. Pure: the same runs give the same judgement.
 */
export const judgeRuns = (input: JudgeInput): Judgement => {
  const { baseline, heads } = input;
  const { base, measurements } = measureRuns(input);
  const facts = baselineFacts(baseline, base, measurements);
  const plateau = base.slice(-(facts?.used ?? base.length));
  return conclude({
    mode: baseline.kind === "absolute" ? "absolute" : "history",
    heads,
    policy: input.policy,
    measurements,
    known: [...(input.problems ?? []), ...baselineProblems(baseline, base)],
    shareOf: () => 1,
    baseline: facts,
    attribution: (metrics, fault) => attribute({ base: plateau, heads, metrics, fault }),
    notes: (metrics) => [...modeNotes(baseline, metrics), ...unacceptedSteps(measurements)],
  });
};

/** What both sides show about each metric, before any level. */
export const measureRuns = (
  input: JudgeInput,
): { readonly base: readonly RunSummary[]; readonly measurements: readonly Measurement[] } => {
  const { baseline, heads } = input;
  const base = judgeableBase(baseline);
  const sides: Sides = {
    design: { kind: "runs" },
    noise: input.noise ?? null,
    base,
    heads,
    noBase: whyNoBase(baseline),
    referenceRps: input.referenceRps,
  };
  const questions = questionsOf({ ...input, absoluteOnly: baseline.kind === "absolute" });
  return { base, measurements: withNetworkMoved(measureAll(questions, sides), sides) };
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
