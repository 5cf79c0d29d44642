import { evaluate } from "./action-evaluate.ts";
import type { JobOutcome } from "./action-finish.ts";
import { type ActionJob, gateAndPublish } from "./action-job.ts";
import { reportOnRun } from "./action-report.ts";

/** What a job does, by its `mode`. */
export const runMode = async (job: ActionJob): Promise<JobOutcome> => {
  switch (job.config.mode) {
    case "gate":
      return await gateAndPublish(job);
    case "report":
      return await reportOnRun(job);
    case "evaluate":
      return await evaluate(job);
  }
};
