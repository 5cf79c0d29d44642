import { randomUUID } from "node:crypto";
import { createAws } from "../adapters/aws/aws.ts";
import type { ActionContext } from "../adapters/github/context.ts";
import { githubDeployments } from "../adapters/github/deployments.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { nodeProbe } from "../adapters/node/probe.ts";
import type { Config } from "../config/config.ts";
import { type GatePorts, runGate } from "../gate/gate.ts";
import { createEngine } from "../load/engine/engine.ts";
import { finishJob, type JobOutcome } from "./action-finish.ts";
import { withMerged } from "./action-merged.ts";
import { defaultWorkers } from "./default-workers.ts";
import { type Outdating, outdateComment } from "./outdate-comment.ts";
import { ownGateLines } from "./own-gate.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";
import { VERSION } from "./version.ts";

/** One job of a workflow, configured and ready to run. */
export type ActionJob = {
  readonly config: Config;
  readonly context: ActionContext;
  readonly token: string;
  readonly temporary: string | null;
  readonly workerFile: string;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
  readonly saveRecord: (text: string) => Promise<void>;
  readonly recordPath: string;
  readonly saveReport: (html: string) => Promise<void>;
};

/** Measures, judges and writes everything that is written beside outputs and conclusion. */
export const gateAndPublish = async (job: ActionJob): Promise<JobOutcome> => {
  const { config, signal } = job;
  const surroundings = await surroundingsOf(job);
  const { context } = surroundings;
  const { close, ...aws } = createAws({ region: config.aws.region });
  const identity = { id: randomUUID(), version: VERSION, git: context.git, workflow: context.workflow };
  const outdating = outdateComment(job, surroundings);
  const result = await runGate(config, identity, gatePorts(job, surroundings, { ...aws, outdating }), signal);
  close();
  await outdating.settled();
  const merged = await withMerged(job, surroundings, result);
  const changes = surroundings.role.kind === "candidate" ? ownGateLines(result) : [];
  return await finishJob(job, surroundings, { ...merged, top: [...changes, ...merged.notes], judgedAgain: false });
};

const gatePorts = (
  { config, workerFile }: ActionJob,
  { client, context, history, log }: Surroundings,
  { outdating, ...aws }: Omit<ReturnType<typeof createAws>, "close"> & { readonly outdating: Outdating },
): GatePorts => ({
  clock: nodeClock,
  probe: (request) => {
    const answer = nodeProbe(request);
    // Beside the wait for it: what GitHub is told must not delay the first probe.
    outdating.start();
    return answer;
  },
  engine: createEngine({
    workerFile,
    workers: config.load.workers ?? defaultWorkers(),
    environment: process.env,
  }),
  ...aws,
  deployments: githubDeployments({ client, env: process.env, offered: context.offered }),
  history,
  files: nodeFiles(),
  log,
});
