/** How CloudWatch behaves: when it is late, incomplete or refuses. */
import { atLeast, between, type Checks, flag, orNull, parsePartial, text } from "../settings.ts";

export type CloudwatchSettings = {
  /** Samples appear this long after the invocation ended, in milliseconds. */
  readonly delayMs: number;
  /** Share of samples that appear at once, ahead of `delayMs`. */
  readonly drip: number;
  /** Share of samples that never appear. */
  readonly lostShare: number;
  /** No data, ever. */
  readonly empty: boolean;
  /** 403 AccessDenied. */
  readonly denied: boolean;
  /** The next n calls fail with Throttling. */
  readonly throttleFirst: number;
  /** The next n calls fail with HTTP 500. */
  readonly serverErrorFirst: number;
  /** The next n calls answer every query with `StatusCode: InternalError`. */
  readonly internalError: number;
  /** Publishes Throttles = 0 and Errors = 0 with each invocation, as Lambda does today. */
  readonly zeroSamples: boolean;
  /** Invocations of somebody else in each window: they stand at the time of the window's first own invocation. */
  readonly foreignInvocations: number;
  /** At most this many data points a page, whatever the caller allows; null leaves it to `MaxDatapoints`. */
  readonly pageSize: number | null;
  /** Every answer takes this long, in milliseconds. */
  readonly slowMs: number;
  /** A top-level message in every answer. */
  readonly message: string | null;
};

export const defaultCloudwatchSettings: CloudwatchSettings = {
  delayMs: 0,
  drip: 0,
  lostShare: 0,
  empty: false,
  denied: false,
  throttleFirst: 0,
  serverErrorFirst: 0,
  internalError: 0,
  zeroSamples: true,
  foreignInvocations: 0,
  pageSize: null,
  slowMs: 0,
  message: null,
};

const checks: Checks<CloudwatchSettings> = {
  delayMs: atLeast(0),
  drip: between(0, 1),
  lostShare: between(0, 1),
  empty: flag,
  denied: flag,
  throttleFirst: atLeast(0),
  serverErrorFirst: atLeast(0),
  internalError: atLeast(0),
  zeroSamples: flag,
  foreignInvocations: atLeast(0),
  pageSize: orNull(atLeast(1)),
  slowMs: atLeast(0),
  message: orNull(text),
};

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseCloudwatchChange = (given: unknown): Partial<CloudwatchSettings> => parsePartial(checks, given);
