import { pullsOfCommit } from "../adapters/github/pulls.ts";
import type { GateResult } from "../gate/gate-contract.ts";
import { withAcceptance } from "../judge/accept.ts";
import type { Acceptance } from "../record/acceptance.ts";
import { acceptedBefore } from "./action-evaluate.ts";
import type { ActionJob } from "./action-job.ts";
import type { Surroundings } from "./surroundings.ts";

export type Merged = {
  readonly result: GateResult;
  readonly accepted: Acceptance | null;
  readonly notes: readonly string[];
};

/** A push to the base branch, with what was accepted in the pull request that it merged. */
export const withMerged = async (job: ActionJob, surroundings: Surroundings, result: GateResult): Promise<Merged> => {
  const { context, role, client, log } = surroundings;
  const { sha, event } = context.git;
  if (role.kind !== "base-run" || event !== "push" || sha === null || job.signal.aborted)
    return { result, accepted: null, notes: [] };
  const pulls = await pullsOfCommit(client, sha);
  if (!pulls.ok) log.warn(`The pull request of ${sha.slice(0, 7)} could not be looked up: ${pulls.reason}.`);
  const merged = pulls.ok ? pulls.value.find((pull) => pull.mergedAs === sha) : undefined;
  if (merged === undefined) return { result, accepted: null, notes: [] };
  const pull = { pullRequest: merged.number, sha: merged.sha };
  const accepted = await acceptedBefore(surroundings, { name: job.config.name, pull });
  if (accepted === null) return { result, accepted: null, notes: [] };
  const { judgement, covered, grown } = withAcceptance(result.judgement, accepted, job.config.gate);
  const notes = [
    `Accepted in pull request ${pull.pullRequest} by ${accepted.by}: ${Object.keys(accepted.metrics).join(", ")}, because ${accepted.reason}.`,
    ...grown.map((id) => `${id} moved more than a quarter further than what was accepted.`),
  ];
  return {
    result: { ...result, judgement },
    accepted: covered.length > 0 || grown.length === 0 ? accepted : null,
    notes,
  };
};
