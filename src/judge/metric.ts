import { isAbsolute } from "./comparison.ts";
import { type Decision, decideMetric } from "./decide.ts";
import type { How } from "./how.ts";
import type { StrictLevels, Test } from "./levels.ts";
import type { Measured, Question } from "./measured.ts";
import type { Evidence, Finding, MetricJudgement } from "./verdict.ts";

/** One row of the result: the worst of its limits, with everything it rests on. */
export const judgeMetric = (question: Question, measured: Measured, levels: StrictLevels): MetricJudgement => ({
  ...rowOf(question),
  finding: findingOf(question, measured, levels),
  ...(measured.kind === "gap" ? {} : { how: howOf(question, measured, levels) }),
});

/** The row when the whole run is worthless: the figure is shown and nothing is said about it. */
export const invalidMetric = (
  question: Question,
  measured: Measured,
  why: Pick<Extract<Finding, { kind: "not-measured" }>, "code" | "reason">,
): MetricJudgement => ({
  ...rowOf(question),
  finding: {
    kind: "not-measured",
    verdict: gates(question) ? "invalid" : null,
    ...why,
    head: measured.kind === "gap" ? measured.gap.head : finite(measured.observed.value),
  },
});

/** What a gating metric brings to the correction for many metrics; `null` when it has nothing to test. */
export const testOf = (question: Question, measured: Measured): Omit<Test, "share"> | null => {
  if (!gates(question) || measured.kind === "gap") return null;
  const { id } = question;
  const gating = question.limits.filter((limit) => limit.role === "gate");
  const relative = gating.some((limit) => !limit.terms.some(isAbsolute));
  if (relative && measured.against.kind === "compared") {
    const { pWorse, pBetter, learned } = measured.against.comparison;
    return { id, pWorse, pBetter, learned };
  }
  const bounds = gating.flatMap((limit) => limit.terms.filter(isAbsolute));
  if (bounds.length === 0) return null;
  const pWorse = Math.min(...bounds.map((bound) => measured.observed.pBeyond(bound.value)));
  return { id, pWorse, pBetter: 1, learned: false };
};

export const gates = (question: Question): boolean => question.limits.some((limit) => limit.role === "gate");

/** What `swarmgate explain` tells: data, model, test and limits, as they were used. */
const howOf = (question: Question, measured: Extract<Measured, { kind: "observed" }>, levels: StrictLevels): How => {
  const comparison = measured.against.kind === "compared" ? measured.against.comparison : null;
  return {
    data: comparison?.data(levels.worse) ?? null,
    test:
      comparison === null
        ? null
        : {
            pWorse: comparison.pWorse,
            pBetter: comparison.pBetter,
            level: levels.worse,
            levelBetter: levels.better,
          },
    limits: question.limits.flatMap(({ text, role, terms }) => {
      const bound = terms.find(isAbsolute)?.value;
      const effective = bound ?? comparison?.effective(terms);
      if (effective === undefined) return [];
      return [{ text, role, absolute: bound !== undefined, effective: Number.isFinite(effective) ? effective : null }];
    }),
    doubt: comparison?.doubt ?? null,
  };
};

const rowOf = (question: Question) => ({
  id: question.id,
  unit: question.info.unit,
  gates: gates(question),
  limits: question.limits,
});

const findingOf = (question: Question, measured: Measured, levels: StrictLevels): Finding => {
  const decision = decideMetric(question, measured, levels);
  if (measured.kind === "gap") return { kind: "not-measured", ...measured.gap, verdict: gapVerdict(decision) };
  const evidence = evidenceOf(question, measured, levels.sure);
  if (decision === null) return { kind: "informs", evidence };
  if (decision.code !== null)
    return {
      kind: "not-measured",
      verdict: gapVerdict(decision),
      code: decision.code,
      head: evidence.head,
      reason: decision.reason,
    };
  return judgedFinding(decision, evidence);
};

const judgedFinding = (decision: Decision, evidence: Evidence): Finding => {
  const { verdict, reason } = decision;
  switch (verdict) {
    case "no-baseline":
      return { kind: "no-baseline", head: evidence.head, reason };
    case "inconclusive":
      return { kind: "inconclusive", face: decision.face ?? "suspected", evidence, reason };
    case "pass":
    case "improved":
    case "warn":
    case "fail":
      return { kind: verdict, evidence, reason };
    case "invalid":
    case null:
      return { kind: "informs", evidence, reason };
  }
};

const gapVerdict = (decision: Decision | null): "inconclusive" | "invalid" | null =>
  decision?.verdict === "invalid" || decision?.verdict === "inconclusive" ? decision.verdict : null;

/** What a decision rests on; `detectable` is stated at `level`. */
export const evidenceOf = (
  question: Question,
  measured: Extract<Measured, { kind: "observed" }>,
  level: number,
): Evidence => {
  const { observed, against } = measured;
  const relative = question.limits.filter((limit) => !limit.terms.some(isAbsolute));
  const comparison = against.kind === "compared" ? against.comparison : null;
  const absoluteOnly = question.limits.length > 0 && relative.length === 0;
  const wished = relative.length > 0 ? relative.map((limit) => limit.terms) : [[]];
  const seen = wished.flatMap((terms) => comparison?.detectable(terms, level) ?? []);
  return {
    base: comparison?.base ?? null,
    head: observed.value,
    change: absoluteOnly ? null : (comparison?.change ?? null),
    detectable: absoluteOnly || seen.length === 0 ? null : Math.min(...seen),
    baseSamples: against.kind === "compared" ? against.samples : null,
    headSamples: observed.samples,
    baseRuns: against.kind === "compared" ? against.runs : 0,
    headRuns: observed.runs,
  };
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
