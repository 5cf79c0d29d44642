import { createAws } from "../../adapters/aws/aws.ts";
import { nodeClock } from "../../adapters/node/clock.ts";
import { nodeFiles } from "../../adapters/node/files.ts";
import { checkoutFacts } from "../../adapters/node/git.ts";
import { nodeProbe } from "../../adapters/node/probe.ts";
import type { History } from "../../baseline/baseline.ts";
import { parseHistory } from "../../baseline/history.ts";
import type { Config } from "../../config/config.ts";
import { explainConfig } from "../../config/explain.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, UserError, usageProblem } from "../../errors.ts";
import type { GatePorts } from "../../gate/gate-contract.ts";
import { createEngine } from "../../load/engine/engine.ts";
import type { Files, Log } from "../../ports.ts";
import { MAX_DOCUMENT } from "../../record/document.ts";
import { calibrationJson, renderCalibration } from "../../report/calibration-faces.ts";
import { type CalibrationSession, calibrate, defaultRounds } from "../calibrate-session.ts";
import { configure } from "../configure.ts";
import { defaultWorkers } from "../default-workers.ts";
import { dryRunText } from "../dry-run-text.ts";
import { workerFile } from "../product-files.ts";
import { signHeaders } from "../sign-headers.ts";
import { abortOnSignals } from "../signals.ts";
import { lineWidthOf, type Streams, widthOf } from "../streams.ts";
import { terminalLog } from "../terminal-log.ts";
import { VERSION } from "../version.ts";

const DEFAULT_OUT = "history.json";

/** `swarmgate calibrate`: A/A rounds on one target, the noise floor in a history, limits proposed. */
export const calibrateCommand = async ({ inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const parsed = await configure({ inputs, env: streams.env, name: "gate", needsTarget: true });
  if (!parsed.ok) throw new UserError(parsed.problems);
  const config = parsed.value;
  const out = options.out ?? DEFAULT_OUT;
  const files = nodeFiles();
  const before = await historyBefore(out, files);
  if (options.dryRun) {
    const lines = [...explainConfig(config), roundsText(config, options.rounds)];
    streams.out(dryRunText(lines, { json: options.json, width: lineWidthOf(streams) }));
    return ExitCode.gateOpen;
  }
  const log = terminalLog(streams, options.quiet);
  const signal = abortOnSignals((name) => log.warn(`received ${name}: stopping the round that is being measured`));
  const session = await measure({ config, rounds: options.rounds, log, files, env: streams.env, signal });
  log.end();
  const { history, report } = session.conclude(before);
  if (history !== null) await files.write(out, JSON.stringify(history));
  const told = report(history === null ? null : out);
  streams.out(options.json ? calibrationJson(told) : renderCalibration(told, widthOf(streams)));
  if (signal.aborted) return ExitCode.interrupted;
  return history === null ? ExitCode.invalid : ExitCode.gateOpen;
};

const roundsText = (config: Config, rounds: number | null): string =>
  config.target.baseUrl === null
    ? `All of it ${rounds ?? defaultRounds(config)} times.`
    : `Here no look ends it: all ${rounds ?? defaultRounds(config)} rounds are measured, and both sides must run the same code.`;

type Measure = {
  readonly config: Config;
  readonly rounds: number | null;
  readonly log: Log;
  readonly files: Files;
  readonly env: Streams["env"];
  readonly signal: AbortSignal;
};

const measure = async ({ config, rounds, log, files, env, signal }: Measure): Promise<CalibrationSession> => {
  const { close, ...aws } = createAws({ region: config.aws.region });
  const ports: GatePorts = {
    clock: nodeClock,
    probe: nodeProbe,
    engine: createEngine({
      workerFile: workerFile(),
      workers: config.load.workers ?? defaultWorkers(),
      environment: env,
    }),
    ...aws,
    sign: signHeaders,
    history: null,
    files,
    log,
  };
  const { sha, branch } = await checkoutFacts();
  const none = { repository: null, baseBranch: null, pullRequest: null, event: null, runId: null, runAttempt: null };
  const identity = { version: VERSION, git: { ...none, sha, branch }, workflow: null };
  const session = await calibrate({ config, identity, rounds }, ports, signal);
  close();
  return session;
};

/** What the file held already is kept; another file is not overwritten, and that is said before the first request. */
const historyBefore = async (path: string, files: Files): Promise<History | null> => {
  const read = await files.read(path, MAX_DOCUMENT);
  if (read.kind === "absent") return null;
  if (read.kind === "refused") {
    const message = `${path} cannot be read: ${read.reason}.`;
    throw new UserError([usageProblem("record-unreadable", message, "Give another file with --out.")]);
  }
  const history = parseHistory(read.text);
  if (!history.ok) throw new UserError(history.problems);
  return history.value;
};
