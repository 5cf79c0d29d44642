import { annotation } from "../adapters/github/commands.ts";
import { setOutputs } from "../adapters/github/outputs.ts";
import { githubPublisher } from "../adapters/github/publisher.ts";
import type { History } from "../baseline/baseline.ts";
import { ExitCode, UserError, usageProblem } from "../errors.ts";
import { findBaseline } from "../gate/find-baseline.ts";
import type { GatePorts } from "../gate/gate-contract.ts";
import { historyArtifact } from "../gate/stored-artifacts.ts";
import type { RunSummary } from "../record/summary.ts";
import type { CalibrationReport } from "../report/calibration.ts";
import { renderCalibration, renderCalibrationSummary } from "../report/calibration-faces.ts";
import { emptyOutputs } from "../report/outputs.ts";
import type { ActionJob } from "./action-job.ts";
import { type Concluded, calibrate } from "./calibrate-session.ts";
import { gatePorts } from "./gate-ports.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";
import { VERSION } from "./version.ts";

const TITLE = "swarmgate";
const LOG_WIDTH = 120;

/** `mode: calibrate`: measures the noise of the base's deployment and stores it in the base branch's history. */
export const calibrateJob = async (job: ActionJob): Promise<ExitCode> => {
  const { config, signal } = job;
  const surroundings = await surroundingsOf(job);
  const { context, role, log } = surroundings;
  if (role.kind !== "base-run") throw new UserError([NOT_ON_BASE]);
  const { ports, close } = gatePorts(job, surroundings);
  const identity = { version: VERSION, git: context.git, workflow: context.workflow };
  const session = await calibrate({ config, identity, rounds: null }, ports, signal);
  close();
  const before = await historyBefore(job, { head: session.head, surroundings, ports });
  const told = await store(job, surroundings, session.conclude(before));
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

/** What the base branch knows already: it is carried forward, as by every run on it. */
const historyBefore = async (
  { config, signal }: ActionJob,
  asked: { readonly head: RunSummary | null; readonly surroundings: Surroundings; readonly ports: GatePorts },
): Promise<History | null> => {
  const { head, surroundings, ports } = asked;
  if (head === null) return null;
  const { git, workflow } = surroundings.context;
  const search = { name: config.name, baseline: { ...config.baseline, source: { kind: "artifact" as const } } };
  return (await findBaseline({ config: search, head, git, workflow, file: null, ports, signal })).history;
};

type Told = { readonly report: CalibrationReport; readonly errors: readonly string[] };

/** Stores, then tells: a noise floor that the gate cannot find has not been measured for anybody. */
const store = async (
  { config, token, temporary, write }: ActionJob,
  { client, context }: Surroundings,
  { history, report: reportOf }: Concluded,
): Promise<Told> => {
  const publisher = githubPublisher({ client, token, context, name: config.name, temporary });
  const artifact = historyArtifact(config.name);
  const stored = history === null ? null : await publisher.artifact(artifact, "history.json", JSON.stringify(history));
  const report = reportOf(stored?.ok === true ? artifact : null);
  const summary = await publisher.summary(renderCalibrationSummary(report));
  await setOutputs({ ...emptyOutputs(), "gate-open": String(stored?.ok === true), headline: report.headline });
  if (!summary.ok) write(annotation("warning", TITLE, summary.reason));
  const told = report.problems.map(({ message, hint, code }) => `${message} ${hint} (${code})`);
  return { report, errors: stored === null || stored.ok ? told : [...told, stored.reason] };
};
