/** The command line: words to a command, its result to an exit code. */
import { type Command, findCommand } from "../config/commands.ts";
import { type Flags, parseFlags } from "../config/flags.ts";
import { helpText, overview } from "../config/help.ts";
import { ExitCode, type Problem, UserError } from "../errors.ts";
import { resultText, usageErrorJson } from "../report/json.ts";
import { wrapWords } from "../text-layout.ts";
import { calibrateCommand } from "./commands/calibrate.ts";
import { capacityCommand } from "./commands/capacity.ts";
import { compareCommand } from "./commands/compare.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { mergeCommand } from "./commands/merge.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { processStreams, type Streams } from "./streams.ts";
import { VERSION } from "./version.ts";

const RUNNERS: Readonly<Record<string, (flags: Flags, streams: Streams) => Promise<ExitCode>>> = {
  run: runCommand,
  compare: compareCommand,
  merge: mergeCommand,
  report: reportCommand,
  calibrate: calibrateCommand,
  explain: explainCommand,
  import: importCommand,
  capacity: capacityCommand,
  init: initCommand,
  doctor: doctorCommand,
  demo: demoCommand,
};

const main = async (argv: readonly string[], streams: Streams): Promise<ExitCode> => {
  const [word, ...rest] = argv;
  if (word === "--version" || word === "version") return say(streams, `swarmgate ${VERSION}\n`);
  const wantsHelp = word === "help" || word === "--help" || word === "-h";
  const name = wantsHelp ? rest[0] : word;
  if (name === undefined) return say(streams, overview());
  const command = findCommand(name);
  if (!command.ok) throw new UserError(command.problems);
  return await runFlags(command.value, wantsHelp ? ["--help"] : rest, streams);
};

const runFlags = async (command: Command, argv: readonly string[], streams: Streams): Promise<ExitCode> => {
  const flags = parseFlags(command, argv);
  if (!flags.ok) throw new UserError(flags.problems);
  if (flags.value.options.help) return say(streams, helpText(command));
  const runner = RUNNERS[command.name];
  if (runner === undefined) throw new Error(`the command ${command.name} has no code`);
  return await runner(flags.value, streams);
};

const say = ({ out }: Streams, text: string): ExitCode => {
  out(text);
  return ExitCode.gateOpen;
};

/** The user's mistakes: all of them, one line each, with a hint and no stack. Ours: everything we know. */
const fail = (error: unknown, argv: readonly string[], { out, err, errSize }: Streams): ExitCode => {
  if (!(error instanceof UserError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    err(
      `This is a bug of swarmgate; please report it with these lines.\nswarmgate ${VERSION}, Node ${process.versions.node}\n${text}\n`,
    );
    return ExitCode.bug;
  }
  if (argv.includes("--json")) out(resultText(usageErrorJson(error.problems)));
  const width = errSize()?.columns ?? Number.POSITIVE_INFINITY;
  err(error.problems.flatMap((problem) => problemLines(problem, width)).join(""));
  return ExitCode.usage;
};

const problemLines = ({ code, message, hint }: Problem, width: number): readonly string[] =>
  [...wrapWords(message, width, "error: "), ...wrapWords(`${hint} (docs/errors.md#${code})`, width, "  ")].map(
    (line) => `${line}\n`,
  );

const streams = processStreams();
const argv = process.argv.slice(2);
const code = await main(argv, streams).catch((error: unknown) => fail(error, argv, streams));
// Sockets of an aborted load must not hold the process; what was written must still reach a slow pipe.
process.exitCode = code;
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))),
);
process.exit(code);
