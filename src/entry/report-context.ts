import type { Baseline } from "../baseline/baseline.ts";
import type { Config } from "../config/config.ts";
import type { Judgement } from "../judge/verdict.ts";
import type { RunRecord } from "../record/record.ts";
import { summariseRounds } from "../record/summarise-rounds.ts";
import type { ReportContext } from "../report/report.ts";

/** What was judged, as the report needs it. */
export type Judged = { readonly record: RunRecord; readonly baseline: Baseline; readonly judgement: Judgement };

/** What the report says about its surroundings. */
export const reportContext = (
  { name, aws }: Pick<Config, "name" | "aws">,
  judged: Judged,
  { runUrl, runRecord }: { readonly runUrl: string | null; readonly runRecord: string | null },
): ReportContext => ({
  name,
  baseBranch: judged.record.git.baseBranch,
  headSha: judged.record.git.sha,
  region: aws.region,
  runUrl,
  runRecord,
  referenceRate: referenceRate(aws, judged),
});

/** The rate that required concurrency is stated at: the mean over the plateau (the newest `used` runs), else our own. */
const referenceRate = (
  { referenceRps }: Config["aws"],
  { record, baseline, judgement }: Judged,
): ReportContext["referenceRate"] => {
  if (referenceRps !== null) return { perSecond: referenceRps, from: "reference-rps" };
  const pair = judgement.mode === "paired" ? summariseRounds(record) : null;
  if (pair !== null && pair.arms.base.rate > 0) return { perSecond: pair.arms.base.rate, from: "baseline" };
  const used = judgement.baseline?.used ?? 0;
  if (baseline.kind !== "found" || used === 0)
    return { perSecond: record.totals.steadyRate ?? record.totals.rate, from: "this run" };
  const rates = baseline.runs.slice(-used).map((run) => run.rate);
  return { perSecond: rates.reduce((sum, rate) => sum + rate, 0) / rates.length, from: "baseline" };
};
