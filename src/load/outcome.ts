/** What became of a request (SPEC section 3). `ok` is the only success. */
export const OUTCOME_CLASSES = [
  "ok",
  "check-failed",
  "throttled",
  "redirected",
  "client-error",
  "server-error",
  "timeout",
  "connect-error",
  "reset",
  "tls-error",
  "dns-error",
  "aborted",
  "local-error",
] as const;
export type OutcomeClass = (typeof OUTCOME_CLASSES)[number];

/** Requests per outcome class; every class is present, 0 where nothing happened. */
export type OutcomeCounts = Readonly<Record<OutcomeClass, number>>;

/** Counts to add to; hand them out as `OutcomeCounts`. */
export type OutcomeCounter = Record<OutcomeClass, number>;

export const noOutcomes = (): OutcomeCounter => ({
  ok: 0,
  "check-failed": 0,
  throttled: 0,
  redirected: 0,
  "client-error": 0,
  "server-error": 0,
  timeout: 0,
  "connect-error": 0,
  reset: 0,
  "tls-error": 0,
  "dns-error": 0,
  aborted: 0,
  "local-error": 0,
});

/** Adds `counts` to `sum` in place. */
export const addOutcomes = (sum: OutcomeCounter, counts: OutcomeCounts): void => {
  for (const outcome of OUTCOME_CLASSES) sum[outcome] += counts[outcome];
};

/** Requests of all classes. */
export const countRequests = (counts: OutcomeCounts): number =>
  OUTCOME_CLASSES.reduce((sum, outcome) => sum + counts[outcome], 0);

/** Whether a request of this class failed by the target's doing. */
export const isFailure = (outcome: OutcomeClass): boolean =>
  outcome !== "ok" && outcome !== "aborted" && outcome !== "local-error";

/** Requests that failed by the target's doing; `aborted` and `local-error` are ours (SPEC 12.1, failure rate). */
export const countFailures = (counts: OutcomeCounts): number =>
  countRequests(counts) - counts.ok - counts.aborted - counts["local-error"];
