import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { type Command, FLAG_ROWS } from "./commands.ts";
import { quote } from "./given.ts";
import { type InputRow, isList } from "./input-row.ts";
import { INPUTS } from "./inputs.ts";
import { readValue } from "./read-value.ts";
import { didYouMean, nearestInput } from "./suggest.ts";

/** What a command line says, before values are read. */
export type Flags = {
  /** Inputs by name, for `parseConfig`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly positionals: readonly string[];
  readonly options: {
    readonly out: string | null;
    readonly json: boolean;
    readonly quiet: boolean;
    readonly dropBadLines: boolean;
    readonly dryRun: boolean;
    readonly ui: boolean;
    /** `null`: one that is free. */
    readonly uiPort: number | null;
    readonly help: boolean;
    readonly base: readonly string[];
    readonly head: readonly string[];
    readonly paired: boolean;
    readonly format: string | null;
    readonly metric: string | null;
    readonly stack: string | null;
    readonly rounds: number | null;
  };
};

/**
 * Reads the words behind a command: `--users 50`, `--users=50`, `--insecure`, `--insecure false`, `--base a b`. A list may
 * be given several times. Behind `--` nothing is a flag. All problems come back at once; `--help` overrules them.
 */
export const parseFlags = (command: Command, argv: readonly string[]): Parsed<Flags> => {
  const words = splitWords(command, argv);
  if (words.help) return parsed(toFlags({ ...words, texts: new Map([["help", "true"]]), positionals: [] }));
  const problems = [...words.problems, ...missing(command, words), ...valueProblems(words.texts)];
  return problems.length > 0 ? refused(problems) : parsed(toFlags(words));
};

type Words = {
  readonly texts: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
  readonly help: boolean;
  readonly problems: readonly Problem[];
};

const splitWords = (command: Command, argv: readonly string[]): Words => {
  const texts = new Map<string, string>();
  const positionals: string[] = [];
  const problems: Problem[] = [];
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  for (let i = 0; i < end; i++) {
    const word = argv[i] ?? "";
    if (!isFlag(word)) {
      positionals.push(word);
      continue;
    }
    const [name, attached] = splitFlag(word);
    const row = command.flags.find((one) => one.name === name || one.aliases?.includes(name));
    const rest = argv.slice(i + 1, end);
    const taken = attached === null ? valuesAfter(row, rest) : [attached];
    if (attached === null) i += taken.length;
    const problem = row === undefined ? unknownFlag(command, word) : flagProblem({ row, name, taken, texts });
    if (problem !== null) problems.push(problem);
    else texts.set(name, joinedText(row, texts.get(name), taken));
  }
  const help = argv.slice(0, end).some((word) => word === "--help" || word === "-h");
  return { texts, positionals: [...positionals, ...argv.slice(end + 1)], help, problems };
};

/** A lone hyphen and a negative number are values. */
const isFlag = (word: string): boolean => word.startsWith("-") && word.length > 1 && !/^-[0-9.]/.test(word);

const splitFlag = (word: string): readonly [string, string | null] => {
  const [name = "", ...rest] = word.replace(/^--?/, "").split("=");
  return [word.startsWith("--") ? name : word, rest.length === 0 ? null : rest.join("=")];
};

/** How many of the following words belong to the flag: `true` or `false`, one value, or all up to the next flag. */
const valuesAfter = (row: InputRow | undefined, rest: readonly string[]): readonly string[] => {
  const next = rest[0];
  // An unknown flag takes a value with it, so that one mistake is one problem.
  if (row === undefined) return next === undefined || isFlag(next) ? [] : [next];
  if (row.value.type === "boolean") return next !== undefined && /^(true|false)$/i.test(next) ? [next] : [];
  const flag = rest.findIndex((word) => word.startsWith("--"));
  const values = flag === -1 ? rest : rest.slice(0, flag);
  return row.value.type === "files" ? values : values.slice(0, 1);
};

const joinedText = (row: InputRow | undefined, before: string | undefined, taken: readonly string[]): string =>
  [
    ...(before === undefined ? [] : [before]),
    ...(row?.value.type === "boolean" && taken.length === 0 ? ["true"] : taken),
  ].join("\n");

const flagProblem = (given: {
  readonly row: InputRow;
  readonly name: string;
  readonly taken: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
}): Problem | null => {
  const { row, name, taken, texts } = given;
  // Inputs that are not built are refused with the rest of the configuration.
  if (!row.built && !INPUTS.includes(row)) {
    return usageProblem("not-built-yet", `--${name} is not built yet.`, `Leave --${name} out.`);
  }
  if (row.value.type !== "boolean" && taken.length === 0) {
    return usageProblem(
      "missing-value",
      `--${name} has no value.`,
      `Write --${name} and a value behind it: ${row.about}`,
    );
  }
  return texts.has(name) && !isList(row.value)
    ? usageProblem("conflicting-values", `--${name} stands twice.`, "Keep one of the two.")
    : null;
};

const unknownFlag = (command: Command, word: string): Problem => {
  const name = splitFlag(word)[0];
  const elsewhere = [...INPUTS, ...Object.values(FLAG_ROWS)].some((row) => row.name === name);
  const help = `swarmgate ${command.name} --help lists the flags.`;
  if (elsewhere) return usageProblem("unknown-input", `${command.name} takes no --${name}.`, help);
  const negated = command.flags.find((row) => `no-${row.name}` === name && row.value.type === "boolean");
  const guess = negated === undefined ? nearestInput(name.replace(/^-+/, ""), command.flags) : `${negated.name}=false`;
  const shown = quote(word.split("=")[0] ?? "");
  return usageProblem(
    "unknown-input",
    `${shown} is not a flag of ${command.name}.`,
    didYouMean(guess && `--${guess}`, help),
  );
};

const missing = (command: Command, words: Words): readonly Problem[] => {
  const help = `swarmgate ${command.name} --help shows how it is used.`;
  const flags = command.required.filter((name) => !words.texts.has(name));
  const operands = command.operands.slice(words.positionals.length);
  const many = command.operands.at(-1)?.endsWith("...") === true;
  const extra = many ? [] : words.positionals.slice(command.operands.length);
  return [
    ...[...flags.map((name) => `--${name}`), ...operands].map((name) =>
      usageProblem("missing-value", `${command.name} needs ${name}.`, help),
    ),
    ...extra.map((word) => usageProblem("unknown-input", `${command.name} has no use for ${quote(word)}.`, help)),
  ];
};

/** Values of the command line's own flags; those of inputs are read with the config file. */
const valueProblems = (texts: Words["texts"]): readonly Problem[] =>
  Object.values(FLAG_ROWS).flatMap((row) => {
    const text = texts.get(row.name);
    if (text === undefined) return [];
    const value = readValue({ label: `--${row.name}`, text, shown: quote(text) }, row.value);
    return value.ok ? [] : value.problems;
  });

const toFlags = ({ texts, positionals }: Pick<Words, "texts" | "positionals">): Flags => {
  const own = new Set<string>(Object.values(FLAG_ROWS).map((row) => row.name));
  const files = (name: string): readonly string[] => texts.get(name)?.split("\n") ?? [];
  const on = (name: string): boolean => texts.get(name)?.toLowerCase() === "true";
  return {
    inputs: Object.fromEntries([...texts].filter(([name]) => !own.has(name))),
    positionals,
    options: {
      out: texts.get("out") ?? null,
      json: on("json"),
      quiet: on("quiet"),
      dropBadLines: on("drop-bad-lines"),
      dryRun: on("dry-run"),
      ui: on("ui"),
      uiPort: texts.has("ui-port") ? Number(texts.get("ui-port")) : null,
      help: on("help"),
      base: files("base"),
      head: files("head"),
      paired: on("paired"),
      format: texts.get("format") ?? null,
      metric: texts.get("metric") ?? null,
      stack: texts.get("stack") ?? null,
      rounds: texts.has("rounds") ? Number(texts.get("rounds")) : null,
    },
  };
};
