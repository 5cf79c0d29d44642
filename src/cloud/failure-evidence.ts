import { countRequests, type OutcomeCounts } from "../load/outcome.ts";
import type { CloudResult, FunctionMetrics } from "./cloud.ts";
import type { FrontEndFacts } from "./facts.ts";
import type { AnswerRow } from "./front-end-answers.ts";
import { FRONT_END_LIMITS, type FrontEnd } from "./front-ends.ts";
import { grouped } from "./settle-reason.ts";

/** `refuted`: AWS counted, and it was not that. `suspected`: nobody counted, or the count cannot tell. */
export type Certainty = "confirmed" | "refuted" | "suspected";

/** What AWS can testify of. `null` is "AWS did not say". */
export type Evidence = {
  readonly throttles: number | null;
  readonly errors: number | null;
  /** Longest Duration, and the function's own timeout; milliseconds. */
  readonly longestMs: number | null;
  readonly timeoutMs: number | null;
  readonly frontEndTimeoutMs: number | null;
  /** Longest that the front end waited for what is behind it. */
  readonly waitedMs: number | null;
  /** Answered requests that Lambda never counted; `null` unless AWS's count is complete. */
  readonly notCounted: { readonly atLeast: number; readonly atMost: number } | null;
  /** Whose count that is: a load balancer tells its containers' answers from its own. */
  readonly counter: "Lambda" | "the load balancer's targets";
};

/** Requests beside the window's: warm-up that Lambda surely counted, and probes and others that it may have. */
export type Besides = { readonly surely: number; readonly maybe: number };

/** Lambda counted all of these answers and neither an error nor a throttle: the handler gave them itself. */
export const isHandlersOwn = ({ throttles, errors, notCounted }: Evidence, answers: number): boolean =>
  throttles === 0 && errors === 0 && notCounted !== null && notCounted.atMost < FEW * answers;

/** Below this share of the answers, requests that may be missing cannot be what they were. */
const FEW = 0.1;

export const evidenceOf = (input: {
  readonly frontEnd: FrontEnd | null;
  readonly outcomes: OutcomeCounts;
  readonly cloud: CloudResult | null;
  readonly besides: Besides;
}): Evidence => {
  const { cloud, outcomes, frontEnd, besides } = input;
  const complete = cloud?.state === "complete";
  const before = cloud?.facts?.frontEnd ?? null;
  const waits = {
    frontEndTimeoutMs: frontEnd === null ? null : FRONT_END_LIMITS[frontEnd].timeoutMs,
    waitedMs: complete ? (before?.integrationLatencyMs?.max ?? null) : null,
  };
  if (cloud !== null && cloud.functions.length === 0) return containerEvidence(before, { ...waits, complete });
  const functions = cloud?.functions ?? [];
  const throttles = countOf(functions, (one) => one.throttles);
  const errors = countOf(functions, (one) => one.errors);
  return {
    // A count that is short can confirm what it has, and refute nothing: zero means something only when it is whole.
    throttles: complete || (throttles ?? 0) > 0 ? throttles : null,
    errors: complete || (errors ?? 0) > 0 ? errors : null,
    longestMs: longest(functions),
    timeoutMs: timeoutOf(cloud),
    ...waits,
    counter: "Lambda",
    notCounted: complete && cloud.seen !== null ? uncounted(outcomes, besides, cloud.seen) : null,
  };
};

/** Without functions there is nothing that Lambda could have throttled or failed: what a balancer did not answer, its targets did. */
const containerEvidence = (
  before: FrontEndFacts | null,
  { complete, ...waits }: Pick<Evidence, "frontEndTimeoutMs" | "waitedMs"> & { readonly complete: boolean },
): Evidence => {
  const own = complete ? (before?.ownServerErrors ?? null) : null;
  const nothing = own === null ? null : 0;
  return {
    ...waits,
    throttles: nothing,
    errors: nothing,
    longestMs: null,
    timeoutMs: null,
    notCounted: own === null ? null : { atLeast: own, atMost: own },
    counter: "the load balancer's targets",
  };
};

/** How far AWS's counts carry one row of the table, for so many answers. */
export const judgeSituation = (
  { witness, situation }: Pick<AnswerRow, "witness" | "situation">,
  answers: number,
  evidence: Evidence,
): { readonly certainty: Certainty; readonly requests: number | null; readonly because: string } => {
  switch (witness) {
    case "throttles":
      return byCount("throttle", evidence.throttles, answers);
    case "errors":
      return situation === "function-timeout" ? byTimeout(evidence, answers) : byErrors(evidence, answers);
    case "duration":
      return byWaiting(evidence, answers);
    case "not-counted":
      return byAbsence(evidence, answers);
  }
};

type Finding = ReturnType<typeof judgeSituation>;

const byCount = (what: "throttle" | "error", count: number | null, answers: number): Finding => {
  const some = { requests: answers };
  if (count === null)
    return { ...some, certainty: "suspected", because: `AWS's count of ${what}s is not there to confirm it` };
  if (count === 0) return { ...some, certainty: "refuted", because: `AWS counted no ${what}s` };
  const named = `AWS counted ${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
  return { certainty: "confirmed", requests: Math.min(answers, count), because: named };
};

/** An error that reached the function's timeout is told as that. */
const byErrors = (evidence: Evidence, answers: number): Finding => {
  const finding = byCount("error", evidence.errors, answers);
  if (finding.certainty !== "confirmed" || !reachedTimeout(evidence)) return finding;
  return {
    ...finding,
    certainty: "suspected",
    because: `${finding.because}, and some invocations reached the function's timeout`,
  };
};

const byTimeout = (evidence: Evidence, answers: number): Finding => {
  const finding = byCount("error", evidence.errors, answers);
  if (finding.certainty !== "confirmed") return finding;
  if (evidence.timeoutMs === null || evidence.longestMs === null)
    return { ...finding, certainty: "suspected", because: "the function's timeout is not known" };
  const longestText = `the longest Duration was ${grouped(evidence.longestMs)} ms of ${grouped(evidence.timeoutMs)} ms`;
  return reachedTimeout(evidence)
    ? { ...finding, because: `${finding.because}; ${longestText}` }
    : { ...finding, certainty: "refuted", because: longestText };
};

/** Lambda stops a function a little before or after its timeout. */
const NEARLY = 0.99;

const reachedTimeout = ({ longestMs, timeoutMs }: Evidence): boolean =>
  longestMs !== null && timeoutMs !== null && longestMs >= NEARLY * timeoutMs;

const byWaiting = (evidence: Evidence, answers: number): Finding => {
  const { longestMs, frontEndTimeoutMs, timeoutMs, waitedMs } = evidence;
  const some = { requests: answers };
  if (longestMs === null) return { ...some, certainty: "suspected", because: "AWS has no Duration to confirm it" };
  const seen = `the longest Duration was ${grouped(longestMs)} ms`;
  // The front end had gone before the function was done: it was set to wait no longer than that.
  if (waitedMs !== null && longestMs > LONGER * waitedMs)
    return { ...some, certainty: "confirmed", because: `${seen}, and it waited ${grouped(waitedMs)} ms at most` };
  if (frontEndTimeoutMs === null) return { ...some, certainty: "suspected", because: seen };
  const limit = `${seen}, the front end waits ${grouped(frontEndTimeoutMs)} ms`;
  if (longestMs >= NEARLY * frontEndTimeoutMs) return { ...some, certainty: "confirmed", because: limit };
  // A shorter timeout may have been set at the front end, and a function that is cut at its own timeout was not waited for.
  const cut = timeoutMs !== null && longestMs >= NEARLY * timeoutMs;
  return { ...some, certainty: cut ? "refuted" : "suspected", because: `${limit} unless it was set shorter` };
};

/** Duration does not hold what the call itself takes, which the front end's wait does. */
const LONGER = 1.1;

const byAbsence = ({ notCounted, counter }: Evidence, answers: number): Finding => {
  const some = { requests: answers };
  if (notCounted === null) return { ...some, certainty: "suspected", because: "AWS's count is not there to tell" };
  const { atLeast, atMost } = notCounted;
  if (atMost < FEW * answers)
    return {
      ...some,
      certainty: "refuted",
      because: `${counter} ${counter === "Lambda" ? "counted the requests" : "gave these answers"}`,
    };
  if (atLeast === 0) return { ...some, certainty: "suspected", because: "AWS's count cannot tell" };
  const named = `${counter} never ${counter === "Lambda" ? "saw" : "answered"} ${grouped(atLeast)} requests`;
  return { certainty: "confirmed", requests: Math.min(answers, atLeast), because: named };
};

/**
 * Answers that Lambda did not count. At least: as if no probe had reached it, and beyond what a complete count may lack.
 * At most: as if every open request had been counted in place of an answered one.
 */
const uncounted = (outcomes: OutcomeCounts, besides: Besides, seen: number): Evidence["notCounted"] => {
  const open = outcomes.aborted + outcomes.timeout + outcomes.reset;
  const unreached = outcomes["connect-error"] + outcomes["tls-error"] + outcomes["dns-error"] + outcomes["local-error"];
  const counted = countRequests(outcomes) - unreached - open + besides.surely;
  const gap = counted - seen;
  return {
    atLeast: gap > COUNT_SLACK * counted ? gap : 0,
    atMost: Math.max(0, gap + open + besides.maybe),
  };
};

/** A count that is called complete may be short by one in 200. */
const COUNT_SLACK = 1 / 200;

const countOf = (
  functions: readonly FunctionMetrics[],
  figure: (one: FunctionMetrics) => number | null,
): number | null => {
  const known = functions.map(figure).filter((count) => count !== null);
  return known.length < functions.length || known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
};

const longest = (functions: readonly FunctionMetrics[]): number | null => {
  const known = functions.flatMap((one) => one.duration.max ?? []);
  return known.length === 0 ? null : Math.max(...known);
};

const timeoutOf = (cloud: CloudResult | null): number | null => {
  const known = (cloud?.facts?.functions ?? []).flatMap((one) => one.timeoutMs ?? []);
  return known.length === 0 ? null : Math.max(...known);
};
