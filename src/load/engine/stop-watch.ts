import type { ResultRow } from "../../scenario/scenario.ts";
import { addOutcomes, countFailures, noOutcomes, type OutcomeCounter } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import { stopWatch } from "../stop-rule.ts";
import type { WorkerReport } from "../worker-report.ts";

/**
 * Watches `stop-if` over the reports of all workers: a second is looked at once every worker has reported it. `true` from
 * the moment the load is to end; without a rule never. `rows` are those of the reports.
 */
export const watchReports = (
  { stopIf }: Pick<LoadPlan, "stopIf">,
  workers: number,
  rows: () => readonly ResultRow[],
): ((report: WorkerReport) => boolean) => {
  if (stopIf === null) return () => false;
  const look = stopWatch(stopIf);
  const open = new Map<number, { readonly outcomes: OutcomeCounter; reported: number }>();
  return (report) => {
    const second = open.get(report.second) ?? { outcomes: noOutcomes(), reported: 0 };
    open.set(report.second, second);
    for (const [row, { outcomes }] of report.rows.entries()) {
      if (rows()[row]?.phase === "task") addOutcomes(second.outcomes, outcomes);
    }
    second.reported++;
    if (second.reported !== workers) return false;
    open.delete(report.second);
    const failed = countFailures(second.outcomes);
    return look({ failed, answered: failed + second.outcomes.ok });
  };
};
