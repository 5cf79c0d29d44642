/** What can go wrong with any AWS service, as settings. */
import { atLeast, type Checks, flag, listOf, text } from "../settings.ts";

export type Faults = {
  /** No permission for any call: 403, at CloudWatch Logs and Service Quotas 400. */
  readonly denied: boolean;
  /** No permission for these operations only, such as `StartQuery`. */
  readonly deny: readonly string[];
  /** The security token has expired: the same statuses. */
  readonly expired: boolean;
  /** The next n calls are throttled. */
  readonly throttleFirst: number;
  /** The next n calls fail with HTTP 500. */
  readonly serverErrorFirst: number;
  /** Every answer takes this long, in milliseconds. */
  readonly slowMs: number;
};

export const noFaults: Faults = {
  denied: false,
  deny: [],
  expired: false,
  throttleFirst: 0,
  serverErrorFirst: 0,
  slowMs: 0,
};

export const faultChecks: Checks<Faults> = {
  denied: flag,
  deny: listOf(text),
  expired: flag,
  throttleFirst: atLeast(0),
  serverErrorFirst: atLeast(0),
  slowMs: atLeast(0),
};
