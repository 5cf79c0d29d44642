/** The GitHub Action: wires ports to the pipeline, publishes first, fails last. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { annotation, maskCommands } from "../adapters/github/commands.ts";
import { parseContext, readEvent } from "../adapters/github/context.ts";
import { readInputs } from "../adapters/github/inputs.ts";
import { setOutputs, writeSummary } from "../adapters/github/outputs.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { hideSecrets } from "../config/hide-secrets.ts";
import { ExitCode, type Problem, UserError } from "../errors.ts";
import { buildAnnotations } from "../report/annotations.ts";
import { renderUsageErrors } from "../report/markdown.ts";
import { actionOutputs, emptyOutputs } from "../report/outputs.ts";
import type { ActionJob } from "./action-job.ts";
import { runMode } from "./action-modes.ts";
import { configure } from "./configure.ts";
import { workerFile } from "./product-files.ts";
import { sayInterrupted } from "./say-interrupted.ts";
import { abortOnSignals } from "./signals.ts";

const TITLE = "swarmgate";
const hidden: string[] = [];
/** The runner masks what it was told to; a line that is read elsewhere must not depend on it. */
const write = (text: string): void => {
  process.stdout.write(hideSecrets(text, hidden));
};

const main = async (): Promise<number> => {
  const { env } = process;
  const signal = abortOnSignals(
    (name) => write(`Received ${name}: stopping the load and writing what was measured.\n`),
    sayInterrupted,
  );
  const inputs = readInputs(env);
  const context = parseContext(env, await readEvent(env));
  const offersTarget = context.offered !== null;
  const config = await configure({ inputs, env, name: context.job ?? "gate", needsTarget: true, offersTarget });
  if (!config.ok) throw new UserError(config.problems);
  write(maskCommands(config.value.secrets));
  hidden.push(...config.value.secrets);
  // No literal path here: ncc would take it for an asset of the build machine.
  const folder = join(env["RUNNER_TEMP"] ?? tmpdir(), `swarmgate-${config.value.name}`);
  const [recordPath, reportPath] = [join(folder, "run.json"), join(folder, "report.html")];
  const job: ActionJob = {
    config: config.value,
    context,
    token: inputs["github-token"] ?? "",
    temporary: env["RUNNER_TEMP"] ?? null,
    workerFile: workerFile(),
    signal,
    write,
    saveRecord: (text) => nodeFiles().write(recordPath, text),
    recordPath,
    saveReport: (html) => nodeFiles().write(reportPath, html),
  };
  const done = await runMode(job);
  if (done.kind === "sent") return done.exit;
  const { report, judgement, published } = done;
  const htmlReport = config.value.report.htmlReport ? reportPath : null;
  await setOutputs(
    actionOutputs(report, judgement, { runRecord: recordPath, htmlReport, commentId: published.commentId }),
  );
  for (const { level, message } of buildAnnotations(report, config.value.gate))
    write(annotation(level, TITLE, message));
  for (const problem of published.problems) write(annotation("warning", TITLE, sentence(problem)));
  if (signal.aborted) return ExitCode.interrupted;
  return report.gateOpen ? ExitCode.gateOpen : ExitCode.gateClosed;
};

const sentence = ({ message, hint, code }: Problem): string => `${message} ${hint} (${code})`;

/** The user's mistakes: every sentence as an annotation and nothing else. Ours: everything we know. */
const fail = async (error: unknown): Promise<number> => {
  await setOutputs(emptyOutputs());
  if (error instanceof UserError) {
    for (const problem of error.problems) write(annotation("error", TITLE, sentence(problem)));
    await writeSummary(renderUsageErrors(error.problems));
    return ExitCode.gateClosed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(annotation("error", TITLE, `This is a bug of swarmgate; please report it with these lines.\n${text}`));
  return ExitCode.gateClosed;
};

// Sockets of a cancelled load or of a slow service must not hold the step open.
process.exit(await main().catch(fail));
