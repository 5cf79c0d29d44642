import { summarise } from "../../../src/record/summarise.ts";
import type { RunSummary } from "../../../src/record/summary.ts";
import { record } from "../record/sample-record.ts";

/** A sound run of the base branch, one a minute in the order of `n`. */
export const summary = (n: number, some: Partial<RunSummary> = {}): RunSummary => ({
  ...summarise(record()),
  id: `run-${n}`,
  sha: `sha${n}`,
  runId: n,
  start: new Date(Date.UTC(2026, 10, 20, 12, n)).toISOString(),
  ...some,
});

/** The same run under another load. */
export const otherLoad = (run: RunSummary): RunSummary => ({
  ...run,
  fingerprint: { ...run.fingerprint, test: { ...run.fingerprint.test, users: 50 } },
});
