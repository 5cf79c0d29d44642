import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Round, RoundArm, RunRecord } from "../../src/record/record.ts";
import { latency, outcomes, record, START } from "../unit/record/sample-record.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await world.close();
});

const RESPONSES = 660;
const SEGMENT_MS = 20_000;

/** Responses around a median; rounds differ a little from each other. */
const times = (median: number, round: number) =>
  latency(
    ...Array.from({ length: RESPONSES }, (_, i) => median * (1 + 0.004 * ((round % 3) - 1)) * (0.8 + (i % 100) / 250)),
  );

const windowAt = (segment: number): RunRecord["window"] => ({
  start: new Date(START + segment * SEGMENT_MS).toISOString(),
  end: new Date(START + (segment + 1) * SEGMENT_MS).toISOString(),
  seconds: SEGMENT_MS / 1000,
});

/** Writes one run of an arm and returns its file name. */
const runFile = (arm: "base" | "head", round: number, median: number): string => {
  const file = `${arm}-${round}.json`;
  const measured = times(median, arm === "base" ? round : round + 1);
  const sample = record({ id: `${arm}-${round}` });
  writeFileSync(
    world.file(file),
    JSON.stringify({
      ...sample,
      window: windowAt(2 * round + (arm === "base" ? 0 : 1)),
      totals: { ...sample.totals, requests: RESPONSES, outcomes: outcomes({ ok: RESPONSES }) },
      response: measured,
      service: measured,
    }),
  );
  return file;
};

const pairs = (count: number, headMs: number, beside: readonly string[] = []): readonly string[] => {
  const rounds = Array.from({ length: count }, (_, i) => i);
  return [
    "--base",
    ...rounds.map((round) => runFile("base", round, 100)),
    ...beside,
    "--head",
    ...rounds.map((round) => runFile("head", round, headMs)),
    "--paired",
  ];
};

const segment = (index: number, median: number, round: number): RoundArm => ({
  window: windowAt(index),
  outcomes: outcomes({ ok: RESPONSES }),
  response: times(median, round),
  service: times(median, round),
});

/** Writes a record that was measured in rounds and returns its file name. */
const roundsFile = (file: string, headMs: readonly number[], some: Partial<Round> = {}): string => {
  const rounds = headMs.map(
    (median, i): Round => ({
      order: i % 2 === 0 ? "base-first" : "head-first",
      base: segment(2 * i, 100, i),
      head: segment(2 * i + 1, median, i + 1),
      ...some,
    }),
  );
  const baseArm: RunRecord["baseArm"] = { url: "https://base.example.com", sha: "abc1234def", system: {}, cloud: null };
  writeFileSync(world.file(file), JSON.stringify({ ...record({ cloud: null }), rounds, baseArm }));
  return file;
};

const metricOf = (result: { readonly metrics: readonly { readonly id: string }[] }, id: string) =>
  result.metrics.find((metric) => metric.id === id);
const times12 = (median: number): readonly number[] => Array.from({ length: 12 }, () => median);

describe("compare --paired", () => {
  it("fails a slower head in one look, and says that nobody measured it again", async () => {
    const run = await world.cli(["compare", ...pairs(12, 130), "--json"]);
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.verdict, result.mode, result.gateOpen]).toEqual([1, "fail", "paired", false]);
    expect(result.headline).toContain("unconfirmed");
    expect(result.baseline).toMatchObject({ state: "file", runs: 12, used: 12, spread: "paired" });
    expect(metricOf(result, "p50")).toMatchObject({ verdict: "fail", gates: true });
    const text = await world.cli(["compare", ...pairs(12, 130)]);
    expect(text.stdout).toContain("paired mode, 12 rounds");
  });

  it("passes equal sides, and the reverse of a slower head improves", async () => {
    const same = await world.cli(["compare", ...pairs(6, 100), "--json"]);
    expect([same.exitCode, JSON.parse(same.stdout).verdict]).toEqual([0, "pass"]);
    const better = await world.cli(["compare", ...pairs(6, 70), "--json"]);
    expect([better.exitCode, JSON.parse(better.stdout).verdict]).toEqual([0, "improved"]);
  });

  it("decides nothing in five rounds, not even a doubling", async () => {
    const run = await world.cli(["compare", ...pairs(5, 200), "--json"]);
    const result = JSON.parse(run.stdout);
    expect(metricOf(result, "p50")).toMatchObject({ verdict: "inconclusive" });
    expect([run.exitCode, result.verdict]).toEqual([0, "inconclusive"]);
    expect(JSON.stringify(metricOf(result, "p50"))).toContain("5 rounds are too few");
  });

  it("refuses sides of different length: exit 2", async () => {
    const [base, head] = [runFile("base", 0, 100), runFile("head", 0, 100)];
    const run = await world.cli(["compare", "--base", base, base, "--head", head, "--paired", "--json"]);
    expect([run.exitCode, JSON.parse(run.stdout).problems[0].code]).toEqual([2, "conflicting-values"]);
  });
});

describe("compare --head of a paired record", () => {
  it("replays its rounds without a base, to the same bytes every time", async () => {
    const file = roundsFile("rounds.json", times12(130));
    const [run, again] = [
      await world.cli(["compare", "--head", file, "--json"]),
      await world.cli(["compare", "--head", file, "--json"]),
    ];
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.verdict, result.mode]).toEqual([1, "fail", "paired"]);
    expect(result.baseline).toMatchObject({ sha: "abc1234def", runs: 12 });
    expect(again.stdout).toBe(run.stdout);
  });

  it("takes limits of its own", async () => {
    const file = roundsFile("rounds.json", times12(130));
    const run = await world.cli(["compare", "--head", file, "--limits", "p50: +50%; p95: +50%", "--json"]);
    expect([run.exitCode, JSON.parse(run.stdout).verdict]).toEqual([0, "warn"]);
  });

  it("a record without rounds needs a base: exit 2", async () => {
    const run = await world.cli(["compare", "--head", runFile("head", 0, 100), "--json"]);
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.verdict, result.problems[0].code]).toEqual([2, null, "missing-value"]);
    expect(result.problems[0].message).toContain("--base");
  });
});

describe("a history of what deployments differ by", () => {
  const draw = (n: number) => ({
    ...{ id: `pair-${n}`, start: "2026-11-20T12:00:00.000Z", sha: null, test: record().fingerprint.test, rounds: 16 },
    ...{ base: `https://one.example.com/ ${n}`, head: `https://two.example.com/ ${n}` },
    metrics: { p50: { log: 0.2, error: { sd: 0.005, df: 14 } }, p95: { log: 0.2, error: { sd: 0.005, df: 14 } } },
  });
  const historyFile = (deployments: readonly unknown[]): string => {
    const history = { schema: "swarmgate.history/v1", runs: [], deployments };
    writeFileSync(world.file("deployments.json"), JSON.stringify(history));
    return "deployments.json";
  };

  it.each([
    ["beside bases", () => pairs(12, 130, [historyFile([1, 2, 3].map(draw))])],
    [
      "beside a paired record",
      () => ["--head", roundsFile("rounds.json", times12(130)), "--paired", "--base", historyFile([1, 2, 3].map(draw))],
    ],
  ])("%s leaves open what they may differ by", async (_, args) => {
    const run = await world.cli(["compare", ...args(), "--json"]);
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.verdict, result.mode], run.stdout).toEqual([0, "inconclusive", "paired"]);
    expect(result.notes.join()).toContain("was measured on 3 pairs");
    writeFileSync(world.file("result.json"), run.stdout);
    const told = await world.cli(["explain", "result.json", "--metric", "p50"]);
    expect(told.stdout).toMatch(/of the two deployments, .*Student's t with [67](\.\d+)? degrees of freedom/);
  });

  it("that knows nothing of this load is there by mistake: exit 2", async () => {
    const other = { ...draw(1), test: { ...record().fingerprint.test, users: 99 } };
    const run = await world.cli(["compare", ...pairs(6, 100, [historyFile([other])]), "--json"]);
    expect([run.exitCode, JSON.parse(run.stdout).problems[0].code]).toEqual([2, "bad-value"]);
  });
});

describe("explain", () => {
  it("tells data, model, interval and rule of a metric, from the result alone", async () => {
    const judged = await world.cli(["compare", ...pairs(12, 130), "--json"]);
    writeFileSync(world.file("result.json"), judged.stdout);
    const one = await world.cli(["explain", "result.json", "--metric", "p50"]);
    expect([one.exitCode, one.stderr]).toEqual([0, ""]);
    for (const part of [
      "p50: fail (gates)",
      "base 12 rounds",
      "95 % interval",
      "half width",
      "deployments",
      "worse: p =",
      "comes to +10 % here",
      "fail: worse than no change at the strict level",
    ])
      expect(one.stdout).toContain(part);
    const all = await world.cli(["explain", "result.json"]);
    for (const id of ["p50: fail", "p95: fail", "failure-rate:"]) expect(all.stdout).toContain(id);
    const json = await world.cli(["explain", "result.json", "--metric", "p50", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ id: "p50", how: { data: { design: "rounds" } } });
  });

  it("refuses what is no result, and a metric that is not in it: exit 2", async () => {
    const noResult = await world.cli(["explain", runFile("head", 0, 100)]);
    expect([noResult.exitCode, noResult.stdout]).toEqual([2, ""]);
    const absent = await world.cli(["explain", "nothing.json"]);
    expect(absent.stderr).toContain("does not exist");
    const typo = await world.cli(["explain", "result.json", "--metric", "p51"]);
    expect([typo.exitCode, typo.stderr]).toEqual([2, expect.stringContaining("Did you mean p50?")]);
  });
});
