import { randomUUID } from "node:crypto";
import { createAws } from "../adapters/aws/aws.ts";
import { githubBaseHistory } from "../adapters/github/base-history.ts";
import { createGithubClient } from "../adapters/github/client.ts";
import { annotation } from "../adapters/github/commands.ts";
import { roleOf } from "../adapters/github/context.ts";
import { actionLog, runnerGroups } from "../adapters/github/log.ts";
import { setOutputs } from "../adapters/github/outputs.ts";
import { githubPublisher } from "../adapters/github/publisher.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { nodeProbe } from "../adapters/node/probe.ts";
import { ExitCode, UserError, usageProblem } from "../errors.ts";
import { type Calibrated, concludeSession, DEFAULT_ROUNDS, measureRounds, type Session } from "../gate/calibrate.ts";
import { findBaseline } from "../gate/find-baseline.ts";
import type { GatePorts } from "../gate/gate-contract.ts";
import { createEngine } from "../load/engine/engine.ts";
import { buildCalibrationReport, type CalibrationReport } from "../report/calibration.ts";
import { renderCalibration, renderCalibrationSummary } from "../report/calibration-faces.ts";
import { emptyOutputs } from "../report/outputs.ts";
import type { ActionJob } from "./action-job.ts";
import { defaultWorkers } from "./default-workers.ts";
import { signHeaders } from "./sign-headers.ts";
import { VERSION } from "./version.ts";

const TITLE = "swarmgate";
const SECOND_MS = 1000;
const LOG_WIDTH = 120;

/** `mode: calibrate`: measures the noise of the base's deployment and stores it in the base branch's history. */
export const calibrateJob = async (job: ActionJob): Promise<ExitCode> => {
  const { config, context, signal } = job;
  if (roleOf(context, config.baseline.branch).kind !== "base-run") throw new UserError([NOT_ON_BASE]);
  const log = actionLog(job.write, await runnerGroups());
  const { ports, close } = portsOf(job, log);
  const identity = { version: VERSION, git: context.git, workflow: context.workflow };
  const begun = nodeClock.now();
  const request = { config, identity, newId: randomUUID, rounds: DEFAULT_ROUNDS };
  const session = await measureRounds(request, ports, signal);
  close();
  const result = await withHistory(job, session, ports);
  const report = (stored: boolean): CalibrationReport =>
    buildCalibrationReport({
      asked: session.asked,
      counted: session.rounds.length,
      refused: session.refused,
      seconds: (nodeClock.now() - begun) / SECOND_MS,
      result,
      writtenTo: stored ? artifactName(config.name) : null,
    });
  const told = await conclude(job, result, report);
  for (const line of renderCalibration(told.report, LOG_WIDTH).trimEnd().split("\n")) log.info(line);
  log.end();
  for (const text of told.errors) job.write(annotation("error", TITLE, text));
  if (signal.aborted) return ExitCode.interrupted;
  return told.errors.length === 0 ? ExitCode.gateOpen : ExitCode.gateClosed;
};

const NOT_ON_BASE = usageProblem(
  "conflicting-values",
  "mode is calibrate, and this run does not belong to the base branch.",
  "Start it by schedule or workflow_dispatch on the base branch.",
);

const artifactName = (name: string): string => `swarmgate-${name}-history`;

const portsOf = (
  { config, workerFile }: ActionJob,
  log: GatePorts["log"],
): { readonly ports: GatePorts; readonly close: () => void } => {
  const { close, ...aws } = createAws({ region: config.aws.region });
  const engine = createEngine({
    workerFile,
    workers: config.load.workers ?? defaultWorkers(),
    environment: process.env,
  });
  const doors = { clock: nodeClock, probe: nodeProbe, engine, sign: signHeaders, files: nodeFiles() };
  return { ports: { ...doors, ...aws, history: null, log }, close };
};

/** What the base branch knows already is carried forward, as by every run on it. */
const withHistory = async (job: ActionJob, session: Session, ports: GatePorts): Promise<Calibrated | null> => {
  const { config, context, signal, token } = job;
  const head = session.rounds.at(-1);
  if (head === undefined) return null;
  const { git, workflow, apiUrl } = context;
  const { history } = await findBaseline({
    config: { name: config.name, baseline: { ...config.baseline, source: { kind: "artifact" } } },
    head,
    git,
    workflow,
    file: null,
    ports: {
      ...ports,
      history: githubBaseHistory({
        client: createGithubClient({ token, apiUrl, repository: git.repository ?? "" }),
        headSha: git.sha,
        baseBranch: config.baseline.branch ?? git.baseBranch,
        onBase: true,
        allowHttp: apiUrl.startsWith("http:"),
      }),
    },
    signal,
  });
  return concludeSession(session, history);
};

type Told = { readonly report: CalibrationReport; readonly errors: readonly string[] };

/** Stores, then tells: a noise floor that the gate cannot find has not been measured for anybody. */
const conclude = async (
  job: ActionJob,
  result: Calibrated | null,
  reportOf: (stored: boolean) => CalibrationReport,
): Promise<Told> => {
  const { config, context, token, temporary } = job;
  const client = createGithubClient({ token, apiUrl: context.apiUrl, repository: context.git.repository ?? "" });
  const publisher = githubPublisher({ client, token, context, name: config.name, temporary });
  const stored =
    result === null
      ? null
      : await publisher.artifact(artifactName(config.name), "history.json", JSON.stringify(result.history));
  const report = reportOf(stored?.ok === true);
  const summary = await publisher.summary(renderCalibrationSummary(report));
  await setOutputs({ ...emptyOutputs(), "gate-open": String(stored?.ok === true), headline: report.headline });
  if (!summary.ok) job.write(annotation("warning", TITLE, summary.reason));
  const told = report.problems.map(({ message, hint, code }) => `${message} ${hint} (${code})`);
  return { report, errors: stored === null || stored.ok ? told : [...told, stored.reason] };
};
