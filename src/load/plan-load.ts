import type { LoadConfig } from "../config/config.ts";
import { type Millis, millisToSeconds } from "../units.ts";
import type { LoadPlan } from "./plan.ts";
import { spawnTime } from "./spawn.ts";
import { meanCycle } from "./wait-time.ts";

/** The plan for one URL: a single task `GET <path>`. Throws on a URL that `config` would have refused. */
export const planLoad = (input: {
  readonly url: string;
  readonly load: LoadConfig;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
}): LoadPlan => {
  const url = new URL(input.url);
  return {
    origin: url.origin,
    headers: input.headers,
    userAgent: input.userAgent,
    tasks: [
      {
        // Without the query: it may hold a secret, and a changing one would make every run another test.
        name: `GET ${url.pathname}`,
        weight: 1,
        request: { method: "GET", path: url.pathname + url.search, headers: {}, body: null },
      },
    ],
    ...input.load,
  };
};

/**
 * How many requests the window will hold if each takes `latency`: each user starts every wait + latency from its spawn
 * to the end of the run-time. Good enough to warn of too few samples; queues at the target make it less.
 */
export const foreseenRequests = (plan: LoadPlan, latency: Millis): number => {
  const cycle = Math.max(1e-6, meanCycle(plan.waitTime, millisToSeconds(latency)));
  let requests = 0;
  for (let user = 0; user < plan.users; user++) {
    const active = plan.runTime - spawnTime(user, plan.spawnRate);
    if (active > 0) requests += Math.ceil(active / cycle);
  }
  return Math.min(plan.maxRequests, requests);
};
