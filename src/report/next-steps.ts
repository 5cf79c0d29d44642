import { assertNever, type ErrorCode } from "../errors.ts";
import { LEARNED_RUNS } from "../judge/spread.ts";
import { type Judgement, verdictOf } from "../judge/verdict.ts";
import { plainText } from "./escape.ts";
import { countOf } from "./format.ts";
import { faceOf, isSuspected, leadingProblem } from "./leading.ts";
import type { ReportContext } from "./report.ts";
import { inOrder, nameOf } from "./rows.ts";

/** What to do now, the first thing first; empty when nothing has to be done. */
export const nextSteps = (
  judgement: Judgement,
  context: ReportContext,
  pullRequest: number | null,
): readonly string[] => {
  switch (judgement.verdict) {
    case "pass":
    case "improved":
      return [];
    case "warn":
      return ["No action is needed; look at it before such changes add up."];
    case "fail":
      return [...failSteps(judgement, context, pullRequest), ...missingSteps(judgement)];
    case "inconclusive":
      return [
        ...leadingHint(judgement),
        ...missingSteps(judgement),
        ...undecidedSteps(judgement, context),
        ...acceptSteps(judgement, pullRequest),
      ];
    case "invalid":
      return orElse([...leadingHint(judgement), ...missingSteps(judgement)], `${againOf(context)}.`);
    case "no-baseline":
      return orElse(leadingHint(judgement), `A push to ${branchOf(context)} stores the first baseline.`);
    default:
      return assertNever(judgement.verdict);
  }
};

const orElse = (steps: readonly string[], otherwise: string): readonly string[] =>
  steps.length > 0 ? steps : [otherwise];

const branchOf = ({ baseBranch }: ReportContext): string => baseBranch ?? "the base branch";

/** Outside a workflow there is no job. */
const againOf = ({ runUrl }: ReportContext): string => (runUrl === null ? "Run it again" : "Re-run the job");

const failSteps = (judgement: Judgement, { runUrl }: ReportContext, pullRequest: number | null): readonly string[] => {
  const failed = inOrder(judgement).filter((metric) => metric.gates && verdictOf(metric.finding) === "fail");
  const throttled = failed.some(({ id }) => id.startsWith("lambda-throttles"));
  const [first] = failed;
  return [
    runUrl === null ? "Fix it, and run it again." : "Fix and push; to measure this commit again, re-run the job.",
    ...(throttled ? ["Throttled: raise the function's or the account's concurrency."] : []),
    ...(first === undefined || pullRequest !== null
      ? []
      : [`If it is intended, change the limit of ${nameOf(first)}.`]),
    ...acceptSteps(judgement, pullRequest),
  ];
};

/** The way out for a regression that is wanted: the label and the line that name what is accepted (docs/github.md). */
const acceptSteps = (judgement: Judgement, pullRequest: number | null): readonly string[] => {
  if (judgement.gateOpen || pullRequest === null) return [];
  const closers = inOrder(judgement).filter(
    ({ gates, finding }) => gates && (verdictOf(finding) === "fail" || isSuspected({ finding })),
  );
  if (closers.length === 0) return [];
  // Whole, because a name that was cut accepts nothing.
  const names = closers.map(({ id }) => plainText(id)).join(", ");
  return [`Intended? Comment "Perf-Accept: ${names} because WHY", label perf-accepted.`];
};

const undecidedSteps = (judgement: Judgement, context: ReportContext): readonly string[] => {
  const face = faceOf(judgement);
  if (face === "unmeasured") return [];
  const sharper = sharperSteps(judgement, context);
  return face === "suspected" ? [`${againOf(context)}: a second run tells a change from noise.`, ...sharper] : sharper;
};

const sharperSteps = ({ mode, baseline }: Judgement, context: ReportContext): readonly string[] => {
  if (mode === "paired") return ["To see smaller changes, raise max-duration: more rounds are measured."];
  const missing = baseline === null ? LEARNED_RUNS : LEARNED_RUNS - baseline.used;
  const learn = missing > 0 ? `${countOf(missing, "more run")} of ${branchOf(context)}` : "a longer run-time";
  return [`To see smaller changes: ${learn}, or paired mode (base-url), which measures both sides in one job.`];
};

const leadingHint = (judgement: Judgement): readonly string[] => {
  const problem = leadingProblem(judgement);
  return problem === null ? [] : [`${problem.hint} (${problem.code})`];
};

/** One step per reason why a metric has no figure, unless a problem in the report brings its own hint. */
const missingSteps = ({ metrics, problems }: Judgement): readonly string[] => {
  const told = new Set<string>(problems.map(({ code }) => code));
  const codes = metrics.flatMap(({ finding }) =>
    finding.kind === "not-measured" && finding.verdict !== null ? [finding.code] : [],
  );
  return [...new Set(codes)].flatMap((code) => (told.has(code) ? [] : (MEND[code] ?? [])));
};

const MEND: Readonly<Partial<Record<ErrorCode, string>>> = {
  "cloud-denied":
    "Give the job AWS credentials that may call cloudwatch:GetMetricData (docs/permissions.md). (cloud-denied)",
  "cloud-incomplete": "Re-run the job, or raise metrics-timeout: CloudWatch was late. (cloud-incomplete)",
  "cloud-contaminated": "Keep other traffic away from the functions under test, and re-run. (cloud-contaminated)",
  "too-few-samples": "Raise users or run-time: there were too few ok responses. (too-few-samples)",
  "head-failing": "Mend the failures first: fast errors make latency look better. (head-failing)",
  "network-moved": "Re-run the job: the network moved, not the code. (network-moved)",
};
