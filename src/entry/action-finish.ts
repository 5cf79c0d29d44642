import type { ActionLog } from "../adapters/github/log.ts";
import { githubPublisher } from "../adapters/github/publisher.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import type { GateResult } from "../gate/gate.ts";
import { type PublishOutcome, publish } from "../gate/publish.ts";
import type { Judgement } from "../judge/verdict.ts";
import type { Acceptance } from "../record/acceptance.ts";
import { asAccepted } from "../report/accepted.ts";
import { buildReport } from "../report/model.ts";
import type { ReportModel } from "../report/report.ts";
import { renderTerminal } from "../report/terminal.ts";
import type { ActionJob } from "./action-job.ts";
import { baselinePath, baseSide } from "./base-side.ts";
import { htmlReport } from "./html-report.ts";
import { reportContext } from "./report-context.ts";
import type { Surroundings } from "./surroundings.ts";

export type JobOutcome = {
  readonly report: ReportModel;
  readonly judgement: Judgement;
  readonly published: PublishOutcome;
};

export type Finish = {
  readonly result: GateResult;
  /** Sentences on top of the report. */
  readonly top: readonly string[];
  /** What somebody accepted of it, if anybody did. */
  readonly accepted?: Acceptance | null;
  /** Nothing was measured here: the record is another run's. */
  readonly judgedAgain: boolean;
};

/** The record, the report and everything that is written beside outputs and conclusion. */
export const finishJob = async (
  job: ActionJob,
  { client, context, role, log }: Surroundings,
  { result, top, accepted = null, judgedAgain }: Finish,
): Promise<JobOutcome> => {
  const { config } = job;
  await job.saveRecord(JSON.stringify(result.record));
  const built = buildReport({
    judgement: result.judgement,
    record: result.record,
    context: reportContext(config, result, { runUrl: context.runUrl, runRecord: job.recordPath }),
    base: await baseSide(result.baseline, baselinePath(config.baseline), nodeFiles()),
    top,
  });
  const { gateOpen, verdict } = result.judgement;
  const isAccepted = accepted !== null && gateOpen && (verdict === "fail" || verdict === "inconclusive");
  const report = isAccepted ? asAccepted(built, accepted) : built;
  sayResult(log, report);
  const html = config.report.htmlReport ? htmlReport(report, result.record) : null;
  if (html !== null) await job.saveReport(html);
  const publisher = githubPublisher({ client, token: job.token, context, name: config.name, temporary: job.temporary });
  const onBase = role.kind === "base-run" && !judgedAgain;
  const published = await publish({ config, result, report, html, onBase, judgedAgain, accepted, publisher });
  return { report, judgement: result.judgement, published };
};

const LOG_WIDTH = 120;

/** The log of a job is where people look first when a step has failed. */
const sayResult = (log: ActionLog, report: ReportModel): void => {
  log.stage("judge");
  const text = renderTerminal(report, { width: LOG_WIDTH, rows: null, colour: false });
  for (const line of text.trimEnd().split("\n")) log.info(line);
  log.end();
};
