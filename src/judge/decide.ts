import type { Limit } from "../config/limits.ts";
import type { ErrorCode } from "../errors.ts";
import { type AbsoluteTerm, type Comparison, isAbsolute } from "./comparison.ts";
import type { StrictLevels } from "./levels.ts";
import type { Gap, Measured, Question } from "./measured.ts";
import { absoluteReason, type ChangeFacts, changeReason, noBaselineReason } from "./reasons.ts";
import type { Verdict } from "./verdict.ts";

/** What one limit, or all limits of a metric together, say. */
export type Decision = {
  /** `null`: nothing to say, of a limit that only warns. */
  readonly verdict: Verdict | null;
  /** Of an inconclusive estimate: inside the limit, or beyond it. */
  readonly face: "neutral" | "suspected" | null;
  /** Why a figure carries no decision; `null` when it was judged. */
  readonly code: ErrorCode | null;
  readonly reason: string;
};

type Judged = Extract<Measured, { kind: "observed" }>;

/** From worst to best: the order of SPEC 12.1, used for the limits of a metric and for the metrics of a run. */
export const WORST_FIRST: readonly Verdict[] = [
  "fail",
  "invalid",
  "inconclusive",
  "no-baseline",
  "warn",
  "improved",
  "pass",
];

/** The worst of a metric's limits, each in its own role; `null` without any limit. */
export const decideMetric = (question: Question, measured: Measured, levels: StrictLevels): Decision | null => {
  const decisions = question.limits.map((limit) => inRole(limit, decideLimit({ question, limit }, measured, levels)));
  return decisions.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
};

type Asked = { readonly question: Question; readonly limit: Limit };

const decideLimit = (asked: Asked, measured: Measured, levels: StrictLevels): Decision => {
  if (measured.kind === "gap") return fromGap(measured.gap);
  const bound = asked.limit.terms.find(isAbsolute);
  if (bound !== undefined)
    return distrustSurvivors(decideAbsolute({ ...asked, measured, bound }, levels.worse), asked, measured);
  switch (measured.against.kind) {
    case "gap":
      return fromGap(measured.against.gap);
    case "no-base":
      return judged("no-baseline", noBaselineReason(asked.question, measured, measured.against.reason));
    case "compared":
      return excuseNetwork(
        distrustSurvivors(decideChange({ ...asked, measured, ...measured.against, levels }), asked, measured),
        measured,
      );
  }
};

/**
 * SPEC 12.1. A lower bound beyond the limit implies the other condition of `fail` (bound beyond no change and estimate
 * beyond the limit), so the second one alone is asked. A change that is proved but inside the limit warns before it passes.
 */
const decideChange = (facts: ChangeFacts): Decision => {
  const { comparison, levels } = facts;
  const { terms } = facts.limit;
  const exceeds = comparison.exceeds(terms);
  const face = exceeds ? "suspected" : "neutral";
  const worse = comparison.pWorse <= levels.worse && comparison.doubt === null;
  const say = (outcome: Outcome): Decision => ({
    verdict: outcome.verdict,
    face: outcome.face ?? null,
    code: null,
    reason: changeReason(facts, outcome),
  });
  if (facts.unripe !== null) return say({ verdict: "inconclusive", face });
  if (worse) return say({ verdict: exceeds ? "fail" : "warn" });
  if (isImproved(comparison, facts.limit, levels)) return say({ verdict: "improved" });
  if (comparison.inside(terms)) return say({ verdict: "pass" });
  return say({ verdict: "inconclusive", face });
};

/**
 * Whether more rounds could still change what is said of a gating metric, at the levels of a look that is not the last.
 * A `fail` needs its bound beyond the limit here: one that is beyond no change only may yet turn out to lie inside.
 */
export const isDecided = (question: Question, measured: Measured, levels: StrictLevels): boolean => {
  if (measured.kind === "gap") return measured.gap.code !== "too-few-samples";
  if (measured.against.kind !== "compared") return true;
  const { comparison, unripe } = measured.against;
  if (unripe !== null) return false;
  const asked = question.limits.filter((limit) => limit.role === "gate" && !limit.terms.some(isAbsolute));
  return asked.every(({ terms }) => {
    if (comparison.doubt !== null && comparison.pWorse <= levels.worse) return false;
    return comparison.boundExceeds(terms, levels.worse) || comparison.inside(terms);
  });
};

/** A verdict of a comparison, with its face when it is inconclusive. */
export type Outcome = {
  readonly verdict: "fail" | "warn" | "improved" | "pass" | "inconclusive";
  readonly face?: "neutral" | "suspected";
};

const isImproved = (comparison: Comparison, limit: Limit, levels: StrictLevels): boolean =>
  comparison.pBetter <= levels.better && comparison.improvesByHalf(limit.terms);

/** Judged on the observed value; `fail` only when the excess is more than noise explains (SPEC section 6). */
const decideAbsolute = (
  facts: Asked & { readonly measured: Judged; readonly bound: AbsoluteTerm },
  level: number,
): Decision => {
  const { bound } = facts;
  const { observed } = facts.measured;
  const beyond = bound.kind === "at-most" ? observed.value > bound.value : observed.value < bound.value;
  const verdict = !beyond ? "pass" : observed.pBeyond(bound.value) <= level ? "fail" : "warn";
  return judged(verdict, absoluteReason(facts, { verdict, level }));
};

/** Where many requests fail, the latency of the others may still show a regression, but never its absence. */
const distrustSurvivors = (decision: Decision, { question }: Asked, measured: Judged): Decision => {
  const proves = decision.verdict === "fail" || decision.verdict === "warn" || decision.face === "suspected";
  if (measured.survivorsOnly === null || proves) return decision;
  return {
    verdict: "inconclusive",
    face: null,
    code: "head-failing",
    reason: `${measured.survivorsOnly}, so ${question.id} of the others can neither pass nor improve`,
  };
};

/** An excess that is the network's proves nothing about the code, and the run nothing in its favour. */
const excuseNetwork = (decision: Decision, { networkMoved }: Judged): Decision => {
  const blames = decision.verdict === "fail" || decision.verdict === "warn" || decision.face === "suspected";
  if (networkMoved === null || !blames) return decision;
  return { verdict: "inconclusive", face: null, code: "network-moved", reason: networkMoved };
};

/** A limit that only warns never says more than `warn`; what it cannot decide it does not say. */
const inRole = (limit: Limit, decision: Decision): Decision => {
  if (limit.role === "gate") return decision;
  switch (decision.verdict) {
    case "fail":
      return { ...decision, verdict: "warn" };
    case "invalid":
    case "inconclusive":
    case "no-baseline":
      return { ...decision, verdict: null, face: null };
    case "warn":
    case "improved":
    case "pass":
    case null:
      return decision;
  }
};

const rank = ({ verdict, face, code }: Decision): number =>
  verdict === null
    ? WORST_FIRST.length
    : WORST_FIRST.indexOf(verdict) + (face === "neutral" && code === null ? 0.5 : 0);

const fromGap = (gap: Gap): Decision => ({ verdict: gap.verdict, face: null, code: gap.code, reason: gap.reason });
const judged = (verdict: Verdict | null, reason: string): Decision => ({ verdict, face: null, code: null, reason });
