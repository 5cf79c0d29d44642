import type { ErrorCode } from "../errors.ts";
import type { RunSummary } from "../record/summary.ts";
import type { Gap, Question, Sides } from "./measured.ts";
import { count } from "./wording.ts";

/**
 * Why the heads carry no decision about a metric, "absent" when nobody asked for it and it is not there, `null` when the
 * heads are fine. Every head must carry it: the mean of those that do would be a choice of the lucky ones.
 */
export const headGap = (question: Question, sides: Sides): Gap | "absent" | null => {
  const { id, info } = question;
  if (sides.heads.length === 0) return "absent";
  for (const head of sides.heads) {
    const said = saidOf(question, head);
    if (said !== undefined)
      return { verdict: verdictOfCode(said.code), code: said.code, head: null, reason: `${id}: ${said.reason}` };
  }
  if (sides.heads.some((head) => !isMeasured(question, head)))
    return question.configured || (info.source === "client" && sides.base.some((run) => isMeasured(question, run)))
      ? missing(question)
      : "absent";
  const short = sides.heads.find((head) => samplesOf(question, head) < info.minSamples);
  return short === undefined ? null : tooFew(question, short, { whose: "this run", head: short.values[id] ?? null });
};

/** Base runs whose figure can be compared; a quantile of too few is left out. */
export const usableBase = (question: Question, runs: readonly RunSummary[]): readonly RunSummary[] =>
  runs.filter((run) => hasFigure(question, run) && samplesOf(question, run) >= question.info.minSamples);

/** Why no base run is usable although some have the figure; `null` when none has it. */
export const baseGap = (question: Question, { base, heads }: Sides): Gap | null => {
  const short = base.find((run) => hasFigure(question, run));
  if (short === undefined) return null;
  return tooFew(question, short, { whose: "the base's run", head: heads[0]?.values[question.id] ?? null });
};

/** The figure is there and nothing was said against it. */
const hasFigure = (question: Question, run: RunSummary): boolean =>
  saidOf(question, run) === undefined && isMeasured(question, run);

/** What a run says against the figure; about a task or function also what it says of the whole. */
const saidOf = (question: Question, run: RunSummary): RunSummary["unmeasured"][string] | undefined =>
  run.unmeasured[question.id] ?? (isMeasured(question, run) ? undefined : run.unmeasured[question.info.id]);

const isMeasured = ({ id, info, scope }: Question, run: RunSummary): boolean => {
  if (info.id === "required-concurrency") return run.functions.some((one) => scope === null || one.function === scope);
  if (info.family === "counts") return (run.counts[id]?.trials ?? 0) > 0;
  return Number.isFinite(run.values[id]);
};

/** Only quantiles have a least number; what does not say how many it rests on rests on none. */
const samplesOf = ({ id, info }: Question, run: RunSummary): number =>
  info.minSamples > 1 ? (run.samples[id] ?? 0) : Number.POSITIVE_INFINITY;

const tooFew = (
  question: Question,
  run: RunSummary,
  { whose, head }: { readonly whose: string; readonly head: number | null },
): Gap => {
  const { id, info } = question;
  const needed = `${count(info.minSamples)} ${info.source === "cloud" ? "invocations" : "ok responses"}`;
  const reason = `${id} needs ${needed}, ${whose} has ${count(samplesOf(question, run))}`;
  return { verdict: "invalid", code: "too-few-samples", head, reason };
};

const missing = ({ id, info, scope }: Question): Gap => {
  const code: ErrorCode = info.source === "cloud" ? "cloud-incomplete" : "no-requests";
  const what = scope === null ? "it was asked for" : `nothing is known of "${scope}"`;
  return { verdict: "inconclusive", code, head: null, reason: `${id} was not measured, and ${what}` };
};

/** What AWS could not tell leaves the question open; what the load itself did not deliver makes the metric worthless. */
const verdictOfCode = (code: ErrorCode): Gap["verdict"] =>
  code === "too-few-samples" || code === "no-requests" ? "invalid" : "inconclusive";
