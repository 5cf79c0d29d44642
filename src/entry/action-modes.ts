import type { ExitCode } from "../errors.ts";
import { evaluate } from "./action-evaluate.ts";
import type { JobOutcome } from "./action-finish.ts";
import { type ActionJob, gateJob } from "./action-job.ts";
import { reportOnRun } from "./action-report.ts";
import { calibrateJob } from "./calibrate-job.ts";
import { mergeJob } from "./merge-job.ts";
import { shardJob } from "./shard-job.ts";

/** Shards and calibrations send and store; every other mode has something to judge. */
export type ModeOutcome =
  | ({ readonly kind: "judged" } & JobOutcome)
  | { readonly kind: "sent"; readonly exit: ExitCode };

/** What a job does, by its `mode`. */
export const runMode = async (job: ActionJob): Promise<ModeOutcome> => {
  switch (job.config.mode) {
    case "gate":
      return judged(await gateJob(job));
    case "shard":
      return { kind: "sent", exit: await shardJob(job) };
    case "merge":
      return judged(await mergeJob(job));
    case "calibrate":
      return { kind: "sent", exit: await calibrateJob(job) };
    case "report":
      return judged(await reportOnRun(job));
    case "evaluate":
      return judged(await evaluate(job));
  }
};

const judged = (outcome: JobOutcome): ModeOutcome => ({ kind: "judged", ...outcome });
