import { githubRunArtifacts } from "../adapters/github/run-artifacts.ts";
import { givenBaseline } from "../gate/baseline-file.ts";
import { mergeRun, withShardFunctions } from "../gate/merge-run.ts";
import { readRunShards } from "../gate/read-shards.ts";
import type { JobOutcome } from "./action-finish.ts";
import { type ActionJob, measureAndPublish } from "./action-job.ts";
import { VERSION } from "./version.ts";

/**
 * `mode: merge`: adds up what the shards of this workflow run have left, and judges and publishes it like any run; the pull
 * request and the commit are those of this job's event.
 */
export const mergeJob = async (job: ActionJob): Promise<JobOutcome> =>
  await measureAndPublish(job, async ({ context: { git, workflow } }, ports) => {
    const { shards, problems } = await readRunShards(githubRunArtifacts(job.temporary), job.config.name);
    const config = withShardFunctions(job.config, shards);
    const file = await givenBaseline(config, ports);
    const bases = file === null ? [] : [file];
    return await mergeRun({ config, shards, problems, bases, version: VERSION, git, workflow }, ports, job.signal);
  });
