import { usableHistory } from "../baseline/common-tasks.ts";
import { isSound, uniteRuns } from "../baseline/history.ts";
import { effectiveLimits } from "../config/parse-limits.ts";
import { foreseenUndecidable } from "../judge/foresee.ts";
import type { BaselineFile } from "./baseline-file.ts";
import type { JudgePolicy } from "./judge-record.ts";

/**
 * Limits of the user's that a baseline file shows to be tighter than the noise, as sentences for before the load. Whether the
 * file measured this load is for later; its newest run says what its load is.
 */
export const foreseenLimits = ({ gate, aws }: JudgePolicy, file: BaselineFile | null): readonly string[] => {
  const runs = uniteRuns([file?.runs ?? []]).filter(isSound);
  const newest = runs.at(-1);
  if (newest === undefined) return [];
  const { used } = usableHistory(runs, newest);
  return foreseenUndecidable({
    baseline: { kind: "found", state: "file", sha: newest.sha, runs: used, notes: [] },
    limits: effectiveLimits(gate.limits, "history", aws),
    policy: gate,
    referenceRps: aws.referenceRps,
    configured: [],
  });
};
