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
