/** What all functions of the account share. */
import { atLeast, type Checks, orNull, parsePartial, text } from "../settings.ts";

export type AccountSettings = {
  /**
   * Concurrent executions of the whole account, shared by every function without reserved concurrency. null: each has its
   * own `concurrencyLimit`, and GetAccountSettings tells the smallest of those whose `limitKind` is `account`, or 1,000.
   */
  readonly concurrentExecutions: number | null;
  /** The region everything is in: calls signed for another one find nothing. null answers in every region. */
  readonly region: string | null;
};

export const defaultAccountSettings: AccountSettings = { concurrentExecutions: null, region: null };

const checks: Checks<AccountSettings> = { concurrentExecutions: orNull(atLeast(0)), region: orNull(text) };

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseAccountChange = (given: unknown): Partial<AccountSettings> => parsePartial(checks, given);
