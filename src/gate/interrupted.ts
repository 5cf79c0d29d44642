import type { Problem } from "../errors.ts";
import type { GateResult } from "./gate-contract.ts";
import { type JudgePolicy, judgeRecords } from "./judge-record.ts";

/**
 * The result of a run that was cancelled, at whatever point: nobody waited for its verdict, so it is `invalid` even where
 * the load had already come to its end, and its gate is closed whatever `on-invalid` and `fail-on` say (SPEC 12.4).
 */
export const interruptedResult = (result: GateResult, policy: JudgePolicy): GateResult => {
  const { validity } = result.record;
  const isKnown = validity.problems.some(({ code }) => code === "interrupted");
  const problems = isKnown ? validity.problems : [...validity.problems, CANCELLED];
  const record = { ...result.record, validity: { valid: false, stopped: "interrupted", problems } } as const;
  const judgement = judgeRecords(policy, result.baseline, [record]);
  return { ...result, record, judgement: { ...judgement, gateOpen: false } };
};

const CANCELLED: Problem = {
  code: "interrupted",
  severity: "invalid",
  message: "The run was cancelled before all was measured, read, judged and written.",
  hint: "Run it again to the end.",
};
