import { costProblem, plannedCost } from "../cloud/planned-cost.ts";
import { PRICES } from "../cloud/prices.ts";
import type { Config } from "../config/config.ts";
import { UserError } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import { planLoad } from "../load/plan-load.ts";
import type { BaselineFile } from "./baseline-file.ts";
import type { RunIdentity } from "./gate-contract.ts";
import type { Deployment } from "./observe-deployment.ts";
import type { Signing } from "./prepare-signing.ts";

/** The load that the configuration asks for, on its target. */
export const planTarget = (config: Config, { id, version }: RunIdentity, signing: Signing | null): LoadPlan => ({
  ...planLoad({
    url: config.target.url ?? "",
    load: config.load,
    headers: config.target.headers,
    scenario: config.scenario,
    allowedHosts: config.target.allowedHosts,
    shard: config.shard,
    userAgent: `swarmgate/${version} (${id})`,
  }),
  signing: signing?.scope ?? null,
});

/** What a run costs is known well enough before it starts where AWS is behind it. */
export const refuseCost = (run: {
  readonly config: Config;
  readonly plan: LoadPlan;
  readonly deployment: Deployment;
  readonly file: BaselineFile | null;
}): void => {
  const { config, plan, deployment, file } = run;
  if (config.aws.functions.length === 0) return;
  const { functions, region } = deployment.facts;
  const baseline = file?.runs.at(-1)?.functions ?? null;
  const planned = plannedCost(
    { plan, url: config.target.url ?? plan.origin, region, functions, baseline },
    config.aws.prices ?? PRICES,
  );
  const problem = costProblem(planned, config.aws.maxCost);
  if (problem !== null) throw new UserError([problem]);
};
