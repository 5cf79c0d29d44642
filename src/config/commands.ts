import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { CAPACITY_ROWS } from "./capacity-flags.ts";
import { FILE_NAME, type InputRow, type ValueType } from "./input-row.ts";
import { type BuiltName, INPUTS } from "./inputs.ts";
import { STACKS } from "./starter/stacks.ts";
import { didYouMean, nearest } from "./suggest.ts";

const FLAG: ValueType = { type: "boolean" };
const FILES: ValueType = { type: "files" };
const METRIC_ID: ValueType = {
  type: "text",
  pattern: "\\S(?:.*\\S)?",
  form: "a metric id",
  example: "p95",
};
const flag = (name: string, value: ValueType, about: string, built = true): InputRow => ({
  name,
  section: "none",
  value,
  about,
  built,
});

/** What only the command line has. */
export const FLAG_ROWS = {
  out: flag("out", FILE_NAME, "File for the run record."),
  json: flag("json", FLAG, "Writes the result as JSON to stdout."),
  quiet: flag("quiet", FLAG, "No progress on stderr."),
  dryRun: flag("dry-run", FLAG, "Says what would be sent, and sends nothing."),
  base: flag(
    "base",
    FILES,
    "Run records or importable files of the base, one or several; a paired run record as head needs none.",
  ),
  head: flag("head", FILES, "Run records or importable files of the change, one or several."),
  format: {
    ...flag(
      "format",
      {
        type: "choice",
        values: ["terminal", "markdown", "html", "json", "junit", "locust-csv", "k6-summary", "influx", "prometheus"],
      },
      "How the report is written; docs/exports.md has the formats of other tools. With --out, locust-csv also writes the history and the failures beside that file.",
    ),
    defaultNote: "terminal",
  },
  rounds: flag(
    "rounds",
    { type: "integer", min: 6, max: 100, example: "15" },
    "A/A rounds, each a whole run: 6 at least, calibrated from 15. With base-url rounds of both deployments. Default: 15, with base-url 16.",
  ),
  stack: flag(
    "stack",
    { type: "choice", values: [...STACKS] },
    "What the project is deployed with, instead of looking for its files.",
  ),
  help: flag("help", FLAG, "Shows this help."),
  paired: flag("paired", FLAG, "Takes the i-th base and the i-th head as one round."),
  metric: flag("metric", METRIC_ID, "One metric, as p95 or p95@checkout; without it all that gate."),
  ui: flag(
    "ui",
    FLAG,
    "Serves a live page on this machine while it runs: charts, a stop button, and users that can be changed (which makes the run invalid). Its address is on stderr.",
  ),
  uiPort: {
    ...flag("ui-port", { type: "integer", min: 1, max: 65_535, example: "8089" }, "Port of the live page."),
    defaultNote: "one that is free",
  },
  dropBadLines: flag("drop-bad-lines", FLAG, "Tolerates up to 1 % of unreadable lines in imported files."),
} as const;

export type Command = {
  readonly name: string;
  readonly about: string;
  /** What stands behind the command without a flag, in order; all of it is needed. The last may end with `...`: one or more. */
  readonly operands: readonly string[];
  readonly required: readonly string[];
  readonly flags: readonly InputRow[];
};

const only = (names: readonly BuiltName[]): readonly InputRow[] =>
  INPUTS.filter((row) => names.some((name) => name === row.name));
const { out, json, quiet, dryRun, base, head, format, stack, help, paired, metric, ui, uiPort, dropBadLines, rounds } =
  FLAG_ROWS;

/** What a command writes to `--out`, and where it writes without. */
const outFor = (about: string, defaultNote: string): InputRow => ({ ...out, about, defaultNote });
const recordOut = outFor("File for the run record.", "run.json");

/** What decides how records are judged, and nothing about how they are measured. */
const POLICY: readonly BuiltName[] = [
  "limits",
  "name",
  "config",
  "reference-rps",
  "max-concurrency",
  "fail-on",
  "on-inconclusive",
  "on-invalid",
  "on-no-baseline",
];

/** Inputs that `report` has as well: with those of a run it judges the run's record as the run did. */
export const REPORT_INPUTS: readonly BuiltName[] = ["baseline", ...POLICY];

/** What describes the target and its load; a calibration has no base and no verdict. */
const CALIBRATE_INPUTS: readonly InputRow[] = INPUTS.filter(
  ({ name, section, built }) =>
    built &&
    (["target", "load", "aws"].includes(section) || ["config", "name", "segment-time", "max-duration"].includes(name)),
);

/** Commands that work, with the flags each takes: those of the action's inputs first. */
export const COMMANDS: readonly Command[] = [
  {
    name: "run",
    about: "Waits for the target, loads it, reads AWS and writes a run record; with a baseline also judges.",
    operands: [],
    required: [],
    flags: [...INPUTS, recordOut, json, dryRun, ui, uiPort, quiet, help],
  },
  {
    name: "compare",
    about: "Judges run records, or result files of other tools, without any load.",
    operands: [],
    required: ["head"],
    flags: [base, head, paired, ...only(POLICY), dropBadLines, json, quiet, help],
  },
  {
    name: "calibrate",
    about:
      "Measures one target again and again: how much it scatters between runs goes into a history file, with limits that such noise allows. With base-url it measures what two deployments of the same code differ by.",
    operands: [],
    required: [],
    flags: [
      ...CALIBRATE_INPUTS,
      rounds,
      outFor("File for the history; one that is there is continued.", "history.json"),
      json,
      dryRun,
      quiet,
      help,
    ],
  },
  {
    name: "explain",
    about: "Says how a metric was decided: data, model, interval and rule, from the result that --json wrote.",
    operands: ["RESULT"],
    required: [],
    flags: [metric, json, quiet, help],
  },
  {
    name: "report",
    about: "Renders a run record; with a base it is judged against it.",
    operands: ["RUN"],
    required: [],
    flags: [base, ...only(REPORT_INPUTS), format, outFor("File for the report.", "stdout"), json, quiet, help],
  },
  {
    name: "merge",
    about: "Adds the shards of one load up exactly, reads what AWS saw of all of them, and judges the whole.",
    operands: ["SHARD..."],
    required: [],
    flags: [
      base,
      ...only(["baseline", ...POLICY, "aws-region", "functions", "metrics-timeout", "logs", "html-report"]),
      recordOut,
      json,
      quiet,
      help,
    ],
  },
  {
    name: "import",
    about: "Turns a result file of another tool into a run record.",
    operands: ["FILE"],
    required: [],
    flags: [outFor("File for the run record.", "stdout"), dropBadLines, json, quiet, help],
  },
  {
    name: "capacity",
    about: "Required concurrency, quota head-room, ramp and cost for a rate and a duration, without any load.",
    operands: [],
    required: ["rate", "duration"],
    flags: [...CAPACITY_ROWS, json, help],
  },
  {
    name: "init",
    about:
      "Writes a workflow and a config file for the stack it finds, and says which permissions they need. Never overwrites.",
    operands: [],
    required: [],
    flags: [stack, json, help],
  },
  {
    name: "doctor",
    about:
      "Checks Node, config file, workflows, target, AWS rights and this machine, one line each with the mend. Sends one request to the target and no load.",
    operands: [],
    required: [],
    flags: [...INPUTS, json, help],
  },
  {
    name: "demo",
    about: "Shows the whole story on the embedded Lambda simulator, without an account or a network.",
    operands: [],
    required: [],
    flags: [
      outFor("Folder for what the story writes: a new one, or that of an earlier demo.", "demo-output"),
      json,
      quiet,
      help,
    ],
  },
];

/** Known by name, refused with one sentence until they are built. */
export const LATER_COMMANDS: readonly string[] = ["mix", "completion"];

/** The command of that name; one that is not there yet says so. */
export const findCommand = (name: string): Parsed<Command> => {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return parsed(command);
  const names = COMMANDS.map((one) => one.name);
  if (LATER_COMMANDS.includes(name)) {
    const message = `The command ${name} is not built yet.`;
    return refused([usageProblem("not-built-yet", message, `The commands are ${names.join(", ")}.`)]);
  }
  const hint = didYouMean(nearest(name, [...names, ...LATER_COMMANDS]), `The commands are ${names.join(", ")}.`);
  return refused([usageProblem("unknown-command", `${JSON.stringify(name.slice(0, 60))} is not a command.`, hint)]);
};
