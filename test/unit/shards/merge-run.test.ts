import { describe, expect, test } from "vitest";
import type { AwsRead } from "../../../src/cloud/aws-read.ts";
import { UserError } from "../../../src/errors.ts";
import type { BaselineFile } from "../../../src/gate/baseline-file.ts";
import { type MergeRequest, mergeRun, withShardFunctions } from "../../../src/gate/merge-run.ts";
import { asShard, readRunShards } from "../../../src/gate/read-shards.ts";
import type { NamedShard } from "../../../src/gate/shard-problems.ts";
import type { LoadPlan } from "../../../src/load/plan.ts";
import type { RunArtifact, RunArtifacts } from "../../../src/ports.ts";
import type { ShardFacts } from "../../../src/record/shard-facts.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { epochMs, seconds } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";
import { config, latency, load, outcomes, plan, record, START } from "../record/sample-record.ts";

const DISTRIBUTIONS = { dns: null, connect: latency(1, 2).histogram, tls: null, ttfb: null, download: null, lag: null };

type Some = {
  readonly count?: number;
  readonly plan?: Partial<LoadPlan>;
  /** Seconds behind the first shard. */
  readonly late?: number;
  readonly seconds?: number;
  readonly name?: string;
  readonly facts?: Partial<ShardFacts>;
  readonly sha?: string;
};

const shard = (index: number, some: Some = {}): NamedShard => {
  const { count = 2, late = 0 } = some;
  const length = some.seconds ?? 20;
  const window = {
    start: epochMs(START + late * 1000),
    end: epochMs(START + (late + length) * 1000),
    seconds: seconds(length),
  };
  const whole = record({
    id: `run-${index}-${some.name ?? ""}`,
    config: config({ secrets: [] }),
    plan: plan({ ...some.plan, shard: { index, count } }),
    load: load({ window, distributions: DISTRIBUTIONS }),
    shard: { agreed: null, clockMs: 0, functions: [], ...some.facts },
  });
  const read = asShard(some.name ?? `shard-${index}.json`, {
    ...whole,
    git: { ...whole.git, sha: some.sha ?? "1a2b3c4d" },
  });
  if (!read.ok) throw new Error(JSON.stringify(read));
  return some.facts === undefined
    ? read.value
    : { ...read.value, record: { ...read.value.record, shard: { ...read.value.record.shard, ...some.facts } } };
};

const unused = async (): Promise<AwsRead<never>> => ({ kind: "unavailable", reason: "not asked" });
const merge = (shards: readonly NamedShard[], some: Partial<MergeRequest> = {}) =>
  mergeRun(
    {
      ...{ config: config(), shards, problems: [], bases: [], version: "0.1.0", git: null, workflow: null },
      ...some,
    },
    {
      clock: { now: () => epochMs(START + 60_000), sleep: async () => undefined },
      cloud: { query: async () => ({ kind: "unavailable", reason: "not asked" }), list: unused },
      lambda: {
        ...{ configuration: unused, alias: unused, provisioned: unused, reserved: unused, account: unused },
        region: async () => null,
      },
      logs: { insights: unused, lines: unused },
      stacks: { read: unused, functions: unused, resources: unused },
      quotas: { value: unused },
      services: { read: unused },
      history: null,
      files: { read: async () => ({ kind: "absent" }), write: async () => undefined },
      log: fakeLog(),
    },
    new AbortController().signal,
  );

describe("shards of one load", () => {
  test("are one record: the plan's, twice the counts, in any order of the files", async () => {
    const { record: merged } = await merge([shard(2), shard(1)]);
    expect(merged.totals.requests).toBe(400);
    expect(merged.window).toEqual({ start: "2026-11-21T12:00:00.000Z", end: "2026-11-21T12:00:20.000Z", seconds: 20 });
    expect(merged.validity).toEqual({ valid: true, stopped: "run-time", problems: [] });
    expect(merged.totals.connections.connectMs).toEqual({ p50: 1, p95: 2 });
    expect(merged.shards?.map(({ id }) => id)).toEqual(["run-1-", "run-2-"]);
    expect(merged.shard).toBeUndefined();
    expect(merged.fingerprint.test).toEqual(record({ config: config({ secrets: [] }) }).fingerprint.test);
  });

  test("make the same record every time", async () => {
    const shards = [shard(1), shard(2)];
    expect((await merge(shards)).record).toEqual((await merge(shards)).record);
  });

  test("that began seconds apart are laid over each other by time, with a warning", async () => {
    const { record: merged } = await merge([shard(1), shard(2, { late: 3 })]);
    expect(merged.slices).toHaveLength(23);
    expect(merged.slices.map(({ requests }) => requests).slice(0, 5)).toEqual([10, 10, 10, 20, 20]);
    expect(merged.window.seconds).toBe(23);
    expect(merged.validity.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ["shards-apart", "warning"],
    ]);
  });

  test("are laid over each other by GitHub's clock when a machine's own is off", async () => {
    const { record: merged } = await merge([shard(1), shard(2, { late: 600, facts: { clockMs: -600_000 } })]);
    expect(merged.slices).toHaveLength(20);
    expect(merged.validity.problems).toEqual([]);
  });

  test("keep what was wrong with one of them, by its number", async () => {
    const bad = shard(2);
    const problem = { code: "generator-saturated", severity: "invalid", message: "It was busy.", hint: "" } as const;
    const validity = { ...bad.record.validity, valid: false, problems: [problem] };
    const { record: merged, judgement } = await merge([shard(1), { ...bad, record: { ...bad.record, validity } }]);
    expect(merged.validity.problems.map(({ message }) => message)).toEqual(["Shard 2/2: It was busy."]);
    expect(judgement.verdict).toBe("invalid");
  });
});

describe("shards that are not one load are refused by name, and nothing is added", () => {
  test.each<readonly [string, readonly NamedShard[], string, readonly string[]]>([
    ["one is missing", [shard(1)], "shard-missing", ["2/2", "shard-1.json (shard 1/2)"]],
    [
      "two are missing",
      [shard(2, { count: 4 }), shard(3, { count: 4 })],
      "shard-missing",
      ["Shards 1/4, 4/4 are missing"],
    ],
    [
      "one is there twice",
      [shard(1), shard(2, { name: "a.json" }), shard(2, { name: "b.json" })],
      "shard-double",
      ["a.json and b.json"],
    ],
    [
      "another number of users",
      [shard(1), shard(2, { plan: { users: 21 } })],
      "fingerprint-mismatch",
      ["shard-2.json (shard 2/2)", "users: 20 and 21"],
    ],
    ["another count", [shard(1), shard(2, { count: 3 })], "fingerprint-mismatch", ["shards: 2 and 3"]],
    ["another commit", [shard(1), shard(2, { sha: "ffff" })], "fingerprint-mismatch", ["commit: 1a2b3c4d and ffff"]],
    [
      "another time",
      [shard(1), shard(2, { late: 3_600 })],
      "shards-apart",
      ["no time in common", "2026-11-21T13:00:00.000Z"],
    ],
    ["hardly the same time", [shard(1), shard(2, { late: 15 })], "shards-apart", ["only 5.0 s in common"]],
  ])("%s", async (_, shards, code, words) => {
    const { record: merged, judgement } = await merge(shards);
    expect(judgement.verdict).toBe("invalid");
    expect(judgement.gateOpen).toBe(false);
    const [first] = merged.validity.problems;
    expect([first?.code, first?.severity]).toEqual([code, "invalid"]);
    for (const word of words) expect(first?.message).toContain(word);
    expect([merged.validity.valid, merged.totals.requests, merged.response.p50]).toEqual([false, 0, null]);
  });

  test("a shard that sent nothing makes the whole invalid, for its own reason", async () => {
    const idle = shard(2);
    const problem = { code: "target-not-ready", severity: "invalid", message: "It was down.", hint: "" } as const;
    const sent = {
      ...idle.record,
      window: { ...idle.record.window, seconds: 0 },
      tasks: [],
      totals: { ...idle.record.totals, requests: 0, outcomes: outcomes() },
    };
    const validity = { valid: false, stopped: "run-time", problems: [problem] } as const;
    const { record: merged } = await merge([shard(1), { ...idle, record: { ...sent, validity } }]);
    expect(merged.validity.problems.map(({ code }) => code)).toEqual(["target-not-ready"]);
  });

  test("no shards at all are wrong usage", async () => {
    await expect(merge([])).rejects.toThrow(UserError);
  });
});

describe("several files of a base", () => {
  const base = record({ id: "base-1", config: config({ secrets: [] }) });
  const file = (path: string, whole = base): BaselineFile => ({ path, runs: [summarise(whole)] });

  test("are one baseline, and what a history among them knows of the noise counts", async () => {
    const metrics = { p50: { level: 100, runToRun: { sd: 0.02, df: 14 }, round: { sd: 0.02, df: 10 } } };
    const { id, start, sha, fingerprint } = summarise(base);
    const calibration = { id, start, sha, fingerprint, rounds: 15, metrics };
    const history: BaselineFile = { ...file("history.json"), isHistory: true, known: { calibrations: [calibration] } };
    const other = file("b.json", record({ id: "base-2", config: config({ secrets: [] }) }));
    const { baseline } = await merge([shard(1), shard(2)], { bases: [history, other] });
    expect(baseline).toMatchObject({ kind: "found", noise: { rounds: 15 } });
    expect(baseline.kind === "found" && baseline.runs.map((run) => run.id)).toEqual(["base-1", "base-2"]);
  });

  test("of which one is another load are invalid, as in compare", async () => {
    const other = file("b.json", record({ id: "base-2", config: config({ secrets: [] }), plan: plan({ users: 99 }) }));
    const { judgement } = await merge([shard(1), shard(2)], { bases: [file("a.json"), other] });
    expect(judgement.verdict).toBe("invalid");
    expect(judgement.problems.map(({ code }) => code)).toContain("fingerprint-mismatch");
  });
});

describe("files that are no shards", () => {
  test("the record of a whole load says so", () => {
    const read = asShard("run.json", record());
    expect(read.ok ? [] : read.problems.map(({ code }) => code)).toEqual(["not-a-shard"]);
  });

  test("a histogram that only looks like one is refused before it is added", () => {
    const { record: good } = shard(1);
    const read = asShard("x.json", { ...good, response: { ...good.response, histogram: "HISTFAAAACh4nJNp" } });
    expect(read.ok ? [] : read.problems.map(({ code }) => code)).toEqual(["record-invalid"]);
  });
});

describe("functions that only the shards were given", () => {
  test("are read by the merge", () => {
    const given = withShardFunctions(config(), [shard(1, { facts: { functions: ["orders:live"] } })]);
    expect(given.aws.functions.map(({ name, qualifier }) => [name, qualifier])).toEqual([["orders", "live"]]);
  });
});

describe("the shards of a workflow run", () => {
  const artifacts = (files: Readonly<Record<string, string>>): RunArtifacts => ({
    claim: async () => ({ ok: false, reason: "" }),
    list: async () => ({
      ok: true,
      value: Object.keys(files).map((name, id): RunArtifact => ({ id, name, createdAt: null, bytes: 1, digest: null })),
    }),
    read: async ({ name }) => ({ kind: "bytes", bytes: new TextEncoder().encode(files[name] ?? "") }),
  });
  const text = (index: number): string => JSON.stringify(shard(index).record);

  test("are found under the name of the jobs that sent them", async () => {
    const files = {
      "swarmgate-load-shard-1": text(1),
      "swarmgate-load-shard-2": text(2),
      "swarmgate-load-ready-1-1": "",
    };
    const read = await readRunShards(artifacts(files), "merge");
    expect(read.shards.map(({ name }) => name)).toEqual(["swarmgate-load-shard-1", "swarmgate-load-shard-2"]);
  });

  test("of two gates are told apart by the name", async () => {
    const files = { "swarmgate-a-shard-1": text(1), "swarmgate-b-shard-1": text(1) };
    const read = await readRunShards(artifacts(files), "b");
    expect(read.shards.map(({ name }) => name)).toEqual(["swarmgate-b-shard-1"]);
    await expect(readRunShards(artifacts(files), "merge")).rejects.toThrow("shards of several gates: a, b");
  });

  test("that cannot be read make the run invalid, and are named", async () => {
    const files = { "swarmgate-load-shard-1": text(1), "swarmgate-load-shard-2": "{" };
    const { shards, problems } = await readRunShards(artifacts(files), "load");
    expect(problems[0]?.message).toContain("swarmgate-load-shard-2");
    const { judgement } = await merge(shards, { problems });
    expect(judgement.verdict).toBe("invalid");
  });

  test("that are not there at all are wrong usage", async () => {
    await expect(readRunShards(artifacts({ "swarmgate-gate-run": "" }), "gate")).rejects.toThrow("no shards to merge");
  });
});
