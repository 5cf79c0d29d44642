import { accessQueries } from "../cloud/front-end-metrics.ts";
import { lookBack } from "../cloud/window.ts";
import type { Config } from "../config/config.ts";
import type { Clock, CloudMetrics, Log } from "../ports.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type ObserveFrontEnd = {
  readonly ports: { readonly cloud: CloudMetrics; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

/**
 * Warns before the load of credentials that are of no use for a front end that is named alone: functions and an ECS
 * service are read before the load anyway, and tell. One metric is asked for.
 */
export const observeFrontEnd = async (
  { frontEnd, functions, ecs }: Pick<Config["aws"], "frontEnd" | "functions" | "ecs">,
  { ports: { cloud, clock, log }, signal }: ObserveFrontEnd,
): Promise<void> => {
  if (frontEnd === null || functions.length > 0 || ecs !== null) return;
  const asked = cloud.query(accessQueries(frontEnd), lookBack(clock.now()), signal);
  const answer = await unlessAborted(asked, signal);
  if (answer !== null && answer.kind !== "values") log.warn(`${answer.reason} The run goes on without what AWS saw.`);
};
