/** Ledger entries as they come from a quiet function. */
import { idleAccount, type LedgerEntry } from "../../../simulator/ledger.ts";
import { epochMs, millis } from "../../../src/units.ts";

/** A request that reached Lambda at `atMs` (epoch milliseconds), ended after init and duration, and went well unless told. */
export const entryAt = (atMs: number, told: Partial<LedgerEntry> = {}): LedgerEntry => {
  const { durationMs = millis(0), initMs = millis(0) } = told;
  return {
    ...{ atMs: epochMs(atMs), endMs: epochMs(atMs + initMs + durationMs), durationMs, initMs, outcome: "ok" },
    ...{ reason: null, status: 200, servedMs: null, face: "rest", cloudfront: false, concurrent: 1, environment: 1 },
    ...{
      requestId: "6f1c1b5e-0000-4000-8000-000000000000",
      errorType: null,
      integrationMs: millis(initMs + durationMs),
    },
    ...{ latencyMs: millis(initMs + durationMs), version: "1", provisioned: false, answeredBy: "function" },
    account: idleAccount,
    ...told,
  };
};
