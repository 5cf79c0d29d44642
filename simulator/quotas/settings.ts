/** What Service Quotas holds and how it behaves. */
import { type Faults, faultChecks, noFaults } from "../aws/faults.ts";
import { atLeast, type Checks, orNull, parsePartial, recordOf, shapeOf } from "../settings.ts";

export type Quota = {
  /** What this account has; null: no applied value, NoSuchResourceException. */
  readonly applied?: number | null;
  /** AWS's default; null: no such quota. */
  readonly default?: number | null;
};

export type QuotasSettings = Faults & {
  /** By `service/code`, such as `lambda/L-B99A9384`, over the table of defaults in `quotas/known-quotas.ts`. */
  readonly quotas: Readonly<Record<string, Quota>>;
};

export const defaultQuotasSettings: QuotasSettings = { ...noFaults, quotas: {} };

const checks: Checks<QuotasSettings> = {
  ...faultChecks,
  quotas: recordOf(shapeOf<Quota>({ applied: orNull(atLeast(0)), default: orNull(atLeast(0)) })),
};

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseQuotasChange = (given: unknown): Partial<QuotasSettings> => parsePartial(checks, given);
