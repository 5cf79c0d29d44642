import type { GateConfig } from "../config/config.ts";
import { ExitCode } from "../errors.ts";
import { WORST_FIRST } from "./decide.ts";
import { type Judgement, type MetricJudgement, type Verdict, verdictOf } from "./verdict.ts";

/** What closes the gate besides a `fail`. */
export type Policy = Pick<GateConfig, "failOn" | "onInconclusive" | "onInvalid" | "onNoBaseline">;

/**
 * The overall verdict: the worst of the gating metrics. Where none of them says anything, nothing was shown: that is
 * `inconclusive`, except in absolute mode, where the user asked for bounds only and none was broken.
 */
export const overallVerdict = (metrics: readonly MetricJudgement[], mode: Judgement["mode"]): Verdict => {
  const verdicts = metrics.filter((metric) => metric.gates).map((metric) => verdictOf(metric.finding));
  const worst = WORST_FIRST.find((verdict) => verdicts.includes(verdict));
  return worst ?? (mode === "absolute" && metrics.length > 0 ? "pass" : "inconclusive");
};

/**
 * Whether the change may be merged. Each gating metric counts with its own reaction, so that a tolerated `invalid` does
 * not hide a suspected regression that the user wanted stopped. An inconclusive estimate inside its limit never closes.
 */
export const isGateOpen = (
  result: Pick<Judgement, "metrics" | "verdict"> & { readonly interrupted: boolean },
  policy: Policy,
): boolean => {
  if (policy.failOn === "never") return true;
  // SPEC 12.4: a cancelled run closes the gate whatever on-invalid says.
  if (result.interrupted) return false;
  if (result.verdict === "invalid" && policy.onInvalid === "fail") return false;
  return !result.metrics.some((metric) => metric.gates && closes(metric, policy));
};

/** Exit code of a judgement (SPEC 12.1): 3 only when it is `invalid` that closed the gate. */
export const exitCodeOf = ({ gateOpen, verdict }: Pick<Judgement, "gateOpen" | "verdict">): ExitCode => {
  if (gateOpen) return ExitCode.gateOpen;
  return verdict === "invalid" ? ExitCode.invalid : ExitCode.gateClosed;
};

const closes = ({ finding }: MetricJudgement, policy: Policy): boolean => {
  const verdict = verdictOf(finding);
  switch (verdict) {
    case "fail":
      return true;
    case "invalid":
      return policy.onInvalid === "fail";
    case "inconclusive":
      return policy.onInconclusive === "fail" && !(finding.kind === "inconclusive" && finding.face === "neutral");
    case "no-baseline":
      return policy.onNoBaseline === "fail";
    case "warn":
    case "improved":
    case "pass":
    case null:
      return false;
  }
};
