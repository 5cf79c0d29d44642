import { parseArgs } from "node:util";
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
  const { words, behind } = readWords(argv);
  for (let i = 0; i < words.length; i++) {
    const { text, flag: name = null, attached = null } = words[i] ?? { text: "" };
    if (name === null) {
      positionals.push(text);
      continue;
    }
    const row = command.flags.find((one) => one.name === name || one.aliases?.includes(name));
    const taken = attached === null ? valuesAfter(row, words.slice(i + 1)) : [attached];
    if (attached === null) i += taken.length;
    const problem = row === undefined ? unknownFlag(command, { text, name }) : flagProblem({ row, name, taken, texts });
    if (problem !== null) problems.push(problem);
    else texts.set(name, joinedText(row, texts.get(name), taken));
  }
  const help = words.some(({ text }) => text === "--help" || text === "-h");
  return { texts, positionals: [...positionals, ...behind], help, problems };
};

/** A word as it was typed; of a flag its name, a single hyphen included, and what `=` attaches to it. */
type Word = { readonly text: string; readonly flag?: string; readonly attached?: string | undefined };

/**
 * Node's own reader tells flags from other words. Which words are a flag's values only the table of flags knows: it reads no
 * lists, no `--flag false`, and takes `--out --json` for a file name.
 */
const readWords = (
  argv: readonly string[],
): { readonly words: readonly Word[]; readonly behind: readonly string[] } => {
  const { tokens } = parseArgs({ args: [...argv], strict: false, allowPositionals: true, tokens: true });
  const end = tokens.find(({ kind }) => kind === "option-terminator")?.index ?? argv.length;
  const words = tokens.flatMap((token, at): readonly Word[] => {
    // Letters behind one hyphen are several flags to Node, and one word to people who mean --users.
    if (token.index >= end || token.index === tokens[at - 1]?.index) return [];
    const text = argv[token.index] ?? "";
    if (token.kind !== "option" || NEGATIVE.test(text)) return [{ text }];
    return [{ text, flag: text.startsWith("--") ? token.name : text, attached: token.value }];
  });
  return { words, behind: argv.slice(end + 1) };
};

const NEGATIVE = /^-[0-9.]/;

/** How many of the following words belong to the flag: `true` or `false`, one value, or all up to the next flag. */
const valuesAfter = (row: InputRow | undefined, rest: readonly Word[]): readonly string[] => {
  const flag = rest.findIndex(({ text }) => text.startsWith("--"));
  const values = (flag === -1 ? rest : rest.slice(0, flag)).map(({ text }) => text);
  // An unknown flag takes a value with it, so that one mistake is one problem.
  if (row === undefined) return rest[0]?.flag === undefined ? values.slice(0, 1) : [];
  if (row.value.type === "boolean") return values.slice(0, 1).filter((text) => /^(true|false)$/i.test(text));
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

const unknownFlag = (command: Command, { text, name }: { readonly text: string; readonly name: string }): Problem => {
  const elsewhere = [...INPUTS, ...Object.values(FLAG_ROWS)].some((row) => row.name === name);
  const help = `swarmgate ${command.name} --help lists the flags.`;
  if (elsewhere) return usageProblem("unknown-input", `${command.name} takes no --${name}.`, help);
  const negated = command.flags.find((row) => `no-${row.name}` === name && row.value.type === "boolean");
  const guess = negated === undefined ? nearestInput(name.replace(/^-+/, ""), command.flags) : `${negated.name}=false`;
  const shown = quote(text.split("=")[0] ?? "");
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
