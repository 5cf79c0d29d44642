import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { createAws } from "../../adapters/aws/aws.ts";
import { nodeClock } from "../../adapters/node/clock.ts";
import { nodeFiles } from "../../adapters/node/files.ts";
import { checkoutFacts } from "../../adapters/node/git.ts";
import { nodeProbe } from "../../adapters/node/probe.ts";
import { type Config, type Mode, sendsLoad } from "../../config/config.ts";
import { explainConfig } from "../../config/explain.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, type Problem, UserError, usageProblem } from "../../errors.ts";
import type { RunIdentity } from "../../gate/gate-contract.ts";
import { measureAndJudge } from "../../gate/measure-and-judge.ts";
import { exitCodeOf } from "../../judge/combine.ts";
import { createEngine } from "../../load/engine/engine.ts";
import { buildReport } from "../../report/model.ts";
import { baselinePath, baseSide } from "../base-side.ts";
import { configure } from "../configure.ts";
import { defaultWorkers } from "../default-workers.ts";
import { dryRunText } from "../dry-run-text.ts";
import { besideRecord, htmlReport } from "../html-report.ts";
import { startLiveUi } from "../live-ui.ts";
import { workerFile } from "../product-files.ts";
import { quietStreams } from "../quiet-streams.ts";
import { reportContext } from "../report-context.ts";
import { reportLine } from "../report-line.ts";
import { showResult } from "../show-result.ts";
import { signHeaders } from "../sign-headers.ts";
import { abortOnSignals } from "../signals.ts";
import { lineWidthOf, type Streams } from "../streams.ts";
import { terminalLog } from "../terminal-log.ts";
import { VERSION } from "../version.ts";
import { shardCommand } from "./run-shard.ts";

const DEFAULT_OUT = "run.json";

/** `swarmgate run`: load, read AWS, write the run record, and judge it. */
export const runCommand = async ({ inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const parsed = await configure({ inputs, env: streams.env, name: "gate", needsTarget: true });
  if (!parsed.ok) throw new UserError(parsed.problems);
  const config = parsed.value;
  if (!sendsLoad(config.mode)) throw new UserError([noLoad(config.mode)]);
  if (config.mode === "calibrate") throw new UserError([NO_CALIBRATE]);
  const out = options.out ?? DEFAULT_OUT;
  refuseOverwriting(config, out);
  refuseUi(config, options);
  if (options.dryRun) {
    streams.out(dryRunText(explainConfig(config), { json: options.json, width: lineWidthOf(streams) }));
    return ExitCode.gateOpen;
  }
  const terminal = terminalLog(quietStreams(streams, config.secrets), options.quiet);
  const ui = options.ui ? await startLiveUi(config, options.uiPort) : null;
  if (ui !== null) streams.err(`live page: ${ui.url}\n`);
  const log = ui === null ? terminal : ui.log(terminal);
  const signals = abortOnSignals((name) =>
    log.warn(`received ${name}: stopping the load and writing what was measured`),
  );
  const signal = ui === null ? signals : AbortSignal.any([signals, ui.stopped]);
  const engine = createEngine({
    workerFile: workerFile(),
    workers: config.load.workers ?? defaultWorkers(),
    environment: streams.env,
  });
  const { close, ...aws } = createAws({ region: config.aws.region });
  const ports = {
    clock: nodeClock,
    probe: nodeProbe,
    engine: ui === null ? engine : ui.engine(engine),
    ...aws,
    sign: signHeaders,
    history: null,
    files: nodeFiles(),
    log,
  };
  if (config.shard !== null) {
    const shard = { config, identity: await identity(), out, json: options.json, ports, signal };
    const code = await shardCommand(shard, streams);
    close();
    return code;
  }
  const result = await measureAndJudge(config, await identity(), ports, signal);
  close();
  log.end();
  await ports.files.write(out, JSON.stringify(result.record));
  const context = reportContext(config, result, { runUrl: null, runRecord: out });
  const base = await baseSide(result.baseline, baselinePath(config.baseline), ports.files);
  const report = buildReport({ judgement: result.judgement, record: result.record, context, base });
  if (config.report.htmlReport) await ports.files.write(besideRecord(out), htmlReport(report, result.record));
  await ui?.end({ judgement: result.judgement, headline: report.headline });
  const whole = reportLine({ path: out, bases: [], inputs });
  showResult({ report, judgement: result.judgement, runRecord: out, whole }, { json: options.json, streams });
  return signal.aborted ? ExitCode.interrupted : exitCodeOf(result.judgement);
};

const noLoad = (mode: Mode): Problem =>
  usageProblem(
    "bad-value",
    `run sends load, and mode is ${mode}.`,
    mode === "merge" ? "Use swarmgate merge SHARD..." : "Leave out mode: report and evaluate belong to GitHub Actions.",
  );

const NO_CALIBRATE = usageProblem("bad-value", "run judges, and mode is calibrate.", "Use swarmgate calibrate.");

/** The baseline is read before the load and must still be there after it. */
const refuseOverwriting = ({ baseline }: Config, out: string): void => {
  if (baseline.source.kind !== "file" || resolve(baseline.source.path) !== resolve(out)) return;
  throw new UserError([
    usageProblem(
      "conflicting-values",
      `The run record would overwrite the baseline ${baseline.source.path}.`,
      "Give another file with --out.",
    ),
  ]);
};

/** A page per shard would show a part for the whole; and a port without a page is a mistake. */
const refuseUi = ({ shard }: Config, { ui, uiPort }: Flags["options"]): void => {
  if (ui && shard !== null) {
    throw new UserError([
      usageProblem("conflicting-values", "A shard has no live page.", "Leave out --ui, or run the whole load here."),
    ]);
  }
  if (!ui && uiPort !== null) {
    throw new UserError([
      usageProblem("conflicting-values", "--ui-port is given without --ui.", "Add --ui, or leave out --ui-port."),
    ]);
  }
};

const identity = async (): Promise<RunIdentity> => {
  const { sha, branch } = await checkoutFacts();
  const none = { repository: null, baseBranch: null, pullRequest: null, event: null, runId: null, runAttempt: null };
  return { id: randomUUID(), version: VERSION, git: { ...none, sha, branch }, workflow: null };
};
