import { randomUUID } from "node:crypto";
import type { Scope } from "../../scenario/scenario.ts";
import { createScope } from "../../scenario/scope.ts";
import { mostUsers } from "../model.ts";
import type { LoadPlan } from "../plan.ts";
import { userRandom } from "../random.ts";

/** The values of one user of a scenario, `null` without one. Fixed by the seed, but for uuids, which are always new. */
export const userScope = (user: number, plan: LoadPlan): Scope | null => {
  const { scenario, seed } = plan;
  if (scenario === null) return null;
  return createScope(scenario, {
    user,
    users: mostUsers(plan),
    random: {
      values: userRandom(seed, user, "values"),
      rows: userRandom(seed, user, "rows"),
      uuid: () => randomUUID(),
    },
  });
};
