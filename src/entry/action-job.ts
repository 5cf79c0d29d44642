import { randomUUID } from "node:crypto";
import { createAws } from "../adapters/aws/aws.ts";
import { githubBaseHistory } from "../adapters/github/base-history.ts";
import { createGithubClient } from "../adapters/github/client.ts";
import { type ActionContext, roleOf } from "../adapters/github/context.ts";
import { actionLog } from "../adapters/github/log.ts";
import { githubPublisher } from "../adapters/github/publisher.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { nodeProbe } from "../adapters/node/probe.ts";
import type { Config } from "../config/config.ts";
import type { GatePorts } from "../gate/gate.ts";
import { measureAndJudge } from "../gate/measure-and-judge.ts";
import { type PublishOutcome, publish } from "../gate/publish.ts";
import type { Judgement } from "../judge/verdict.ts";
import { createEngine } from "../load/engine/engine.ts";
import { buildReport } from "../report/model.ts";
import type { ReportModel } from "../report/report.ts";
import { baselinePath, baseSide } from "./base-side.ts";
import { defaultWorkers } from "./default-workers.ts";
import { htmlReport } from "./html-report.ts";
import { mergeJob } from "./merge-job.ts";
import { reportContext } from "./report-context.ts";
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
  const log = actionLog(job.write);
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
  const result =
    config.mode === "merge" ? await mergeJob(job, ports) : await measureAndJudge(config, identity, ports, signal);
  close();
  await job.saveRecord(JSON.stringify(result.record));
  const report = buildReport({
    judgement: result.judgement,
    record: result.record,
    context: reportContext(config, result, { runUrl: context.runUrl, runRecord: job.recordPath }),
    base: await baseSide(result.baseline, baselinePath(config.baseline), ports.files),
  });
  const html = config.report.htmlReport ? htmlReport(report, result.record) : null;
  if (html !== null) await job.saveReport(html);
  const publisher = githubPublisher({ client, token: job.token, context, name: config.name, temporary: job.temporary });
  const published = await publish({ config, result, report, html, onBase, publisher });
  return { report, judgement: result.judgement, published };
};
