import { addOutcomes, countFailures, noOutcomes, type OutcomeCounter } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import { rowsOf, taskPlaces } from "../rows.ts";
import { stopWatch } from "../stop-rule.ts";
import type { WorkerReport } from "../worker-report.ts";

/**
 * Watches `stop-if` over the reports of all workers: a second is looked at once every worker has reported it. `true` from
 * the moment the load is to end; without a rule never.
 */
export const watchReports = (plan: LoadPlan, workers: number): ((report: WorkerReport) => boolean) => {
  const { stopIf } = plan;
  if (stopIf === null) return () => false;
  const look = stopWatch(stopIf);
  const places = taskPlaces(rowsOf(plan));
  const open = new Map<number, { readonly outcomes: OutcomeCounter; reported: number }>();
  return (report) => {
    const second = open.get(report.second) ?? { outcomes: noOutcomes(), reported: 0 };
    open.set(report.second, second);
    for (const [row, { outcomes }] of report.rows.entries()) {
      if ((places[row] ?? -1) >= 0) addOutcomes(second.outcomes, outcomes);
    }
    second.reported++;
    if (second.reported !== workers) return false;
    open.delete(report.second);
    const failed = countFailures(second.outcomes);
    return look({ failed, answered: failed + second.outcomes.ok });
  };
};
