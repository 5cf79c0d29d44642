import { randomUUID } from "node:crypto";
import { uploadArtifact } from "../adapters/github/artifacts.ts";
import { annotation } from "../adapters/github/commands.ts";
import { setOutputs, writeSummary } from "../adapters/github/outputs.ts";
import { githubRunArtifacts } from "../adapters/github/run-artifacts.ts";
import { ExitCode, type Problem } from "../errors.ts";
import { SHARD_FILE, shardArtifact } from "../gate/read-shards.ts";
import { runShard, type ShardRun } from "../gate/run-shard.ts";
import type { Written } from "../ports.ts";
import { emptyOutputs } from "../report/outputs.ts";
import { renderShardSummary, shardHeadline } from "../report/shard.ts";
import type { ActionJob } from "./action-job.ts";
import { gatePorts } from "./gate-ports.ts";
import { surroundingsOf } from "./surroundings.ts";
import { VERSION } from "./version.ts";

const TITLE = "swarmgate";

/** Sends one part of a load, stores its record for the job that merges, comments nothing, judges nothing. */
export const shardJob = async (job: ActionJob): Promise<ExitCode> => {
  const { config, signal, temporary } = job;
  const surroundings = await surroundingsOf(job);
  const { context, log } = surroundings;
  const { ports: doors, close } = gatePorts(job, surroundings);
  const ports = { ...doors, artifacts: githubRunArtifacts(temporary) };
  const identity = { id: randomUUID(), version: VERSION, git: context.git, workflow: context.workflow };
  const run = await runShard(config, identity, ports, signal).finally(log.end);
  close();
  const content = JSON.stringify(run.record);
  await job.saveRecord(content);
  const upload = { temporary, runAttempt: context.git.runAttempt };
  const file = { name: SHARD_FILE, content };
  const index = config.shard?.index ?? 1;
  const [stored] = await Promise.all([
    uploadArtifact(upload, shardArtifact(config.name, index), file),
    writeSummary(renderShardSummary(run.record, run.measured)),
  ]);
  return await conclude(job, run, stored);
};

/** A part that the job which merges cannot find has not been measured for anybody. */
const conclude = async (
  job: ActionJob,
  { record, measured }: ShardRun,
  stored: Written<unknown>,
): Promise<ExitCode> => {
  const done = measured && stored.ok && !job.signal.aborted;
  const headline = shardHeadline(record, measured);
  const outputs = { "gate-open": String(done), headline, "run-record": job.recordPath };
  await setOutputs({ ...emptyOutputs(), ...outputs });
  for (const problem of record.validity.problems)
    if (problem.severity !== "note") job.write(annotation("warning", TITLE, sentence(problem)));
  if (!measured) job.write(annotation("error", TITLE, headline));
  if (!stored.ok) job.write(annotation("error", TITLE, stored.reason));
  if (job.signal.aborted) return ExitCode.interrupted;
  return done ? ExitCode.gateOpen : ExitCode.gateClosed;
};

const sentence = ({ message, hint, code }: Problem): string => `${message} ${hint} (${code})`;
