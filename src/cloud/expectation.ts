import { OUTCOME_CLASSES, type OutcomeClass, type OutcomeCounts } from "../load/outcome.ts";
import type { LoadResult } from "../load/result.ts";
import type { ProbeRecord } from "../target/readiness.ts";
import { cloudWindow, loadSpan } from "./window.ts";

/** How many of our requests Lambda must have seen, as Invocations or Throttles. Equal ends: we know exactly. */
export type Expectation = { readonly atLeast: number; readonly atMost: number };

/** One request in 200 may be missing from a count that is called complete; below 200 requests none. */
const TOLERATED_ONE_IN = 200;

/** Whether AWS has counted what it must have. */
export const isEnough = (seen: number, expected: number): boolean =>
  seen > 0 && seen >= expected - Math.floor(expected / TOLERATED_ONE_IN);

/**
 * `surely`: only the function can have given this answer. `maybe`: the front end may have answered in its place (its own
 * 429, a 403 of the firewall, a 503 without a target), or nobody knows how far the request came. `never`: it did not
 * leave this machine, or no connection came about.
 */
const REACHED_LAMBDA: Readonly<Record<OutcomeClass, "surely" | "maybe" | "never">> = {
  ok: "surely",
  "check-failed": "surely",
  throttled: "maybe",
  redirected: "maybe",
  "client-error": "maybe",
  "server-error": "maybe",
  timeout: "maybe",
  reset: "maybe",
  aborted: "maybe",
  "connect-error": "never",
  "tls-error": "never",
  "dns-error": "never",
  "local-error": "never",
};

/**
 * The range that AWS's count is reconciled with: everything the engine sent, by outcome class, and the readiness probes that fall
 * into the minutes asked about. Probes are `maybe`: the ready path may be served by another function or by a cache. A run
 * that sent nothing but probes has nothing to reconcile.
 */
export const expectedRequests = (
  load: Pick<LoadResult, "window" | "warmUp" | "preWarm" | "setup" | "teardown" | "totals">,
  probes: readonly ProbeRecord[],
): Expectation => {
  const span = loadSpan(load);
  const { start } = cloudWindow(span.start, span.end);
  const sent = [load.totals, load.warmUp, load.preWarm, load.setup, load.teardown];
  const parts = sent.map(({ outcomes }) => expectedOf(outcomes));
  const atMost = sum(parts.map((part) => part.atMost));
  const probed = atMost === 0 ? 0 : probes.filter((probe) => probe.at >= start && probe.connected).length;
  return { atLeast: sum(parts.map((part) => part.atLeast)), atMost: atMost + probed };
};

/** The same for what stands before Lambda: it has counted whatever was answered. */
export const expectedAtFrontEnd = (
  load: Parameters<typeof expectedRequests>[0],
  probes: readonly ProbeRecord[],
): Expectation => {
  const sent = [load.totals, load.warmUp, load.preWarm, load.setup, load.teardown];
  const answered = sent.flatMap(({ outcomes }) => ANSWERED.map((name) => outcomes[name]));
  return { ...expectedRequests(load, probes), atLeast: sum(answered) };
};

const ANSWERED = [
  "ok",
  "check-failed",
  "throttled",
  "redirected",
  "client-error",
  "server-error",
] as const satisfies readonly OutcomeClass[];

/** What requests with these outcomes have left at Lambda. */
export const expectedOf = (outcomes: OutcomeCounts): Expectation => {
  const countOf = (name: OutcomeClass): number => outcomes[name];
  return {
    atLeast: sum(OUTCOME_CLASSES.filter((name) => REACHED_LAMBDA[name] === "surely").map(countOf)),
    atMost: sum(OUTCOME_CLASSES.filter((name) => REACHED_LAMBDA[name] !== "never").map(countOf)),
  };
};

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
