import { randomUUID } from "node:crypto";
import type { ActionContext } from "../adapters/github/context.ts";
import type { Config } from "../config/config.ts";
import type { GatePorts, GateResult } from "../gate/gate-contract.ts";
import { measureAndJudge } from "../gate/measure-and-judge.ts";
import { finishJob, type JobOutcome } from "./action-finish.ts";
import { withMerged } from "./action-merged.ts";
import { gatePorts } from "./gate-ports.ts";
import { outdateComment } from "./outdate-comment.ts";
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

/** Where the figures come from: a load sent from here, or the shards that others have sent. */
export type Measuring = (surroundings: Surroundings, ports: GatePorts) => Promise<GateResult>;

/** `mode: gate`: measures, judges and writes everything that is written beside outputs and conclusion. */
export const gateJob = async (job: ActionJob): Promise<JobOutcome> =>
  await measureAndPublish(job, async ({ context: { git, workflow } }, ports) => {
    const identity = { id: randomUUID(), version: VERSION, git, workflow };
    return await measureAndJudge(job.config, identity, ports, job.signal);
  });

/** A gate without a place to comment is a gate all the same: not to compare would leave it open. */
const APART = "The run is judged like any other, but nothing is commented and nothing enters the history.";

export const measureAndPublish = async (job: ActionJob, measure: Measuring): Promise<JobOutcome> => {
  const surroundings = await surroundingsOf(job);
  if (surroundings.role.kind === "none") surroundings.log.warn(APART);
  const outdating = outdateComment(job, surroundings);
  const { ports, close } = gatePorts(job, surroundings, outdating.start);
  const result = await measure(surroundings, ports).catch((error: unknown) => {
    surroundings.log.end();
    throw error;
  });
  close();
  await outdating.settled();
  const merged = await withMerged(job, surroundings, result);
  const changes = surroundings.role.kind === "candidate" ? ownGateLines(result) : [];
  return await finishJob(job, surroundings, { ...merged, top: [...changes, ...merged.notes], judgedAgain: false });
};
