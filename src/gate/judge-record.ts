import type { Baseline } from "../baseline/baseline.ts";
import { likeBase } from "../baseline/common-tasks.ts";
import type { Config } from "../config/config.ts";
import { effectiveLimits } from "../config/parse-limits.ts";
import type { Problem } from "../errors.ts";
import { judgeRuns } from "../judge/judge.ts";
import type { Judgement } from "../judge/verdict.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import { systemNotes } from "../record/system-notes.ts";
import { judgePairedRecord } from "./judge-rounds.ts";

/** What of a configuration decides how a run is judged; nothing of it is needed to measure. */
export type JudgePolicy = Pick<Config, "gate"> & {
  readonly aws: Pick<Config["aws"], "referenceRps" | "maxConcurrency">;
};

/**
 * Judges run records, one or several of the same code, against a baseline. A record that holds rounds of both sides
 * brings its own base and needs none; a base that was given and refused still counts against it. The same files give the same judgement.
 */
export const judgeRecords = (policy: JudgePolicy, baseline: Baseline, records: readonly RunRecord[]): Judgement => {
  const [only] = records;
  const paired = records.length === 1 && only !== undefined && isMissing(baseline);
  return (paired ? judgePairedRecord(policy, only) : null) ?? judgeApart(policy, baseline, records);
};

const isMissing = (baseline: Baseline): boolean => baseline.kind === "none" && baseline.problem.severity !== "invalid";

const judgeApart = ({ gate, aws }: JudgePolicy, baseline: Baseline, records: readonly RunRecord[]): Judgement =>
  judgeRuns({
    baseline: withRecordNotes(baseline, records),
    heads: likeBase(records.map(summarise), baseline.kind === "found" ? baseline.leftOut : undefined),
    limits: effectiveLimits(gate.limits, baseline.kind === "absolute" ? "absolute" : "history", aws),
    policy: gate,
    referenceRps: aws.referenceRps,
    configured: [],
    problems: records.flatMap(({ validity }): readonly Problem[] => validity.problems),
    noise: baseline.kind === "found" ? (baseline.noise?.floor ?? null) : null,
  });

const ROUNDS_UNUSED =
  "the head was measured in rounds beside a base of its own, which is not used: it is compared with the baseline that was given";

/** What was deployed on the two sides: the run nearest to the baseline's commit against the last head. */
const withRecordNotes = (baseline: Baseline, records: readonly RunRecord[]): Baseline => {
  const head = records.at(-1);
  if (baseline.kind !== "found" || head === undefined) return baseline;
  const base = baseline.runs.findLast(({ sha }) => sha === baseline.sha) ?? baseline.runs.at(-1);
  if (base === undefined) return baseline;
  return {
    ...baseline,
    notes: [
      ...baseline.notes,
      ...(records.some(({ rounds }) => rounds !== undefined) ? [ROUNDS_UNUSED] : []),
      ...systemNotes(base.fingerprint.system, head.fingerprint.system),
    ],
  };
};
