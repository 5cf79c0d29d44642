import type { Baseline } from "../baseline/baseline.ts";
import type { Config } from "../config/config.ts";
import type { RunRecord } from "../record/record.ts";
import type { ReportContext } from "../report/report.ts";

/** What the report says about its surroundings. */
export const reportContext = (
  { name, aws }: Pick<Config, "name" | "aws">,
  { record, baseline }: { readonly record: RunRecord; readonly baseline: Baseline },
  { runUrl, runRecord }: { readonly runUrl: string | null; readonly runRecord: string | null },
): ReportContext => ({
  name,
  baseBranch: record.git.baseBranch,
  headSha: record.git.sha,
  region: aws.region,
  runUrl,
  runRecord,
  referenceRate: referenceRate(aws, baseline),
});

const referenceRate = ({ referenceRps }: Config["aws"], baseline: Baseline): ReportContext["referenceRate"] => {
  if (referenceRps !== null) return { perSecond: referenceRps, from: "reference-rps" };
  if (baseline.kind !== "found") return null;
  const rates = baseline.runs.map((run) => run.rate);
  return { perSecond: rates.reduce((sum, rate) => sum + rate, 0) / rates.length, from: "baseline" };
};
