import { githubRunArtifacts } from "../adapters/github/run-artifacts.ts";
import { type GateResult, givenBaseline } from "../gate/gate.ts";
import { type MergePorts, mergeRun, withShardFunctions } from "../gate/merge-run.ts";
import { readRunShards } from "../gate/read-shards.ts";
import type { ActionJob } from "./action-job.ts";
import { VERSION } from "./version.ts";

/** Adds up what the shards of this workflow run have left; the pull request and the commit are those of this job's event. */
export const mergeJob = async (job: ActionJob, ports: MergePorts): Promise<GateResult> => {
  const { context, temporary, signal } = job;
  const { shards, problems } = await readRunShards(githubRunArtifacts(temporary), job.config.name);
  const config = withShardFunctions(job.config, shards);
  const file = await givenBaseline(config, ports);
  const { git, workflow } = context;
  return await mergeRun({ config, shards, problems, file, version: VERSION, git, workflow }, ports, signal);
};
