import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportLine } from "../../src/entry/report-line.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { createWorld, SMALL_LOAD, type World } from "./world.ts";

let world: World;
let url: string;
beforeAll(async () => {
  world = await createWorld();
  url = await world.deploy({ durationMs: 150 });
});
afterAll(async () => {
  await world.close();
});

const inShell = (line: string): readonly string[] =>
  spawnSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" })
    .stdout.split("\0")
    .slice(0, -1);
const load = (changes: Readonly<Record<string, string>> = {}): readonly string[] =>
  Object.entries({ url, ...SMALL_LOAD, functions: "orders", ...changes }).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
const record = (name: string): RunRecord => JSON.parse(readFileSync(world.file(name), "utf8")) as RunRecord;
const sent = async (): Promise<number> => (await world.simulator.ledger("orders")).counts.requests;

describe("run and compare", () => {
  it("run writes a record that the published schema accepts, and says no-baseline without one", async () => {
    const run = await world.cli(["run", ...load(), "--out", "base.json", "--json"]);
    expect([run.exitCode, JSON.parse(run.stdout).verdict]).toEqual([0, "no-baseline"]);
    const schema = JSON.parse(readFileSync("schemas/run-record.v1.schema.json", "utf8"));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(record("base.json")), JSON.stringify(validate.errors)).toBe(true);
    expect(record("base.json").totals.outcomes.ok).toBe(record("base.json").totals.requests);
  });

  it("a slower handler fails against that file: exit 1, and the JSON is the whole of stdout", async () => {
    await world.deploy({ durationMs: 600 });
    const run = await world.cli(["run", ...load(), "--baseline", "base.json", "--out", "slow.json", "--json"]);
    const result = JSON.parse(run.stdout);
    expect(run.exitCode).toBe(1);
    expect(result).toMatchObject({
      schema: "swarmgate.result/v1",
      verdict: "fail",
      gateOpen: false,
      mode: "history",
      runRecord: "slow.json",
    });
    expect(result.baseline).toMatchObject({ state: "file", runs: 1, used: 1, spread: "prior" });
    const p50 = result.metrics.find((metric: { id: string }) => metric.id === "p50");
    expect(p50.change.ratio).toBeCloseTo(p50.head / p50.base, 3);
    expect(p50.change.low).toBeGreaterThan(1);
    expect(run.stderr).toContain("is ready");
  });

  it("compare reaches the verdict of the run from the files alone, and the reverse improves", async () => {
    const again = await world.cli(["compare", "--base", "base.json", "--head", "slow.json"]);
    expect([again.exitCode, again.stdout.startsWith("FAIL")]).toEqual([1, true]);
    const reverse = await world.cli(["compare", "--base", "slow.json", "--head", "base.json", "--json"]);
    expect([reverse.exitCode, JSON.parse(reverse.stdout).verdict]).toEqual([0, "improved"]);
    const open = await world.cli([
      "compare",
      "--base",
      "base.json",
      "--head",
      "slow.json",
      "--fail-on",
      "never",
      "--json",
    ]);
    expect([open.exitCode, JSON.parse(open.stdout).verdict]).toEqual([0, "fail"]);
  });

  it("the command for what a screen has no room for judges as the run did", async () => {
    const given = {
      baseline: "base.json",
      limits: "p50: +900% and +2s; p95: <= 3s; failure-rate: +0.5pp",
      "fail-on": "never",
    };
    for (const inputs of [given, { ...given, baseline: "none" }]) {
      const run = await world.cli(["run", ...load(inputs), "--out", "it's slow.json", "--json"]);
      const [, ...words] = inShell(
        reportLine({ path: "it's slow.json", bases: [], inputs: { ...SMALL_LOAD, ...inputs } }),
      );
      expect(words.slice(-2)).toEqual(["--format", "markdown"]);
      const again = await world.cli([...words.slice(0, -2), "--json"]);
      expect([run.exitCode, again.exitCode, again.stderr]).toEqual([0, 0, ""]);
      const [result, reported] = [run, again].map(({ stdout }) => JSON.parse(stdout));
      expect(reported).toEqual(result);
    }
  });

  it("the same file on both sides is judged and named", async () => {
    const same = await world.cli(["compare", "--base", "base.json", "--head", "base.json", "--json"]);
    expect(same.exitCode).toBe(0);
    expect(JSON.stringify(JSON.parse(same.stdout).notes)).toContain("same-record");
  });

  it("records of different loads are not compared: invalid, exit 3, every difference named", async () => {
    const other = { ...record("base.json"), id: "another" };
    const test = { ...other.fingerprint.test, users: 99, runTime: 77 };
    writeFileSync(world.file("other.json"), JSON.stringify({ ...other, fingerprint: { ...other.fingerprint, test } }));
    const run = await world.cli(["compare", "--base", "other.json", "--head", "slow.json", "--json"]);
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.verdict, result.gateOpen]).toEqual([3, "invalid", false]);
    const problem = result.problems.find(({ code }: { code: string }) => code === "fingerprint-mismatch");
    expect(problem.message).toMatch(/users.*99.*20/);
    expect(problem.message).toMatch(/runTime.*77.*6/);
  });

  it("report renders a record in each format", async () => {
    const markdown = await world.cli(["report", "slow.json", "--format", "markdown"]);
    expect([markdown.exitCode, markdown.stdout.startsWith("### ")]).toEqual([0, true]);
    const json = await world.cli(["report", "slow.json", "--format", "json"]);
    expect(JSON.parse(json.stdout).metrics.length).toBeGreaterThan(5);
    const terminal = await world.cli(["report", "slow.json"]);
    expect(terminal.stdout).toContain("p50");
    expect(terminal.stdout).not.toContain("\u001b[");
  });
});

describe("wrong usage says everything at once, sends nothing, overwrites nothing", () => {
  it("lists every bad value with a hint and exits 2", async () => {
    await world.simulator.resetFunction("orders");
    writeFileSync(world.file("keep.json"), "precious");
    const args = [
      "run",
      "--url",
      url,
      "--users",
      "abc",
      "--spawn-rate",
      "0",
      "--run-time",
      "30",
      "--limits",
      "p95: +5pp",
      "--out",
      "keep.json",
    ];
    const run = await world.cli([...args, "--json"]);
    expect(run.exitCode).toBe(2);
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({ verdict: null, gateOpen: false });
    expect(result.problems).toHaveLength(4);
    for (const problem of result.problems) {
      expect(problem.severity).toBe("usage");
      expect(problem.hint.length).toBeGreaterThan(10);
      expect(run.stderr).toContain(problem.message);
    }
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(readFileSync(world.file("keep.json"), "utf8")).toBe("precious");
    expect(await sent()).toBe(0);
  });

  const cases: readonly (readonly [sentence: string, args: readonly string[], code: string])[] = [
    ["nothing to hit", ["run", "--users", "5"], "missing-value"],
    ["an unknown flag", ["run", "--url", "http://127.0.0.1:1/", "--userz", "5"], "unknown-input"],
    ["an unknown command", ["ruin"], "unknown-command"],
    ["a command that is not built yet", ["completion"], "not-built-yet"],
    ["an input that is not built yet", ["run", "--url", "http://127.0.0.1:1/", "--engine", "k6"], "not-built-yet"],
    ["a metadata address", ["run", "--url", "http://169.254.169.254/latest"], "host-not-allowed"],
    [
      "a baseline that does not exist",
      ["run", "--url", "http://127.0.0.1:1/", "--baseline", "./nowhere.json"],
      "record-unreadable",
    ],
    [
      "a baseline that is no record",
      ["run", "--url", "http://127.0.0.1:1/", "--baseline", "./broken.json"],
      "record-invalid",
    ],
    [
      "a baseline of another schema",
      ["run", "--url", "http://127.0.0.1:1/", "--baseline", "./newer.json"],
      "record-invalid",
    ],
    [
      "a record that would overwrite its baseline",
      ["run", "--url", "http://127.0.0.1:1/", "--baseline", "./base.json", "--out", "base.json"],
      "conflicting-values",
    ],
    ["a head that does not exist", ["compare", "--base", "base.json", "--head", "nowhere.json"], "record-unreadable"],
  ];
  it.each(cases)("%s", async (_, args, code) => {
    writeFileSync(world.file("broken.json"), '{"schema":"swarmgate.run-record/v1","totals":7}');
    writeFileSync(
      world.file("newer.json"),
      JSON.stringify({ ...record("base.json"), schema: "swarmgate.run-record/v9" }),
    );
    const run = await world.cli([...args, "--json"]);
    const { problems, verdict } = JSON.parse(run.stdout);
    expect([run.exitCode, verdict]).toEqual([2, null]);
    expect(problems.map((problem: { code: string }) => problem.code)).toContain(code);
    expect(run.stderr).toContain(`docs/errors.md#${code}`);
  });

  it("a dry run says what would be sent and sends nothing", async () => {
    await world.simulator.resetFunction("orders");
    const run = await world.cli(["run", ...load(), "--dry-run", "--out", "dry.json"]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("20 users");
    expect([await sent(), existsSync(world.file("dry.json"))]).toEqual([0, false]);
    const { lines } = JSON.parse((await world.cli(["run", ...load(), "--dry-run", "--json"])).stdout);
    expect(lines.join("\n")).toContain("20 users");
  });

  it("demo empties no folder of somebody's", async () => {
    const { exitCode, stderr } = await world.cli(["demo", "--out", "."]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("(docs/errors.md#file-exists)")]);
    expect(existsSync(world.file("dist/cli.js"))).toBe(true);
  });

  it("demo empties no folder that has something of somebody's beside an earlier demo", async () => {
    mkdirSync(world.file("kept"));
    for (const name of ["story.json", "novel.md"]) writeFileSync(world.file(`kept/${name}`), "mine");
    const { exitCode, stderr } = await world.cli(["demo", "--out", "kept"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("holds other files")]);
    expect(["story.json", "novel.md"].map((name) => readFileSync(world.file(`kept/${name}`), "utf8"))).toEqual([
      "mine",
      "mine",
    ]);
  });

  it("help and version are answers", async () => {
    const [help, version] = await Promise.all([world.cli(["run", "--help"]), world.cli(["--version"])]);
    expect([help.exitCode, version.exitCode]).toEqual([0, 0]);
    expect(help.stdout).toContain("--spawn-rate");
    const { version: packaged } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(version.stdout.trim()).toBe(`swarmgate ${packaged}`);
  });
});

describe("a reader of stdout that leaves early", () => {
  it("costs the result, not the exit code, and shows no stack", async () => {
    const cli = world.file("dist/cli.js");
    const shell = '{ "$0" "$1" compare --base base.json --head slow.json --json; echo "exit $?" >&2; } | true';
    const child = spawnSync("sh", ["-c", shell, process.execPath, cli], { cwd: world.root, encoding: "utf8" });
    expect(child.stderr).toBe("exit 1\n");
  });
});

describe("the first minutes", () => {
  it("doctor passes on what init wrote, from the bundle", async () => {
    const init = await world.cli(["init", "--json"]);
    expect([init.exitCode, JSON.parse(init.stdout).stack]).toEqual([0, "url"]);
    const doctor = await world.cli(["doctor", "--url", url, "--functions", "orders", "--json"]);
    const levels = JSON.parse(doctor.stdout).doctor.map(({ level }: { level: string }) => level);
    expect([doctor.exitCode, levels.includes("fail")]).toEqual([0, false]);
    expect(levels.length).toBeGreaterThan(8);
    expect((await world.cli(["init"])).exitCode).toBe(2);
  });
});

describe("a run that did not come to its end", () => {
  it("Ctrl-C writes a valid partial record that never passes, and exits 130", async () => {
    await world.deploy({ durationMs: 150 });
    const run = await world.cli(["run", ...load({ "run-time": "60s" }), "--out", "cut.json", "--json"], {
      onStart: (kill) => setTimeout(() => kill("SIGINT"), 4_000),
    });
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.verdict, result.gateOpen]).toEqual([130, "invalid", false]);
    expect(record("cut.json").validity.stopped).toBe("interrupted");
    expect(record("cut.json").totals.requests).toBeGreaterThan(0);
    const judged = await world.cli(["compare", "--base", "cut.json", "--head", "cut.json", "--json"]);
    expect([judged.exitCode, JSON.parse(judged.stdout).verdict]).toEqual([3, "invalid"]);
  });

  it("a target that is not there is invalid: exit 3 and the cause", async () => {
    const run = await world.cli([
      "run",
      ...load({ url: "http://127.0.0.1:9/x", "ready-timeout": "1s" }),
      "--out",
      "none.json",
      "--json",
    ]);
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.verdict]).toEqual([3, "invalid"]);
    expect(result.problems[0]).toMatchObject({ code: "target-not-ready", severity: "invalid" });
    expect(result.problems[0].message).toContain("refused");
  });

  it("an old Node gets one sentence and exit 2", async () => {
    const { spawnSync } = await import("node:child_process");
    const fake = `Object.defineProperty(process.versions, "node", { value: "20.11.0" }); import(${JSON.stringify(world.file("dist/cli.js"))});`;
    const old = spawnSync(process.execPath, ["-e", fake], { encoding: "utf8" });
    expect([old.status, old.stderr.split("\n").length, old.stdout]).toEqual([2, 2, ""]);
    expect(old.stderr).toContain("Node 24");
  });
});
