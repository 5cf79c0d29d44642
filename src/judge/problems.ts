import type { ErrorCode, Problem } from "../errors.ts";
import type { Measurement } from "./base-side.ts";
import { undecidableLimits } from "./undecidable.ts";
import type { Judgement, MetricJudgement } from "./verdict.ts";

/**
 * What the gating metrics could not decide, said once: figures that are missing (one problem a code, unless the caller
 * has said it), and limits that are tighter than the noise.
 */
export const metricProblems = (
  measurements: readonly Measurement[],
  metrics: readonly MetricJudgement[],
  { known, mode }: { readonly known: readonly Problem[]; readonly mode: Judgement["mode"] },
): readonly Problem[] => {
  const said = new Set(known.map((problem) => problem.code));
  return [
    ...missingFigures(metrics).filter((problem) => !said.has(problem.code)),
    ...measurements.flatMap((measurement, i) => undecidable(measurement, metrics[i], mode === "paired")),
  ];
};

const missingFigures = (metrics: readonly MetricJudgement[]): readonly Problem[] => {
  const byCode = new Map<ErrorCode, { readonly ids: string[]; readonly reason: string }>();
  for (const { id, gates, finding } of metrics) {
    if (!gates || finding.kind !== "not-measured") continue;
    const known = byCode.get(finding.code);
    if (known === undefined) byCode.set(finding.code, { ids: [id], reason: finding.reason });
    else known.ids.push(id);
  }
  return [...byCode].map(([code, { ids, reason }]) => ({
    code,
    severity: "warning",
    message: `${ids.join(", ")} cannot be judged: ${reason.replace(/\.$/, "")}.`,
    hint: HINTS[code] ?? "The other metrics stand.",
  }));
};

const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  "too-few-samples": "Send more requests: more users, a longer run-time or a shorter wait-time.",
  "head-failing": "Mend the failures first; latency can be judged when nine requests of ten succeed.",
  "cloud-incomplete": "Raise metrics-timeout, or check that the functions named are the ones that are called.",
  "cloud-denied": "Give the job AWS credentials that may call cloudwatch:GetMetricData (docs/permissions.md).",
  "cloud-contaminated": "Keep other traffic away from the functions while the test runs.",
  "network-moved": "Run it again: the network moved, not the code.",
  "tasks-differ": "After the merge both sides have the same tasks again; absolute limits are judged all the same.",
  "not-in-import": "Give a file that holds every request (docs/import.md), or set the limit of the metric to off.",
  "no-requests": "Check that the target is called at all and that the names in the limits are those of the test.",
};

const undecidable = (
  { question, measured }: Measurement,
  metric: MetricJudgement | undefined,
  paired: boolean,
): readonly Problem[] => {
  if (metric?.gates !== true || metric.finding.kind !== "inconclusive") return [];
  return undecidableLimits(question, measured, { paired, detectable: metric.finding.evidence.detectable });
};
