import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import { githubRunArtifacts } from "../../src/adapters/github/run-artifacts.ts";
import { nodeClock } from "../../src/adapters/node/clock.ts";
import { nodeProbe } from "../../src/adapters/node/probe.ts";
import type { AwsRead } from "../../src/cloud/aws-read.ts";
import { UserError } from "../../src/errors.ts";
import { mergeRun } from "../../src/gate/merge-run.ts";
import { readRunShards, SHARD_FILE, shardArtifact } from "../../src/gate/read-shards.ts";
import { runShard, type ShardRun } from "../../src/gate/run-shard.ts";
import { createEngine } from "../../src/load/engine/engine.ts";
import { millis } from "../../src/units.ts";
import { fakeLog } from "../fake-log.ts";
import { configOf } from "../unit/config/sources.ts";
import { workerFile } from "./engine-harness.ts";

const COUNT = 4;
const git = { repository: "octo/shop", sha: "b".repeat(40), branch: "feature", baseBranch: "main", pullRequest: null };

let simulator: Simulator;
let folder: string;
let url: string;
let runId: number;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  folder = await mkdtemp(join(tmpdir(), "swarmgate-shards-"));
  const { functionUrl } = await simulator.putFunction("orders", { fresh: true, initMs: 0, durationMs: 20 });
  url = functionUrl;
  // The toolkit writes its progress to the log.
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await simulator.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await simulator.putGithub({ reset: true });
  const run = await simulator.createRun({ event: "push", head_branch: "main", head_sha: git.sha, path: "gate.yml" });
  runId = run.id;
  vi.stubEnv("ACTIONS_RESULTS_URL", simulator.urls.github);
  vi.stubEnv("ACTIONS_RUNTIME_TOKEN", run.runtimeToken);
  vi.stubEnv("NO_PROXY", "127.0.0.1");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const unused = async (): Promise<AwsRead<never>> => ({ kind: "unavailable", reason: "not asked" });
const lambda = {
  configuration: unused,
  alias: unused,
  provisioned: unused,
  reserved: unused,
  account: unused,
  region: async () => null,
};
const log = fakeLog();
const stacks = { read: unused, functions: unused, resources: unused };

type Sent = { readonly attempt?: number; readonly timeout?: string; readonly after?: number };

const shard = async (index: number, { attempt = 1, timeout = "30s", after = 0 }: Sent = {}): Promise<ShardRun> => {
  await nodeClock.sleep(millis(after));
  const load = { users: "8", "spawn-rate": "8", "run-time": "2s", "warm-up": "1s", "wait-time": "constant(0.1)" };
  return await runShard(
    configOf({ url, ...load, mode: "shard", shard: `${index}/${COUNT}`, "ready-timeout": timeout }),
    {
      id: `run-${index}`,
      version: "0.0.0",
      git: { ...git, event: "push", runId, runAttempt: attempt },
      workflow: null,
    },
    {
      clock: nodeClock,
      probe: nodeProbe,
      engine: createEngine({ workerFile, workers: 1 }),
      lambda,
      stacks,
      services: { read: unused },
      keys: unused,
      sign: async () => ({ kind: "unsignable", reason: "not asked" }),
      log,
      artifacts: githubRunArtifacts(folder),
    },
    new AbortController().signal,
  );
};

describe("four shards of one workflow run", () => {
  test("started a second apart agree on one start and keep it, and are merged from what they have left", async () => {
    const runs = await Promise.all([1, 2, 3, 4].map((index) => shard(index, { after: 1_000 * (index - 1) })));
    const starts = runs.map(({ record }) => record.shard?.agreed);
    expect(new Set(starts).size).toBe(1);
    const agreed = Date.parse(starts[0] ?? "");
    // Not a bar of time: a second is what a busy machine may need, and less than they were started apart.
    for (const { record, measured } of runs) {
      expect(measured).toBe(true);
      expect(Math.abs(Date.parse(record.window.start) - agreed)).toBeLessThan(1_000);
      expect(record.shard?.clockMs).toBe(0);
    }
    expect(runs.map(({ record }) => record.warmUp.requests > 0)).toEqual([true, false, false, false]);
    expect(runs.map(({ record }) => record.generator.usersAsked)).toEqual([2, 2, 2, 2]);

    const artifacts = githubRunArtifacts(folder);
    for (const [at, { record }] of runs.entries())
      await artifacts.claim(shardArtifact("load", at + 1), SHARD_FILE, JSON.stringify(record));
    // The merging job has another id than those of the matrix, and no name was given.
    const read = await readRunShards(artifacts, "gate");
    expect(read.problems).toEqual([]);
    const result = await mergeRun(
      {
        config: configOf({ mode: "merge", baseline: "none" }),
        ...read,
        bases: [],
        version: "0.0.0",
        git: null,
        workflow: null,
      },
      {
        clock: nodeClock,
        lambda,
        stacks,
        services: { read: unused },
        quotas: { value: unused },
        log,
        history: null,
        cloud: { query: async () => ({ kind: "unavailable", reason: "not asked" }), list: unused },
        logs: { insights: unused, lines: unused },
        files: { read: async () => ({ kind: "absent" }), write: async () => undefined },
      },
      new AbortController().signal,
    );
    const { record } = result;
    expect(record.totals.requests).toBe(runs.reduce((sum, run) => sum + run.record.totals.requests, 0));
    expect(record.generator.usersReached).toBe(8);
    expect(record.shards?.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
    const ledger = await simulator.ledger("orders");
    expect(ledger.counts.requests).toBe(record.totals.requests + record.warmUp.requests + record.warmUp.probes);
  });

  test("a second job with the same shard fails at once, and the first goes on waiting", async () => {
    const first = shard(1, { timeout: "6s" });
    await nodeClock.sleep(millis(3_000));
    const second = await shard(1).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(UserError);
    expect((second as UserError).problems.map(({ code }) => code)).toEqual(["artifact-name-taken"]);
    const { measured, record } = await first;
    expect(measured).toBe(false);
    expect(record.validity.problems.map(({ code }) => code)).toEqual(["shard-missing"]);
    expect(record.validity.problems[0]?.message).toContain("Shards 2, 3, 4 of 4 did not come within 6 s");
  });

  test("of an earlier attempt are not waited for as if they were here", async () => {
    const artifacts = githubRunArtifacts(folder);
    for (const index of [2, 3, 4]) await artifacts.claim(`swarmgate-job-ready-1-${index}`, "ready.json", "{}");
    const { record } = await shard(1, { attempt: 2, timeout: "1s" });
    expect(record.validity.problems[0]?.message).toContain("in attempt 2 of this workflow run");
  });
});
