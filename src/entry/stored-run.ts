import { randomUUID } from "node:crypto";
import { readArtifact } from "../adapters/github/base-history.ts";
import { runsOfCommit, runsWithArtifact } from "../adapters/github/stored.ts";
import { type Problem, UserError, usageProblem } from "../errors.ts";
import { storedRecord } from "../gate/judge-stored.ts";
import type { RunRecord } from "../record/record.ts";
import type { ActionJob } from "./action-job.ts";
import type { Surroundings } from "./surroundings.ts";

export type PullRef = { readonly pullRequest: number; readonly sha: string };

export type Stored = {
  readonly record: RunRecord;
  /** File of the workflow whose runs are the baseline. */
  readonly workflow: string;
  /** When this commit was first seen, ISO 8601. */
  readonly since: string;
};

/**
 * The newest record for exactly this commit of the pull request: of the measuring workflow's runs for it, else of runs that
 * GitHub lists under the default branch whatever they measured (`workflow_run`, `repository_dispatch`). Throws `UserError`
 * when there is none.
 */
export const storedRun = async (job: ActionJob, surroundings: Surroundings, pull: PullRef): Promise<Stored> => {
  const { client, context } = surroundings;
  const artifact = `swarmgate-${job.config.name}-run`;
  const workflow = job.config.baseline.workflow ?? context.workflow ?? "";
  const runs = await runsOfCommit(client, { sha: pull.sha, workflow });
  if (!runs.ok) throw new UserError([notStored(`The runs of ${workflow} could not be listed: ${runs.reason}.`)]);
  const ours = runs.value.filter((run) => context.fork || run.headRepositoryId === run.repositoryId);
  const since = ours.map((run) => run.createdAt).toSorted()[0];
  const read = readerOf(artifact, surroundings, pull);
  const listed = await firstOf(
    ours.map(({ id }) => id),
    read,
  );
  if (listed !== null) return { record: listed, workflow, since: since ?? listed.window.start };
  const others = context.fork ? null : await runsWithArtifact(client, artifact);
  const other = others?.ok ? await firstOf(others.value, read) : null;
  if (other !== null) return { record: other, workflow, since: since ?? other.window.start };
  throw new UserError([notStored(`No run of ${workflow} has stored ${artifact} for ${pull.sha.slice(0, 7)} yet.`)]);
};

/** Each is a download. */
const MOST_TRIED = 20;

const firstOf = async (
  runs: readonly number[],
  read: (runId: number) => Promise<RunRecord | null>,
): Promise<RunRecord | null> => {
  for (const runId of runs.slice(0, MOST_TRIED)) {
    const record = await read(runId);
    if (record !== null) return record;
  }
  return null;
};

/** A record of ours must name the commit itself; of a fork's nothing is believed, and GitHub says what it is of. */
const readerOf =
  (artifact: string, { client, context, allowHttp, log }: Surroundings, { sha, pullRequest }: PullRef) =>
  async (runId: number): Promise<RunRecord | null> => {
    const read = await readArtifact(
      { client, allowHttp, foreign: context.fork },
      { runId, artifact, file: "run.json" },
    );
    if (read.kind === "absent") return null;
    const record = storedRecord(read, `The artifact ${artifact} of run ${runId}`);
    if (!record.ok) {
      log.warn(record.problems[0]?.message ?? "");
      return null;
    }
    if (!context.fork && record.value.git.sha !== sha) return null;
    const git = { ...context.git, pullRequest, event: record.value.git.event, runId, runAttempt: null };
    return { ...record.value, git, ...(context.fork && { id: randomUUID() }) };
  };

const notStored = (message: string): Problem =>
  usageProblem(
    "record-unreadable",
    message,
    "Let the gate measure this commit first; name its workflow in baseline-workflow and its job in name.",
  );
