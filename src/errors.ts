/**
 * Two families of errors. The user's: a stable code, one sentence, a hint and a docs anchor, never a stack trace.
 * Ours: anything else that is thrown; everything about it is shown. Expected absence (no baseline, no data) is a value.
 */

/** Every problem the product can name. `errors/catalogue.ts` says what each means, `docs/errors.md` is written from it. */
export const ERROR_CODES = [
  // wrong usage or configuration: nothing was sent
  "unknown-input",
  "unknown-command",
  "bad-value",
  "missing-value",
  "conflicting-values",
  "not-built-yet",
  "unset-variable",
  "unreadable-file",
  "host-not-allowed",
  "record-unreadable",
  "record-invalid",
  "import-unreadable",
  "import-refused",
  "artifact-name-taken",
  "function-not-found",
  "service-not-found",
  "stack-not-usable",
  "several-environments",
  "production-refused",
  "credentials-missing",
  "max-cost-exceeded",
  "node-too-old",
  "not-a-shard",
  "file-exists",
  "several-stacks",
  "not-at-the-root",
  // the whole run cannot be judged
  "target-not-ready",
  "deployment-not-found",
  "deployment-not-ready",
  "deployment-failed",
  "deployment-error",
  "deployment-inactive",
  "deployment-without-url",
  "deployments-not-readable",
  "target-refused",
  "target-redirects",
  "target-failing",
  "generator-saturated",
  "worker-lost",
  "scenario-blocked",
  "interrupted",
  "changed-by-hand",
  "fingerprint-mismatch",
  "deployment-changed",
  "shard-missing",
  "shard-double",
  "shards-apart",
  "no-requests",
  "too-few-rounds",
  // one metric cannot be judged
  "too-few-samples",
  "head-failing",
  "cloud-incomplete",
  "cloud-denied",
  "cloud-contaminated",
  "network-moved",
  "not-in-import",
  "tasks-differ",
  // the run stands, something beside it did not work
  "no-baseline",
  "baseline-refused",
  "comment-not-written",
  "artifact-not-stored",
  "status-not-written",
  "summary-not-written",
  "limit-not-decidable",
  "concurrency-limit",
  "stopped-early",
  "same-record",
  "import-note",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What a problem does: `usage` ends with exit 2 before anything is sent, `invalid` makes the run worthless, the others inform. */
export type Severity = "usage" | "invalid" | "warning" | "note";

/** One thing that is wrong, said to the person who can mend it. */
export type Problem = {
  readonly code: ErrorCode;
  readonly severity: Severity;
  /** One sentence: what is wrong, with the offending value. */
  readonly message: string;
  /** One sentence: what to do about it. */
  readonly hint: string;
};

/** Thrown at the edge when the user must change something; carries all problems at once. */
export class UserError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join("; "));
    this.name = "UserError";
    this.problems = problems;
  }
}

export const usageProblem = (code: ErrorCode, message: string, hint: string): Problem => ({
  code,
  severity: "usage",
  message,
  hint,
});

/** Either a value or all the problems that kept us from having it. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const refused = (problems: readonly Problem[]): Parsed<never> => ({ ok: false, problems });

/** Exit codes of the command line (SPEC 2.2). */
export const ExitCode = {
  gateOpen: 0,
  gateClosed: 1,
  usage: 2,
  invalid: 3,
  bug: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Makes the compiler prove that a switch is exhaustive. */
export const assertNever = (value: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
};
