import { existsSync, globSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMMANDS, findCommand } from "../../../src/config/commands.ts";
import { parseFlags } from "../../../src/config/flags.ts";
import { helpText, overview } from "../../../src/config/help.ts";
import { metricInfo } from "../../../src/config/metric-catalog.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { Problem } from "../../../src/errors.ts";
import { acceptLines } from "../../../src/judge/accept.ts";
import { sparkline } from "../../../src/report/history.ts";
import { sources, yaml } from "../config/sources.ts";

type Block = { readonly at: string; readonly language: string; readonly text: string };

const blocksOf = (path: string): readonly Block[] => {
  const page = readFileSync(path, "utf8");
  return [...page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].map(
    ({ index, 1: indent = "", 2: language = "", 3: body = "" }) => ({
      at: `${path}:${page.slice(0, index).split("\n").length}`,
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
};

const blocks = globSync(["README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/**/*.md", "simulator/*.md"])
  .toSorted()
  .flatMap(blocksOf);
const inLanguage = (language: string): readonly (readonly [string, string])[] =>
  blocks.filter((block) => block.language === language).map(({ at, text }) => [at, text]);

const LANGUAGES = ["sh", "yaml", "json", "text", "http", "csv", "ts"];

/** Pages whose blocks are compared with what the code itself says, sends or reads, by a test of that page. */
const TESTED_PAGES: Readonly<Record<string, string>> = {
  "docs/methodology.md": "test/unit/judge/methodology.test.ts",
  "docs/scenario.md": "test/unit/scenario/example.test.ts",
  "docs/verdicts.md": "test/golden/verdicts.test.ts",
};

it("every block says what it is, so that one of the checks below takes it", () => {
  expect(blocks.filter(({ language }) => !LANGUAGES.includes(language)).map(({ at }) => at)).toEqual([]);
  expect(blocks.length).toBeGreaterThan(20);
});

const messages = (problems: readonly Problem[]): readonly string[] => problems.map(({ message }) => message);
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync("package.json", "utf8")).scripts;

describe("commands", () => {
  it.each(inLanguage("sh"))("%s", (_at, text) => {
    const commands = text
      .replaceAll("\\\n", " ")
      .split(/\n|&&|\|\|/)
      .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
      .filter((line) => line !== "");
    expect(commands.flatMap(problemsOfCommand)).toEqual([]);
  });
});

const problemsOfCommand = (line: string): readonly string[] => {
  const [program = "", ...words] = wordsOf(line.replace(/^npx (--yes )?/, "").replace(/ &$/, ""));
  switch (program) {
    case "swarmgate":
      return problemsOfSwarmgate(words);
    case "npm":
      if (words[0] !== "run") return ["ci", "test", "install"].includes(words[0] ?? "") ? [] : [`npm ${words[0]}?`];
      return Object.hasOwn(scripts, words[1] ?? "") ? [] : [`package.json has no script ${words[1]}`];
    case "node":
      return existsSync(words[0] ?? "") ? [] : [`there is no ${words[0]}`];
    case "git":
    case "cd":
    case "mkdir":
    case "python3":
      return [];
    default:
      return [`${program}: not a command that this test knows`];
  }
};

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ""));

/** The flags are known and complete, and what `run` is asked for is a configuration. */
const problemsOfSwarmgate = ([name = "", ...words]: readonly string[]): readonly string[] => {
  const command = findCommand(name);
  if (!command.ok) return messages(command.problems);
  const flags = parseFlags(command.value, words);
  if (!flags.ok) return messages(flags.problems);
  if (name !== "run") return [];
  const config = parseConfig(sources({ inputs: { ...flags.value.inputs } }));
  return config.ok ? [] : messages(config.problems);
};

describe("YAML", () => {
  it.each(inLanguage("yaml"))("%s", (_at, text) => {
    const value: unknown = parse(text);
    expect(stepsOf(value) ?? configProblems(text)).toEqual([]);
  });
});

/** Problems of the steps of a workflow, or of a list of steps, that use the action; `null` for what is no workflow. */
const stepsOf = (value: unknown): readonly string[] | null => {
  const steps = Array.isArray(value)
    ? value
    : Object.values(field(value, "jobs") ?? {}).flatMap((job) => field(job, "steps") ?? []);
  if (!Array.isArray(value) && field(value, "jobs") === undefined) return null;
  return steps
    .filter((step) => String(field(step, "uses")).startsWith("swarmgate/"))
    .flatMap((step) => configOfStep(Object.entries(field(step, "with") ?? {})));
};

const field = (value: unknown, name: string): unknown[] | undefined =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

/** An expression is known to GitHub only: there the name is checked, not the value. */
const configOfStep = (given: readonly (readonly [string, unknown])[]): readonly string[] => {
  const known = given.filter(([name, value]) => name !== "github-token" && !String(value).includes("${{"));
  const unset = given.filter(([, value]) => String(value).includes("${{")).map(([name]) => name);
  const inputs = Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
  const config = parseConfig(sources({ inputs, env: ENVIRONMENT, needsTarget: false }));
  const action = readFileSync("action.yml", "utf8");
  const unknown = unset.filter((name) => !action.includes(`\n  ${name}:`)).map((name) => `no input ${name}`);
  return [...unknown, ...(config.ok ? [] : messages(config.problems))];
};

const ENVIRONMENT = { API_TOKEN: "t-12345678", LOGIN_PASSWORD: "s3cret-pw" };

/** A scenario file is read, with its data, by the test of the scenario's page. */
const configProblems = (text: string): readonly string[] => {
  if (/^scenario:/m.test(text)) return [];
  const config = parseConfig(sources({ inputs: {}, file: yaml(text), env: ENVIRONMENT, needsTarget: false }));
  return config.ok ? [] : messages(config.problems);
};

describe("JSON", () => {
  it.each(inLanguage("json"))("%s: a policy as IAM reads it", (_at, text) => {
    expect(POLICY(JSON.parse(text)), JSON.stringify(POLICY.errors)).toBe(true);
  });
});

const TEXTS = { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" }, minItems: 1 }] };
const ONE_STATEMENT = {
  type: "object",
  additionalProperties: false,
  required: ["Effect", "Action"],
  // A role's policy names what it may touch, its trust policy who may take it on.
  oneOf: [{ required: ["Resource"] }, { required: ["Principal", "Condition"] }],
  properties: {
    Sid: { type: "string", pattern: "^[A-Za-z0-9]+$" },
    Effect: { enum: ["Allow", "Deny"] },
    Action: TEXTS,
    Resource: TEXTS,
    Principal: { type: "object", additionalProperties: TEXTS },
    Condition: { type: "object", additionalProperties: { type: "object", additionalProperties: TEXTS } },
  },
};
const POLICY = new Ajv2020({ strict: false }).compile({
  type: "object",
  additionalProperties: false,
  required: ["Version", "Statement"],
  properties: { Version: { const: "2012-10-17" }, Statement: { type: "array", minItems: 1, items: ONE_STATEMENT } },
});

describe("what the code says, sends or reads", () => {
  const shown = blocks.filter(({ language }) => ["text", "http", "csv", "ts"].includes(language));

  it.each(shown.map((block) => [block.at, block.text] as const))("%s", (at, text) => {
    const page = at.split(":")[0] ?? "";
    const test = TESTED_PAGES[page];
    if (test !== undefined) expect(readFileSync(test, "utf8")).toContain(page);
    else expect(OWN_WORDS[page]?.()).toContain(text.trimEnd());
  });
});

const OWN_WORDS: Readonly<Record<string, () => readonly string[]>> = {
  "docs/cli.md": () => [overview(), ...COMMANDS.map(helpText)].map((text) => text.trimEnd()),
  "docs/report.md": () => [
    [
      `p50              ${sparkline([100, 88, 89, 101, 87, 90, 99, 88, 89], 100)}    as it always was`,
      `lambda-duration  ${sparkline([7.6, 7.7, 7.5, 7.7, 7.6, 7.8, 7.7, 7.6, 7.7], 702)}    not any more`,
    ].join("\n"),
  ],
  "docs/accepting.md": () => {
    const line = "Perf-Accept: p95, lambda-duration because the report now covers a whole year";
    const [read] = acceptLines(line);
    return read?.metrics.every((id) => metricInfo(id) !== undefined) && read.reason !== "" ? [line] : [];
  },
};
