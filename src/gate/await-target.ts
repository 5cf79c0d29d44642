import type { Config } from "../config/config.ts";
import { type Problem, UserError } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { Clock } from "../ports.ts";
import { readinessRules } from "../target/ready-rules.ts";
import type { RolloutRules } from "../target/rollout.ts";
import { epochMs } from "../units.ts";
import { awaitReady, type Readiness } from "./await-ready.ts";
import type { LoadPorts, RunIdentity } from "./gate-contract.ts";
import type { Signing } from "./prepare-signing.ts";

/** One deadline for all that is waited for before the load. */
export const rolloutRules = ({ target }: Config, clock: Clock): RolloutRules => ({
  timeout: target.readyTimeout,
  deadline: epochMs(clock.now() + target.readyTimeout),
});

type AwaitTarget = {
  readonly config: Config;
  readonly plan: LoadPlan;
  readonly identity: RunIdentity;
  readonly rules: RolloutRules;
  readonly signing: Signing | null;
  /** Why the deployment cannot be loaded; then it is not probed either. */
  readonly problem: Problem | null;
};

/** Probes the target until it is ready; throws `UserError` where no probe could tell. */
export const awaitTarget = async (
  { config: { target, load }, plan, identity: { git }, rules: before, signing, problem }: AwaitTarget,
  doors: { readonly ports: Pick<LoadPorts, "probe" | "clock" | "log">; readonly signal: AbortSignal },
): Promise<Readiness> => {
  const begun = epochMs(before.deadline - before.timeout);
  const rules = readinessRules(target.url ?? "", target, { sha: git.sha, now: begun });
  if (!rules.ok) throw new UserError(rules.problems);
  if (problem !== null) return { kind: "not-ready", problem, probes: [] };
  const headers = { "user-agent": plan.userAgent, ...target.headers };
  const sign = signing?.probeHeaders ?? null;
  return await awaitReady({ rules: rules.value, headers, sign, insecure: load.insecure, ...doors });
};
