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
  const short = shortage(question, sides.heads, sides.design);
  if (short === null) return null;
  const whose = sides.design.kind === "runs" ? "this run" : "the head";
  return tooFew(question, short, { whose, head: sides.heads[0]?.values[id] ?? null });
};

/**
 * Base runs whose figure can be compared; a quantile of too few is left out. Rounds are used all or not at all: without
 * one of them the base would be another mean than the head.
 */
export const usableBase = (question: Question, { base, design }: Sides): readonly RunSummary[] => {
  if (design.kind === "runs")
    return base.filter((run) => hasFigure(question, run) && samplesOf(question, run) >= question.info.minSamples);
  return base.every((run) => hasFigure(question, run)) && shortage(question, base, design) === null ? base : [];
};

/** Why no base run is usable although some have the figure; `null` when none has it. */
export const baseGap = (question: Question, { base, heads, design }: Sides): Gap | null => {
  const head = heads[0]?.values[question.id] ?? null;
  const says = base.map((run) => saidOf(question, run));
  // Apart, one run of the base that can be compared is enough.
  if (design.kind !== "runs" || (says.length > 0 && says.every((one) => one?.code === "tasks-differ")))
    return armGap(question, base, { design, head });
  const short = shortage(
    question,
    base.filter((run) => hasFigure(question, run)),
    design,
  );
  return short === null ? null : tooFew(question, short, { whose: "the base's run", head });
};

/** A base arm that was measured beside the head owes its figure; its absence is no missing baseline. */
const armGap = (
  question: Question,
  base: readonly RunSummary[],
  { design, head }: Pick<Sides, "design"> & { readonly head: number | null },
): Gap | null => {
  const lost = base.find((run) => !hasFigure(question, run));
  if (lost === undefined) {
    const short = shortage(question, base, design);
    return short === null ? null : tooFew(question, short, { whose: "the base", head });
  }
  const said = saidOf(question, lost);
  if (said === undefined) return { ...missing(question), head };
  return {
    verdict: verdictOfCode(said.code),
    code: said.code,
    head,
    reason: `${question.id} of the base: ${said.reason}`,
  };
};

/** A round's quantile needs a tenth of what a run's needs: its noise is in the scatter of the rounds. All together need it all. */
const ROUND_SHARE = 0.1;

/** Fewer observations than are needed: in a run, or in one round of several. */
type Shortage = { readonly has: number; readonly needed: number; readonly inRound: boolean };

const shortage = (question: Question, runs: readonly RunSummary[], design: Sides["design"]): Shortage | null => {
  const needed = question.info.minSamples;
  const sizes = runs.map((run) => samplesOf(question, run));
  const least = Math.min(...sizes);
  if (design.kind !== "rounds") return least < needed ? { has: least, needed, inRound: false } : null;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total < needed) return { has: total, needed, inRound: false };
  return least < needed * ROUND_SHARE ? { has: least, needed: needed * ROUND_SHARE, inRound: true } : null;
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
  { has, needed, inRound }: Shortage,
  { whose, head }: { readonly whose: string; readonly head: number | null },
): Gap => {
  const { id, info } = question;
  const of = `${count(needed)} ${info.source === "cloud" ? "invocations" : "ok responses"}`;
  const reason = inRound
    ? `${id} needs ${of} in every round, ${whose} has ${count(has)} in one`
    : `${id} needs ${of}, ${whose} has ${count(has)}`;
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
