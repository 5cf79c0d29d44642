import type { LoadConfig } from "../config/config.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Millis, millisToSeconds } from "../units.ts";
import { arrivalProfile, userProfile } from "./model.ts";
import type { LoadPlan, TaskPlan } from "./plan.ts";
import { areaBelow } from "./profile.ts";
import type { Shard } from "./shard.ts";
import { spawnTime } from "./spawn.ts";
import { meanCycle } from "./wait-time.ts";

/**
 * The plan for a scenario, or without one for one URL: a single task `GET <path>`. Throws on a URL that `config` would
 * have refused.
 */
export const planLoad = (input: {
  readonly url: string;
  readonly load: LoadConfig;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly scenario?: Scenario | null;
  readonly allowedHosts?: readonly string[];
  readonly shard?: Shard | null;
}): LoadPlan => {
  const url = new URL(input.url);
  const { workers: _, ...load } = input.load;
  const scenario = input.scenario ?? null;
  return {
    origin: url.origin,
    headers: input.headers,
    userAgent: input.userAgent,
    tasks: scenario === null ? [urlTask(url)] : [],
    scenario,
    allowedHosts: input.allowedHosts ?? [],
    ...load,
    ...(input.shard ? { shard: input.shard } : {}),
  };
};

const urlTask = (url: URL): TaskPlan => ({
  // Without the query: it may hold a secret, and a changing one would make every run another test.
  name: `GET ${url.pathname}`,
  weight: 1,
  request: { method: "GET", path: url.pathname + url.search, headers: {}, body: null },
});

/**
 * How many tasks the window will start if each takes `latency`: the arrivals of the open model; in the closed one each
 * user starts every wait + latency while it runs. Good enough to warn of too few samples; queues at the target make it
 * less, tasks of several requests more.
 */
export const foreseenRequests = (plan: LoadPlan, latency: Millis): number => {
  const arrivals = arrivalProfile(plan);
  if (arrivals !== null) return Math.min(plan.maxRequests, Math.ceil(areaBelow(arrivals)));
  const cycle = Math.max(1e-6, meanCycle(plan.waitTime, millisToSeconds(latency)));
  const requests = plan.stages === null ? rampRequests(plan, cycle) : Math.ceil(areaBelow(userProfile(plan)) / cycle);
  return Math.min(plan.maxRequests, requests);
};

const rampRequests = (plan: LoadPlan, cycle: number): number => {
  let requests = 0;
  for (let user = 0; user < plan.users; user++) {
    const active = plan.runTime - spawnTime(user, plan.spawnRate);
    if (active > 0) requests += Math.ceil(active / cycle);
  }
  return requests;
};
