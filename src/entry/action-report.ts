import { randomUUID } from "node:crypto";
import { readArtifact } from "../adapters/github/base-history.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { UserError, usageProblem } from "../errors.ts";
import { judgeStored, storedRecord } from "../gate/judge-stored.ts";
import type { GitFacts, RunRecord } from "../record/record.ts";
import { finishJob, type JobOutcome } from "./action-finish.ts";
import type { ActionJob } from "./action-job.ts";
import { ownGateLines } from "./own-gate.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";

/**
 * `mode: report`, in a workflow that runs when the measuring one has ended: judges the record that untrusted code left
 * behind, and comments with the rights that the measuring run had not. Commit, branch and pull request are the event's.
 */
export const reportOnRun = async (job: ActionJob): Promise<JobOutcome> => {
  const surroundings = await surroundingsOf(job);
  const { context, history, log } = surroundings;
  if (context.triggering === null) throw new UserError([NO_RUN]);
  const git: GitFacts = {
    ...context.git,
    event: context.triggering.event,
    runId: context.triggering.id,
    runAttempt: null,
  };
  const { record, named } = await untrustedRecord(job, surroundings, git);
  const result = await judgeStored({
    config: job.config,
    record,
    git,
    workflow: context.triggering.workflow,
    ports: { history, log, files: nodeFiles(), clock: nodeClock },
    signal: job.signal,
  });
  return await finishJob(job, surroundings, {
    result,
    top: [UNTRUSTED, ...named, ...ownGateLines(result)],
    judgedAgain: true,
  });
};

/** On top of every report whose figures come from code that nobody has reviewed. */
export const UNTRUSTED =
  "Measured by untrusted code: the figures come from a run of the change's own workflow and code. They were checked for their form and judged again here; nobody vouches for them.";

/** Its id and origin are ours to say: with those of another run it could take that run out of the comparison. */
const untrustedRecord = async (
  { config }: ActionJob,
  { client, allowHttp }: Surroundings,
  git: GitFacts,
): Promise<{ readonly record: RunRecord; readonly named: readonly string[] }> => {
  const artifact = `swarmgate-${config.name}-run`;
  const read = await readArtifact(
    { client, allowHttp, foreign: true },
    { runId: git.runId ?? 0, artifact, file: "run.json" },
  );
  const parsed = storedRecord(read, `The artifact ${artifact} of run ${git.runId}`);
  if (!parsed.ok) throw new UserError(parsed.problems);
  const record: RunRecord = { ...parsed.value, id: randomUUID(), name: config.name, git };
  const claimed = parsed.value.git.sha;
  const named =
    claimed === git.sha
      ? []
      : [
          `The record itself names commit ${claimed?.slice(0, 7) ?? "none"}; GitHub says that the run was for ${git.sha?.slice(0, 7) ?? "none"}.`,
        ];
  return { record, named };
};

const NO_RUN = usageProblem(
  "bad-value",
  "mode is report, and this run was not started by workflow_run.",
  "Start it by on: workflow_run with the measuring workflow's name and types: [completed].",
);
