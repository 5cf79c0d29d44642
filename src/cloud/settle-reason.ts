import type { CloudState } from "./cloud.ts";
import type { Counts } from "./counts.ts";
import { type Expectation, isEnough } from "./expectation.ts";
import type { SettleRules, SettleState } from "./settle.ts";

/** One sentence about why AWS's figures are not `complete`; empty when they are. */
export const settleReason = (result: CloudState, rules: SettleRules, state: SettleState): string => {
  switch (result) {
    case "complete":
      return "";
    case "denied":
      return state.failure ?? "CloudWatch refused the call.";
    case "contaminated":
      return contaminatedReason(rules, state.counts);
    case "partial":
      return partialReason(rules, state.counts);
    case "incomplete":
      return incompleteReason(rules, state);
  }
};

/** `2,010`, or `1,990 to 2,010` when nobody knows how many of them reached Lambda. */
export const requestsText = ({ atLeast, atMost }: Expectation): string =>
  atLeast === atMost ? grouped(atMost) : `${grouped(atLeast)} to ${grouped(atMost)}`;

export const grouped = (count: number): string => Math.round(count).toLocaleString("en-US");

const contaminatedReason = ({ expected: { atMost }, subject }: SettleRules, counts: Counts | null): string => {
  const seen = counts?.seen ?? 0;
  return `AWS counted ${grouped(seen)} calls, ${grouped(seen - atMost)} more than the ${grouped(atMost)} requests that were sent: other traffic reached ${subject.what} during the run.`;
};

const partialReason = ({ expected }: SettleRules, counts: Counts | null): string => {
  const missing = counts?.missing ?? [];
  if (counts !== null && isOnlyAbsent(counts, expected)) return absentReason(expected, counts);
  if (missing.length > 0) return `AWS has no complete figures for ${missing.join(", ")} at the end of metrics-timeout.`;
  const seen = counts?.seen ?? 0;
  const coverage = ((100 * seen) / Math.max(1, expected.atLeast)).toFixed(1);
  return `AWS counted ${grouped(seen)} of ${requestsText(expected)} requests (${coverage} %) and no more came before the end of metrics-timeout.`;
};

/** What AWS counted is what was sent, and only functions without a single datapoint keep the figures from being whole. */
export const isOnlyAbsent = ({ seen, missing, absent }: Counts, { atLeast }: Expectation): boolean =>
  absent.length > 0 && absent.length === missing.length && isEnough(seen ?? 0, atLeast);

/**
 * A request may call several functions, so that a count which reaches the requests says nothing of the others: their
 * absence is told and never taken for 0.
 */
const absentReason = (expected: Expectation, { seen, absent }: Counts): string => {
  const [were, them, their] = absent.length === 1 ? ["it was", "it", "its"] : ["they were", "them", "their"];
  const counted = `AWS counted ${grouped(seen ?? 0)} calls for ${requestsText(expected)} requests`;
  return `${counted} and none of ${absent.join(", ")} until the end of metrics-timeout: ${were} not called during the run (then leave ${them} out of functions), or ${their} figures are late or under another name, alias or region.`;
};

const incompleteReason = ({ expected, subject }: SettleRules, { counts, failure }: SettleState): string => {
  const seen = counts?.seen ?? null;
  if (seen !== null)
    return `AWS was still counting at the end of metrics-timeout: ${grouped(seen)} of ${requestsText(expected)} requests.`;
  // Earlier answers without figures are no reason to suspect the names while the newest question failed.
  if (failure !== null) return `CloudWatch gave no answer before the end of metrics-timeout: ${failure}`;
  const names = subject.names.join(", ");
  return `AWS has no figures for ${names} in the minutes of the run: they are later than metrics-timeout, or the name, alias or region is another one.`;
};
