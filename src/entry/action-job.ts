import { randomUUID } from "node:crypto";
import { createAws } from "../adapters/aws/aws.ts";
import { githubBaseHistory } from "../adapters/github/base-history.ts";
import { createGithubClient } from "../adapters/github/client.ts";
import { type ActionContext, roleOf } from "../adapters/github/context.ts";
import { type ActionLog, actionLog, runnerGroups } from "../adapters/github/log.ts";
import { githubPublisher } from "../adapters/github/publisher.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { nodeProbe } from "../adapters/node/probe.ts";
import type { Config } from "../config/config.ts";
import { type GatePorts, type GateResult, runGate } from "../gate/gate.ts";
import { interruptedResult } from "../gate/interrupted.ts";
import { type PublishOutcome, publish, publishCancelled } from "../gate/publish.ts";
import { withinGrace } from "../gate/within-grace.ts";
import type { Judgement } from "../judge/verdict.ts";
import { createEngine } from "../load/engine/engine.ts";
import { buildReport } from "../report/model.ts";
import type { ReportModel } from "../report/report.ts";
import { renderTerminal } from "../report/terminal.ts";
import { millis } from "../units.ts";
import { baselinePath, baseSide } from "./base-side.ts";
import { defaultWorkers } from "./default-workers.ts";
import { htmlReport } from "./html-report.ts";
import { mergeJob } from "./merge-job.ts";
import { reportContext } from "./report-context.ts";
import { signHeaders } from "./sign-headers.ts";
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

export type JobOutcome = {
  readonly report: ReportModel;
  readonly judgement: Judgement;
  readonly published: PublishOutcome;
};

/** Measures, judges and writes everything that is written beside outputs and conclusion. */
export const gateAndPublish = async (job: ActionJob): Promise<JobOutcome> => {
  const { config, context, signal } = job;
  const role = roleOf(context, config.baseline.branch);
  const log = actionLog(job.write, await runnerGroups());
  if (role.kind === "none") log.warn(role.reason);
  const client = createGithubClient({
    token: job.token,
    apiUrl: context.apiUrl,
    repository: context.git.repository ?? "",
  });
  const onBase = role.kind === "base-run";
  const { close, ...aws } = createAws({ region: config.aws.region });
  const ports: GatePorts = {
    clock: nodeClock,
    probe: nodeProbe,
    engine: createEngine({
      workerFile: job.workerFile,
      workers: config.load.workers ?? defaultWorkers(),
      environment: process.env,
    }),
    ...aws,
    sign: signHeaders,
    history: githubBaseHistory({
      client,
      headSha: context.git.sha,
      baseBranch: config.baseline.branch ?? context.git.baseBranch,
      onBase,
      allowHttp: context.apiUrl.startsWith("http:"),
    }),
    files: nodeFiles(),
    log,
  };
  const identity = { id: randomUUID(), version: VERSION, git: context.git, workflow: context.workflow };
  const gate = config.mode === "merge" ? mergeJob(job, ports) : runGate(config, identity, ports, signal);
  const result = await gate.catch((error: unknown) => {
    log.end();
    throw error;
  });
  close();
  const { report, html } = await saveResult(job, result);
  sayResult(log, report);
  const publisher = githubPublisher({ client, token: job.token, context, name: config.name, temporary: job.temporary });
  const publishing = publish({ config, result, report, html, onBase, publisher });
  const slow = { grace: PUBLISH_GRACE, clock: nodeClock, signal };
  const published = (await withinGrace(publishing, slow)) ?? NOT_PUBLISHED;
  const isTold = result.record.validity.stopped === "interrupted";
  if (!signal.aborted || isTold) return { report, judgement: result.judgement, published };
  const cut = interruptedResult(result, config);
  const last = await saveResult(job, cut);
  await withinGrace(publishCancelled({ config, result: cut, report: last.report, publisher }), slow);
  return { report: last.report, judgement: cut.judgement, published };
};

/** Between a cancel and the end of the process, for what GitHub is slow to take. */
const PUBLISH_GRACE = millis(1_500);
const NOT_PUBLISHED: PublishOutcome = { commentId: null, problems: [] };

type Saved = { readonly report: ReportModel; readonly html: string | null };

/** Record and report as files: what is there even when nothing can be sent. */
const saveResult = async (job: ActionJob, result: GateResult): Promise<Saved> => {
  const { config, context } = job;
  await job.saveRecord(JSON.stringify(result.record));
  const report = buildReport({
    judgement: result.judgement,
    record: result.record,
    context: reportContext(config, result, { runUrl: context.runUrl, runRecord: job.recordPath }),
    base: await baseSide(result.baseline, baselinePath(config.baseline), nodeFiles()),
  });
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
