import type { ActionLog } from "../adapters/github/log.ts";
import { githubPublisher } from "../adapters/github/publisher.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import type { GateResult } from "../gate/gate-contract.ts";
import { interruptedResult } from "../gate/interrupted.ts";
import { type PublishOutcome, publish, publishCancelled } from "../gate/publish.ts";
import { withinGrace } from "../gate/within-grace.ts";
import type { Judgement } from "../judge/verdict.ts";
import type { Acceptance } from "../record/acceptance.ts";
import { asAccepted } from "../report/accepted.ts";
import { buildReport } from "../report/model.ts";
import type { ReportModel } from "../report/report.ts";
import { renderTerminal } from "../report/terminal.ts";
import { millis } from "../units.ts";
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
  const { config, signal } = job;
  const { report, html } = await saveResult(job, context, { result, top, accepted });
  sayResult(log, report);
  const publisher = githubPublisher({ client, token: job.token, context, name: config.name, temporary: job.temporary });
  const onBase = role.kind === "base-run" && !judgedAgain;
  const publishing = publish({ config, result, report, html, onBase, judgedAgain, accepted, publisher });
  const slow = { grace: PUBLISH_GRACE, clock: nodeClock, signal };
  const published = (await withinGrace(publishing, slow)) ?? NOT_PUBLISHED;
  const isTold = result.record.validity.stopped === "interrupted";
  if (!signal.aborted || isTold) return { report, judgement: result.judgement, published };
  const cut = interruptedResult(result, config);
  const last = await saveResult(job, context, { result: cut, top, accepted: null });
  await withinGrace(publishCancelled({ config, result: cut, report: last.report, publisher }), slow);
  return { report: last.report, judgement: cut.judgement, published };
};

/** Between a cancel and the end of the process, for what GitHub is slow to take. */
const PUBLISH_GRACE = millis(1_500);
const NOT_PUBLISHED: PublishOutcome = { commentId: null, problems: [] };

type Saved = { readonly report: ReportModel; readonly html: string | null };

/** Record and report as files: what is there even when nothing can be sent. */
const saveResult = async (
  job: ActionJob,
  context: Surroundings["context"],
  { result, top, accepted }: Required<Pick<Finish, "result" | "top" | "accepted">>,
): Promise<Saved> => {
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
  const html = config.report.htmlReport ? htmlReport(report, result.record) : null;
  if (html !== null) await job.saveReport(html);
  return { report, html };
};

const LOG_WIDTH = 120;

/** The log of a job is where people look first when a step has failed. */
const sayResult = (log: ActionLog, report: ReportModel): void => {
  log.stage("judge");
  const text = renderTerminal(report, { width: LOG_WIDTH, rows: null, colour: false });
  for (const line of text.trimEnd().split("\n")) log.info(line);
  log.end();
};
