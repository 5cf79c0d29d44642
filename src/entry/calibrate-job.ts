import { randomUUID } from "node:crypto";
import { annotation } from "../adapters/github/commands.ts";
import { setOutputs } from "../adapters/github/outputs.ts";
import { githubPublisher } from "../adapters/github/publisher.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { ExitCode, UserError, usageProblem } from "../errors.ts";
import { type Calibrated, concludeSession, DEFAULT_ROUNDS, measureRounds, type Session } from "../gate/calibrate.ts";
import { findBaseline } from "../gate/find-baseline.ts";
import type { GatePorts } from "../gate/gate-contract.ts";
import { buildCalibrationReport, type CalibrationReport } from "../report/calibration.ts";
import { renderCalibration, renderCalibrationSummary } from "../report/calibration-faces.ts";
import { emptyOutputs } from "../report/outputs.ts";
import type { ActionJob } from "./action-job.ts";
import { gatePorts } from "./gate-ports.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";
import { VERSION } from "./version.ts";

const TITLE = "swarmgate";
const SECOND_MS = 1000;
const LOG_WIDTH = 120;

/** `mode: calibrate`: measures the noise of the base's deployment and stores it in the base branch's history. */
export const calibrateJob = async (job: ActionJob): Promise<ExitCode> => {
  const { config, signal } = job;
  const surroundings = await surroundingsOf(job);
  const { context, role, log } = surroundings;
  if (role.kind !== "base-run") throw new UserError([NOT_ON_BASE]);
  const { ports, close } = gatePorts(job, surroundings);
  const identity = { version: VERSION, git: context.git, workflow: context.workflow };
  const begun = nodeClock.now();
  const request = { config, identity, newId: randomUUID, rounds: DEFAULT_ROUNDS };
  const session = await measureRounds(request, ports, signal);
  close();
  const result = await withHistory(job, { session, surroundings, ports });
  const report = (stored: boolean): CalibrationReport =>
    buildCalibrationReport({
      asked: session.asked,
      counted: session.rounds.length,
      refused: session.refused,
      seconds: (nodeClock.now() - begun) / SECOND_MS,
      result,
      writtenTo: stored ? artifactName(config.name) : null,
    });
  const told = await conclude(job, surroundings, { result, reportOf: report });
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

/** What the base branch knows already is carried forward, as by every run on it. */
const withHistory = async (
  { config, signal }: ActionJob,
  measured: { readonly session: Session; readonly surroundings: Surroundings; readonly ports: GatePorts },
): Promise<Calibrated | null> => {
  const { session, surroundings, ports } = measured;
  const head = session.rounds.at(-1);
  if (head === undefined) return null;
  const { git, workflow } = surroundings.context;
  const asked = { name: config.name, baseline: { ...config.baseline, source: { kind: "artifact" as const } } };
  const { history } = await findBaseline({ config: asked, head, git, workflow, file: null, ports, signal });
  return concludeSession(session, history);
};

type Told = { readonly report: CalibrationReport; readonly errors: readonly string[] };

/** Stores, then tells: a noise floor that the gate cannot find has not been measured for anybody. */
const conclude = async (
  { config, token, temporary, write }: ActionJob,
  { client, context }: Surroundings,
  measured: { readonly result: Calibrated | null; readonly reportOf: (stored: boolean) => CalibrationReport },
): Promise<Told> => {
  const { result, reportOf } = measured;
  const publisher = githubPublisher({ client, token, context, name: config.name, temporary });
  const stored =
    result === null
      ? null
      : await publisher.artifact(artifactName(config.name), "history.json", JSON.stringify(result.history));
  const report = reportOf(stored?.ok === true);
  const summary = await publisher.summary(renderCalibrationSummary(report));
  await setOutputs({ ...emptyOutputs(), "gate-open": String(stored?.ok === true), headline: report.headline });
  if (!summary.ok) write(annotation("warning", TITLE, summary.reason));
  const told = report.problems.map(({ message, hint, code }) => `${message} ${hint} (${code})`);
  return { report, errors: stored === null || stored.ok ? told : [...told, stored.reason] };
};
