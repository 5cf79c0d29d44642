import { randomUUID } from "node:crypto";
import { createAws } from "../adapters/aws/aws.ts";
import { uploadArtifact } from "../adapters/github/artifacts.ts";
import { createGithubClient } from "../adapters/github/client.ts";
import { annotation } from "../adapters/github/commands.ts";
import { githubDeployments } from "../adapters/github/deployments.ts";
import { actionLog, runnerGroups } from "../adapters/github/log.ts";
import { setOutputs, writeSummary } from "../adapters/github/outputs.ts";
import { githubRunArtifacts } from "../adapters/github/run-artifacts.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeProbe } from "../adapters/node/probe.ts";
import { ExitCode, type Problem } from "../errors.ts";
import { SHARD_FILE, shardArtifact } from "../gate/read-shards.ts";
import { runShard, type ShardRun } from "../gate/run-shard.ts";
import { createEngine } from "../load/engine/engine.ts";
import type { Written } from "../ports.ts";
import { emptyOutputs } from "../report/outputs.ts";
import { renderShardSummary, shardHeadline } from "../report/shard.ts";
import type { ActionJob } from "./action-job.ts";
import { defaultWorkers } from "./default-workers.ts";
import { signHeaders } from "./sign-headers.ts";
import { VERSION } from "./version.ts";

const TITLE = "swarmgate";

/** Sends one part of a load, stores its record for the job that merges, comments nothing, judges nothing. */
export const shardJob = async (job: ActionJob): Promise<ExitCode> => {
  const { config, context, signal, temporary, token } = job;
  const log = actionLog(job.write, await runnerGroups());
  const client = createGithubClient({ token, apiUrl: context.apiUrl, repository: context.git.repository ?? "" });
  const { close, ...aws } = createAws({ region: config.aws.region });
  const ports = {
    clock: nodeClock,
    probe: nodeProbe,
    engine: createEngine({
      workerFile: job.workerFile,
      workers: config.load.workers ?? defaultWorkers(),
      environment: process.env,
    }),
    ...aws,
    sign: signHeaders,
    deployments: githubDeployments({ client, env: process.env, offered: context.offered }),
    artifacts: githubRunArtifacts(temporary),
    log,
  };
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
