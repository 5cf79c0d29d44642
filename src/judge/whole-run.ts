import type { ErrorCode, Problem } from "../errors.ts";
import type { RunSummary } from "../record/summary.ts";

/** Why the whole run cannot be judged. */
export type WholeRunFault = { readonly code: ErrorCode; readonly reason: string };

/** Asked before any metric: a run that cannot be trusted proves no regression either (SPEC 12.1). `null` when it can. */
export const wholeRunFault = (heads: readonly RunSummary[], problems: readonly Problem[]): WholeRunFault | null => {
  const said = problems.find((problem) => problem.severity === "invalid");
  if (said !== undefined) return { code: said.code, reason: said.message };
  if (heads.length === 0) return { code: "no-requests", reason: "there is no run to judge" };
  if (heads.some((head) => head.interrupted))
    return { code: "interrupted", reason: "the run was interrupted before its time was over" };
  if (heads.some((head) => !head.valid))
    return { code: "record-invalid", reason: "the run's own record says that it is invalid" };
  return null;
};

/** The fault as a problem, unless the caller has said what is wrong. */
export const faultProblems = ({ code, reason }: WholeRunFault, known: readonly Problem[]): readonly Problem[] =>
  known.some((problem) => problem.severity === "invalid")
    ? []
    : [
        {
          code,
          severity: "invalid",
          message: `It cannot be judged: ${reason}.`,
          hint: "Run the load again, to its end.",
        },
      ];
