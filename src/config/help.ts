import { wrap } from "../text-layout.ts";
import { COMMANDS, type Command, LATER_COMMANDS } from "./commands.ts";
import { EXAMPLES } from "./examples.ts";
import { oneOf } from "./given.ts";
import { FILE_NAME, type InputRow, type Section } from "./input-row.ts";

/** Help of one command: how it is called and what each flag does. Flags that are not built yet are named at the end. */
export const helpText = (command: Command): string => {
  const built = command.flags.filter((row) => row.built);
  const later = command.flags.filter((row) => !row.built).map((row) => `--${row.name}`);
  const groups = GROUPS.map(({ title, sections }) => ({
    title,
    rows: built.filter((row) => sections.includes(row.section)),
  })).filter(({ rows }) => rows.length > 0);
  const lines = [
    `swarmgate ${usage(command)}`,
    "",
    ...wrap(command.about, WIDTH),
    ...groups.flatMap(({ title, rows }) => [
      "",
      `${groups.length === 1 ? "Flags" : title}:`,
      ...rows.flatMap(flagLines),
    ]),
    ...unitLines(built),
    ...exampleLines(command.name),
    ...(later.length === 0 ? [] : ["", ...wrap(`Known, not built yet: ${later.join(", ")}.`, WIDTH)]),
  ];
  return `${lines.join("\n")}\n`;
};

/** What there is, for `swarmgate` and `swarmgate --help`. */
export const overview = (): string => {
  const lines = [
    "swarmgate <command> [flags]",
    "",
    ...wrap("Does this change make the deployed API slower, less reliable, or hungrier for Lambda concurrency?", WIDTH),
    "",
    "Commands:",
    ...COMMANDS.flatMap(({ name, about }) => twoColumns(name, about)),
    "",
    "swarmgate <command> --help lists the flags of a command.",
    ...wrap(`Known, not built yet: ${LATER_COMMANDS.join(", ")}.`, WIDTH),
    "",
    "Exit codes: 0 gate open, 1 gate closed, 2 wrong usage and nothing was sent,",
    "3 closed because the measurement is invalid, 130 interrupted, 70 a bug of ours.",
  ];
  return `${lines.join("\n")}\n`;
};

/** How a value is written, in one word: `<duration>`, `pass|warn|fail`. */
export const placeholder = ({ name, value }: Pick<InputRow, "name" | "value">): string => {
  switch (value.type) {
    case "boolean":
      return "true|false";
    case "choice":
      return isLong(value) ? `<${name}>` : value.values.join("|");
    case "integer":
      return "<number>";
    case "files":
      return "<file>...";
    case "text":
      return value.form === FILE_NAME.form ? "<file>" : `<${name.split("-").at(-1)}>`;
    default:
      return `<${value.type}>`;
  }
};

/** How quantities are written, where a flag of the command takes one. */
const unitLines = (rows: readonly InputRow[]): readonly string[] => {
  const lines = UNITS.filter(({ types }) => rows.some(({ value }) => types.includes(value.type)));
  return lines.length === 0 ? [] : ["", "Units:", ...lines.flatMap(({ name, about }) => twoColumns(name, about))];
};

const UNITS: readonly { readonly name: string; readonly types: readonly string[]; readonly about: string }[] = [
  { name: "<duration>", types: ["duration"], about: "500ms, 30s, 2m, 1h or 1m30s; never without a unit." },
  { name: "<rate>", types: ["rate"], about: "Per second: 4 or 4/s." },
  { name: "<arrival-rate>", types: ["arrival-rate"], about: "Per second: 200/s, or 200/s poisson." },
  { name: "<wait-time>", types: ["wait-time"], about: "In seconds: constant(0.5), between(1,3)." },
  { name: "<limits>", types: ["limits"], about: "p95: +10% and +5ms; failure-rate: <= 1%." },
];

const exampleLines = (name: string): readonly string[] => {
  const examples = EXAMPLES[name] ?? [];
  const shown = examples.flatMap(({ line, does }) => [...wrap(`# ${does}`, WIDTH, "  "), ...shellLines(line)]);
  return shown.length === 0 ? [] : ["", "Examples:", ...shown];
};

/** A long command line is broken where the shell lets it go on, before a flag. */
const shellLines = (line: string): readonly string[] => {
  const parts = line.split(/ (?=--)/);
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.length + 5 > WIDTH) lines.push(part);
    else lines[lines.length - 1] = `${last} ${part}`;
  }
  return lines.map((text, index) => `  ${index === 0 ? "" : "  "}${text}${index < lines.length - 1 ? " \\" : ""}`);
};

const GROUPS: readonly { readonly title: string; readonly sections: readonly Section[] }[] = [
  { title: "Target", sections: ["target"] },
  { title: "Load", sections: ["load"] },
  { title: "AWS", sections: ["aws"] },
  { title: "Baseline", sections: ["baseline"] },
  { title: "Gate", sections: ["gate"] },
  { title: "Report", sections: ["report"] },
  { title: "Other", sections: ["top", "none"] },
];

const usage = ({ name, operands, required, flags }: Command): string => {
  const needed = flags.filter((row) => required.includes(row.name));
  return [name, ...operands, ...needed.map((row) => `--${row.name} ${placeholder(row)}`), "[flags]"].join(" ");
};

/** Does not fit a line beside the flag's name. */
const MOST_CHOICES = 6;

const isLong = (value: InputRow["value"]): boolean => value.type === "choice" && value.values.length > MOST_CHOICES;

const aboutOf = ({ value, about }: InputRow): string =>
  value.type === "choice" && isLong(value) ? `${about} One of ${value.values.join(", ")}.` : about;

const flagLines = (row: InputRow): readonly string[] => {
  const value = row.value.type === "boolean" ? "" : ` ${placeholder(row)}`;
  const standard = row.default ?? row.defaultNote;
  const names = [row.name, ...(row.aliases ?? [])].map((name) => `--${name}`);
  const sentence =
    standard === undefined || standard === "false" ? aboutOf(row) : `${aboutOf(row)} Default: ${standard}.`;
  return twoColumns(`${oneOf(names).replace(" or ", ", ")}${value}`, sentence.replaceAll("`", ""));
};

const INDENT = 30;
/** Of the terminal that most people have. */
const WIDTH = 80;

const twoColumns = (left: string, right: string): readonly string[] => {
  const head = `  ${left}`;
  if (head.length < INDENT - 1) return wrap(right, WIDTH, head.padEnd(INDENT));
  return [head, ...wrap(right, WIDTH, " ".repeat(INDENT))];
};
