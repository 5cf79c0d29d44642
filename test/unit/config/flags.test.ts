import { describe, expect, it } from "vitest";
import { COMMANDS, type Command, findCommand, LATER_COMMANDS } from "../../../src/config/commands.ts";
import { type Flags, parseFlags } from "../../../src/config/flags.ts";
import { helpText, overview } from "../../../src/config/help.ts";
import { INPUTS } from "../../../src/config/inputs.ts";

const command = (name: string): Command => {
  const found = findCommand(name);
  if (!found.ok) throw new Error(`no command ${name}`);
  return found.value;
};
const flagsOf = (name: string, ...argv: readonly string[]): Flags => {
  const flags = parseFlags(command(name), argv);
  if (!flags.ok) throw new Error(flags.problems.map((problem) => problem.message).join("\n"));
  return flags.value;
};
const problemsOf = (name: string, ...argv: readonly string[]): readonly string[] => {
  const flags = parseFlags(command(name), argv);
  return flags.ok ? [] : flags.problems.map(({ code, message, hint }) => `${code}: ${message} ${hint}`);
};

describe("flags of run become inputs", () => {
  it.each<readonly [string, readonly string[], Readonly<Record<string, string>>]>([
    ["behind the name", ["--users", "50"], { users: "50" }],
    ["behind an equals sign", ["--users=50"], { users: "50" }],
    ["with equals signs in the value", ["--url=https://a.example/?b=c"], { url: "https://a.example/?b=c" }],
    ["a switch alone", ["--insecure"], { insecure: "true" }],
    ["a switch with a word", ["--insecure", "false"], { insecure: "false" }],
    ["a switch with an equals sign", ["--insecure=false"], { insecure: "false" }],
    ["a switch before a flag", ["--insecure", "--users", "2"], { insecure: "true", users: "2" }],
    ["a negative number is a value", ["--users", "-5"], { users: "-5" }],
    ["a limit that begins with a hyphen", ["--limits", "-10%"], { limits: "-10%" }],
    ["a list given twice", ["--functions", "a", "--functions=b"], { functions: "a\nb" }],
    ["an alias", ["--host", "https://a.example"], { host: "https://a.example" }],
    ["an empty value", ["--url="], { url: "" }],
    [
      "what is not built is left to the configuration",
      ["--rate", "200/s", "--sigv4"],
      { rate: "200/s", sigv4: "true" },
    ],
    ["the config file", ["--config", "gate.yml"], { config: "gate.yml" }],
  ])("%s", (_, argv, inputs) => {
    expect(flagsOf("run", ...argv).inputs).toEqual(inputs);
  });

  it("keeps its own flags apart from inputs", () => {
    expect(flagsOf("run", "--out", "run.json", "--json", "--dry-run", "--quiet=false")).toEqual({
      inputs: {},
      positionals: [],
      options: {
        out: "run.json",
        json: true,
        quiet: false,
        dropBadLines: false,
        dryRun: true,
        ui: false,
        uiPort: null,
        help: false,
        base: [],
        head: [],
        paired: false,
        format: null,
        metric: null,
        stack: null,
        rounds: null,
      },
    });
  });
});

describe("flags of other commands", () => {
  it("takes several files behind --base and --head", () => {
    const { options, inputs } = flagsOf(
      "compare",
      "--base",
      "a",
      "b",
      "--head",
      "c",
      "--base=d",
      "--limits",
      "p95: +10%",
    );
    expect([options.base, options.head, inputs]).toEqual([["a", "b", "d"], ["c"], { limits: "p95: +10%" }]);
  });

  it("takes the record of report before or behind flags", () => {
    expect(flagsOf("report", "run.json", "--format", "markdown")).toMatchObject({
      positionals: ["run.json"],
      options: { format: "markdown" },
    });
    expect(flagsOf("report", "--quiet", "run.json").positionals).toEqual(["run.json"]);
  });

  it("takes one metric to explain", () => {
    expect(flagsOf("explain", "result.json", "--metric", "p95@check out").options.metric).toBe("p95@check out");
    expect(flagsOf("explain", "result.json").options.metric).toBeNull();
  });

  it("takes everything behind -- for a name", () => {
    expect(flagsOf("report", "--", "--odd.json").positionals).toEqual(["--odd.json"]);
  });
});

it("the live page's port is a number, and none unless it is given", () => {
  expect(flagsOf("run", "--ui").options).toMatchObject({ ui: true, uiPort: null });
  expect(flagsOf("run", "--ui", "--ui-port=8089").options).toMatchObject({ ui: true, uiPort: 8089 });
});

describe("wrong flags", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["run", ["--usres", "5"], 'unknown-input: "--usres" is not a flag of run. Did you mean --users?'],
    ["run", ["--vus=5"], 'unknown-input: "--vus" is not a flag of run. Did you mean --users?'],
    ["run", ["-u", "5"], 'unknown-input: "-u" is not a flag of run. Did you mean --users?'],
    ["run", ["-users", "5"], 'unknown-input: "-users" is not a flag of run. Did you mean --users?'],
    ["run", ["--xyzzy"], 'unknown-input: "--xyzzy" is not a flag of run. swarmgate run --help lists the flags.'],
    ["run", ["--no-insecure"], 'unknown-input: "--no-insecure" is not a flag of run. Did you mean --insecure=false?'],
    ["run", ["--users", "1", "--users", "2"], "conflicting-values: --users stands twice. Keep one of the two."],
    ["run", ["--base", "a"], "unknown-input: run takes no --base. swarmgate run --help lists the flags."],
    [
      "run",
      ["https://a.example"],
      'unknown-input: run has no use for "https://a.example". swarmgate run --help shows how it is used.',
    ],
    ["report", ["r.json", "--ui"], "unknown-input: report takes no --ui. swarmgate report --help lists the flags."],
    ["run", ["--json=maybe"], 'bad-value: --json is "maybe", which is neither true nor false. Write true or false.'],
    [
      "compare",
      ["--base", "a", "--head", "b", "--users", "1"],
      "unknown-input: compare takes no --users. swarmgate compare --help lists the flags.",
    ],
    ["explain", [], "missing-value: explain needs RESULT. swarmgate explain --help shows how it is used."],
    [
      "explain",
      ["r", "p95"],
      'unknown-input: explain has no use for "p95". swarmgate explain --help shows how it is used.',
    ],
    ["report", [], "missing-value: report needs RUN. swarmgate report --help shows how it is used."],
    [
      "report",
      ["r", "--format", "pdf"],
      'bad-value: --format is "pdf", which is not one of its values. Write terminal, markdown, html, json, junit, locust-csv, k6-summary, influx or prometheus.',
    ],
  ])("%s %j", (name, argv, sentence) => {
    expect(problemsOf(name, ...argv)).toEqual([sentence]);
  });

  it("names a flag without its value", () => {
    expect(problemsOf("run", "--users", "--url", "u")).toEqual([
      expect.stringMatching(/^missing-value: --users has no value\./),
    ]);
    expect(problemsOf("run", "--users")).toEqual([expect.stringMatching(/^missing-value: --users has no value\./)]);
  });

  it("lists all of them at once", () => {
    const codes = problemsOf("compare", "--bse", "x", "--drop-bad-lines", "extra", "--name").map(
      (line) => line.split(":")[0],
    );
    expect(codes).toEqual(["unknown-input", "missing-value", "missing-value", "unknown-input"]);
  });

  it("gives way to --help", () => {
    expect(flagsOf("compare", "--nonsense", "--help").options.help).toBe(true);
    expect(flagsOf("report", "-h").options.help).toBe(true);
  });
});

describe("commands", () => {
  it.each(LATER_COMMANDS)("%s is known and not built", (name) => {
    expect(findCommand(name)).toMatchObject({ ok: false, problems: [{ code: "not-built-yet" }] });
  });

  it("suggests the command that was meant", () => {
    expect(findCommand("compair")).toMatchObject({
      ok: false,
      problems: [{ code: "unknown-command", message: '"compair" is not a command.', hint: "Did you mean compare?" }],
    });
  });
});

describe("help", () => {
  it("of run names every input, built ones as flags and the others as not built", () => {
    const [flags = "", later = ""] = helpText(command("run")).split("Known, not built yet:");
    for (const row of INPUTS) expect(row.built ? flags : later).toContain(`--${row.name}`);
  });

  it.each(COMMANDS.map((one) => one.name))("of %s fits a terminal of 80 columns", (name) => {
    const lines = helpText(command(name)).split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("shows every command at a glance", () => {
    for (const { name } of COMMANDS) expect(overview()).toContain(`  ${name} `);
  });
});
