import { parseArrivalRate } from "../load/arrivals.ts";
import type { ModelPlan } from "../load/model.ts";
import { parseStages } from "../load/stages.ts";
import { perSecond, seconds } from "../units.ts";
import type { PlanFacts } from "./record.ts";

/** What decides when requests start, from a record's words; a rate or stages that cannot be read count as none. */
export const modelOf = (plan: PlanFacts): ModelPlan => {
  const rate = plan.rate === null ? null : parseArrivalRate(plan.rate);
  const stages = plan.stages === null ? null : parseStages(plan.stages);
  return {
    users: plan.users,
    spawnRate: perSecond(plan.spawnRate),
    runTime: seconds(plan.runTime),
    rate: rate?.ok === true ? rate.value : null,
    stages: stages?.ok === true ? stages.value : null,
  };
};
