import type { Baseline } from "../baseline/baseline.ts";
import { CALIBRATED_ROUNDS } from "../baseline/calibration.ts";
import { isSound } from "../baseline/history.ts";
import type { RunSummary } from "../record/summary.ts";
import type { Measured, Question } from "./measured.ts";
import { gates } from "./metric.ts";
import { LEARNED_RUNS } from "./spread.ts";
import type { BaselineFacts, Spread } from "./verdict.ts";
import { amount, percent, points } from "./wording.ts";

/** Judgeable base runs in the order of their windows. Invalid and interrupted ones never are, whatever the caller found. */
export const judgeableBase = (baseline: Baseline): readonly RunSummary[] =>
  baseline.kind === "found"
    ? baseline.runs.filter(isSound).toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))
    : [];

/** Why there is nothing to compare with, as a clause. */
export const whyNoBase = (baseline: Baseline): string => {
  switch (baseline.kind) {
    case "none":
      return baseline.problem.message.replace(/\.$/, "");
    case "absolute":
      return "baseline: none was asked for";
    case "found":
      return "no run of the base is valid and complete";
  }
};

/** One metric with what was measured of it. */
export type Measurement = { readonly question: Question; readonly measured: Measured };

/** `used` counts the runs since the latest step of any gating metric; `null` when no base run can be used. */
export const baselineFacts = (
  baseline: Baseline,
  base: readonly RunSummary[],
  measurements: readonly Measurement[],
): BaselineFacts | null => {
  if (baseline.kind !== "found" || base.length === 0) return null;
  const cuts = measurements.flatMap(({ question, measured }) => {
    const plateau = plateauOf(measured);
    return gates(question) && plateau?.cut === true ? [base.indexOf(plateau.first)] : [];
  });
  const used = base.length - Math.max(0, ...cuts);
  const rounds = baseline.noise?.rounds ?? 0;
  const { state, sha, runs, notes } = baseline;
  return {
    state,
    sha,
    runs: runs.length,
    used,
    spread: spreadOf(base.length, rounds),
    ...(rounds > 0 ? { calibrated: rounds } : {}),
    notes,
  };
};

/** "The base itself became 18 % slower at 1a2b3c4 and nobody accepted it": once a run, with the metrics it moved. */
export const unacceptedSteps = (measurements: readonly Measurement[]): readonly string[] => {
  const notes = new Map<RunSummary, { readonly text: string; readonly metrics: string[] }>();
  for (const { question, measured } of measurements) {
    if (question.limits.length === 0) continue;
    for (const { run, before, after } of plateauOf(measured)?.worseSteps ?? []) {
      const moved = `${question.id} ${amount(before, question.info.unit)} to ${amount(after, question.info.unit)}`;
      const known = notes.get(run);
      if (known === undefined) notes.set(run, { text: stepText(question, run, { before, after }), metrics: [moved] });
      else known.metrics.push(moved);
    }
  }
  return [...notes.values()].map(({ text, metrics }) => `${text} (${metrics.join(", ")})`);
};

const stepText = (
  { info }: Question,
  run: RunSummary,
  { before, after }: { readonly before: number; readonly after: number },
): string => {
  const size = (info.family === "counts" ? points(after - before) : percent(after / before - 1)).slice(1);
  const where = run.sha === null ? `with the run of ${run.start}` : `at ${run.sha.slice(0, 7)}`;
  return `the base itself became ${size} ${info.family === "latency" ? "slower" : "worse"} ${where} and nobody accepted it`;
};

const plateauOf = (measured: Measured) =>
  measured.kind === "observed" && measured.against.kind === "compared" ? measured.against.plateau : null;

/** How much runs scatter is learned from all of them, also from those before a step, or from the rounds of `calibrate`. */
const spreadOf = (runs: number, rounds: number): Spread => {
  if (runs >= LEARNED_RUNS || rounds >= CALIBRATED_ROUNDS) return "learned";
  return runs > 1 || rounds > 0 ? "learning" : "prior";
};
