/** How CloudWatch behaves: when it is late, incomplete or refuses. */
import { type Faults, faultChecks, noFaults } from "../aws/faults.ts";
import {
  atLeast,
  between,
  type Checks,
  flag,
  listOf,
  orNull,
  parsePartial,
  recordOf,
  shapeOf,
  text,
} from "../settings.ts";

/** A metric that no ledger gives: one data point at the start of whatever window is asked for. */
export type ConstantMetric = {
  readonly namespace?: string;
  readonly metric?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** By statistic, such as `{"Average": 41.5, "Maximum": 70}`. A statistic that is not here has no data. */
  readonly statistics?: Readonly<Record<string, number>>;
};

export type CloudwatchSettings = Faults & {
  /** Samples appear this long after the invocation ended, in milliseconds. */
  readonly delayMs: number;
  /** Share of samples that appear at once, ahead of `delayMs`. */
  readonly drip: number;
  /** Share of samples that never appear. */
  readonly lostShare: number;
  /** No data, ever. */
  readonly empty: boolean;
  /** The next n calls answer every query with `StatusCode: InternalError`. */
  readonly internalError: number;
  /** The next n calls answer every query with the first half of its points and `StatusCode: PartialData`, with no token. */
  readonly partialFirst: number;
  /** Every query is answered with `StatusCode: Forbidden` and no values. */
  readonly forbidden: boolean;
  /** How often each sample of the ledger was counted. */
  readonly copies: number;
  /** Throttled Function URL calls are counted as Invocations too, as one emulator does. */
  readonly throttlesAsInvocations: boolean;
  /** Metrics with values of their own; they come before those of the ledgers. */
  readonly constants: readonly ConstantMetric[];
  /** Publishes Throttles = 0 and Errors = 0 with each invocation, as Lambda does today. */
  readonly zeroSamples: boolean;
  /** Invocations of somebody else in each window: they stand at the time of the window's first own invocation. */
  readonly foreignInvocations: number;
  /** At most this many data points a page, whatever the caller allows; null leaves it to `MaxDatapoints`. */
  readonly pageSize: number | null;
  /** A top-level message in every answer. */
  readonly message: string | null;
};

export const defaultCloudwatchSettings: CloudwatchSettings = {
  ...noFaults,
  delayMs: 0,
  drip: 0,
  lostShare: 0,
  empty: false,
  internalError: 0,
  partialFirst: 0,
  forbidden: false,
  copies: 1,
  throttlesAsInvocations: false,
  constants: [],
  zeroSamples: true,
  foreignInvocations: 0,
  pageSize: null,
  message: null,
};

const constantChecks: Checks<ConstantMetric> = {
  namespace: text,
  metric: text,
  dimensions: recordOf(text),
  statistics: recordOf((value) => (typeof value === "number" ? undefined : "must be a number")),
};

const checks: Checks<CloudwatchSettings> = {
  ...faultChecks,
  delayMs: atLeast(0),
  drip: between(0, 1),
  lostShare: between(0, 1),
  empty: flag,
  internalError: atLeast(0),
  partialFirst: atLeast(0),
  forbidden: flag,
  copies: atLeast(1),
  throttlesAsInvocations: flag,
  constants: listOf(shapeOf(constantChecks)),
  zeroSamples: flag,
  foreignInvocations: atLeast(0),
  pageSize: orNull(atLeast(1)),
  message: orNull(text),
};

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseCloudwatchChange = (given: unknown): Partial<CloudwatchSettings> => parsePartial(checks, given);
