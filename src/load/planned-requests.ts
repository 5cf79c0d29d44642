import type { Sequence } from "../scenario/scenario.ts";
import { type Millis, millis } from "../units.ts";
import { mostUsers } from "./model.ts";
import type { LoadPlan } from "./plan.ts";
import { foreseenRequests } from "./plan-load.ts";

/**
 * All requests that a run sends if each is answered after `latency`: tasks of the mean length of the scenario, setup and
 * teardown of every user, warm-up and requests at once; never more than `maxRequests`. Waits inside a sequence and queues
 * at the target make it less, a user that comes again by the stages more.
 */
export const plannedRequests = (plan: LoadPlan, latency: Millis): number => {
  const perTask = meanLength(plan);
  const taskTime = millis(latency * perTask);
  const once = lengthOf(plan.scenario?.setup) + lengthOf(plan.scenario?.teardown);
  const warmUp = plan.warmUp > 0 ? foreseenRequests(oneUser(plan), taskTime) : 0;
  const window = foreseenRequests(plan, taskTime);
  const visits = mostUsers(plan) + (plan.warmUp > 0 ? 1 : 0) + plan.preWarm;
  return Math.min(plan.maxRequests, Math.ceil((window + warmUp) * perTask + plan.preWarm + visits * once));
};

/** The warm-up: one user, closed, whatever the model of the window. */
const oneUser = (plan: LoadPlan): LoadPlan => ({ ...plan, users: 1, rate: null, stages: null, runTime: plan.warmUp });

const meanLength = ({ scenario }: LoadPlan): number => {
  const tasks = scenario?.tasks ?? [];
  const weights = tasks.reduce((sum, { weight }) => sum + weight, 0);
  const requests = tasks.reduce((sum, task) => sum + task.weight * lengthOf(task), 0);
  return weights > 0 && requests > 0 ? requests / weights : 1;
};

const lengthOf = (sequence: Sequence | undefined): number =>
  (sequence?.steps ?? []).filter(({ kind }) => kind === "request").length;
