import { readStatements } from "../adapters/github/accept-facts.ts";
import { newestOwn } from "../adapters/github/stored.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { UserError, usageProblem } from "../errors.ts";
import { ACCEPT_FILE, acceptArtifact, acceptanceIn } from "../gate/accepted-before.ts";
import type { GateResult } from "../gate/gate-contract.ts";
import { judgeStored } from "../gate/judge-stored.ts";
import { ACCEPT_LABEL, acceptLines, decideAcceptance, withAcceptance } from "../judge/accept.ts";
import type { Acceptance } from "../record/acceptance.ts";
import { finishJob, type JobOutcome } from "./action-finish.ts";
import type { ActionJob } from "./action-job.ts";
import { UNTRUSTED } from "./action-report.ts";
import { ownGateLines } from "./own-gate.ts";
import { type PullRef, storedRun } from "./stored-run.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";

/**
 * `mode: evaluate`, started by a label or a comment: judges the pull request's stored record again, now with what people
 * with the right to do so have accepted. Nothing is sent to the target.
 */
export const evaluate = async (job: ActionJob): Promise<JobOutcome> => {
  const surroundings = await surroundingsOf(job);
  const pull = pullOf(surroundings);
  const stored = await storedRun(job, surroundings, pull);
  const result = await judgeStored({
    config: job.config,
    record: stored.record,
    git: stored.record.git,
    workflow: stored.workflow,
    ports: { history: surroundings.history, log: surroundings.log, files: nodeFiles(), clock: nodeClock },
    signal: job.signal,
  });
  const decided = await decide(job, surroundings, { ...pull, result, since: stored.since });
  const top = [...(surroundings.context.fork ? [UNTRUSTED] : []), ...ownGateLines(result), ...decided.notes];
  return await finishJob(job, surroundings, {
    result: decided.result,
    top,
    accepted: decided.accepted,
    judgedAgain: true,
  });
};

const pullOf = ({ context }: Surroundings): PullRef => {
  const { pullRequest, sha } = context.git;
  if (pullRequest === null || sha === null) throw new UserError([NO_PULL]);
  return { pullRequest, sha };
};

type Decided = { readonly result: GateResult; readonly accepted: Acceptance | null; readonly notes: readonly string[] };

const decide = async (
  { config }: ActionJob,
  { client, context }: Surroundings,
  { result, since, pullRequest, sha }: PullRef & { readonly result: GateResult; readonly since: string },
): Promise<Decided> => {
  const labelledBy = context.labelled?.name === ACCEPT_LABEL ? context.labelled.by : null;
  const isMeant = (body: string): boolean => acceptLines(body).length > 0;
  const facts = await readStatements(client, { pullRequest, label: ACCEPT_LABEL, labelledBy, isMeant });
  if (!facts.ok) return { result, accepted: null, notes: [`What was accepted could not be read: ${facts.reason}.`] };
  const { acceptance, notes } = decideAcceptance({
    judgement: result.judgement,
    facts: facts.value,
    since,
    pullRequest,
    sha,
  });
  if (acceptance === null) return { result, accepted: null, notes };
  const { judgement } = withAcceptance(result.judgement, acceptance, config.gate);
  return { result: { ...result, judgement }, accepted: acceptance, notes };
};

/** What was accepted in the pull request whose merge this commit of the base branch is, `null` when nothing was. */
export const acceptedBefore = async (
  { client, allowHttp }: Surroundings,
  { name, pull }: { readonly name: string; readonly pull: PullRef },
): Promise<Acceptance | null> => {
  const artifact = acceptArtifact(name, pull.pullRequest);
  return acceptanceIn(await newestOwn({ client, allowHttp }, { artifact, file: ACCEPT_FILE }), pull);
};

const NO_PULL = usageProblem(
  "bad-value",
  "mode is evaluate, and this run belongs to no pull request.",
  "Start it by pull_request with types: [labeled, unlabeled], or by issue_comment with if: github.event.issue.pull_request.",
);
