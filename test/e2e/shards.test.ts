import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreatedRun } from "../../simulator/control-contract.ts";
import type { ActionOutcome } from "../../src/entry/demo/action-runner.ts";
import { awsEnvironment, runWorkflow, SHA, startRun } from "../../src/entry/demo/repository.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { createWorld, SMALL_LOAD, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await world.close();
});

type Change = { readonly event: "push" | "pull_request"; readonly headSha: string };
const PUSH: Change = { event: "push", headSha: SHA.base };
const PULL: Change = { event: "pull_request", headSha: SHA.head };
let jobs = 0;

const job = (
  change: Change,
  run: CreatedRun,
  what: { inputs: Record<string, string>; job: string; attempt?: number },
) => {
  jobs += 1;
  return runWorkflow(world.simulator, {
    ...{ actionDir: world.root, workDir: join(world.root, `shard-job-${jobs}`), env: awsEnvironment(world.simulator) },
    ...change,
    ...what,
    inRun: run,
  });
};
const send = (change: Change, run: CreatedRun, url: string, shard: string): Promise<ActionOutcome> =>
  job(change, run, { job: "load", inputs: { url, ...SMALL_LOAD, functions: "orders", mode: "shard", shard } });
const merge = (change: Change, run: CreatedRun, attempt = 1): Promise<ActionOutcome> =>
  job(change, run, { job: "gate", attempt, inputs: { mode: "merge", "metrics-timeout": "4s" } });
const recordOf = (outcome: ActionOutcome): RunRecord =>
  JSON.parse(readFileSync(outcome.outputs["run-record"] ?? "", "utf8")) as RunRecord;

/** Two shards and their merge; again where the machine was busy with other things, which two generators notice sooner. */
const ATTEMPTS = 3;

const whole = async (change: Change, durationMs: number) => {
  for (let attempt = 1; ; attempt += 1) {
    const url = await world.deploy({ durationMs });
    const run = await startRun(world.simulator, change);
    const shards = await Promise.all(["1/2", "2/2"].map((shard) => send(change, run, url, shard)));
    const merged = await merge(change, run);
    // A run of the merge base in progress would be waited for.
    await world.simulator.updateRun(run.id, { status: "completed", conclusion: "success" });
    if (attempt === ATTEMPTS || !merged.summary.includes("generator-saturated")) return { run, shards, merged };
  }
};

describe("two shards and a merge", () => {
  it("on the base branch measure the whole load once, and store it as a baseline", async () => {
    const { run, shards, merged } = await whole(PUSH, 150);
    expect(shards.map(({ exitCode, outputs }) => [exitCode, outputs["verdict"], outputs["gate-open"]])).toEqual([
      [0, "", "true"],
      [0, "", "true"],
    ]);
    expect([merged.exitCode, merged.outputs["verdict"]], merged.summary).toEqual([0, "no-baseline"]);
    const parts = shards.map(recordOf);
    const record = recordOf(merged);
    expect(new Set(parts.map(({ shard }) => shard?.agreed)).size).toBe(1);
    expect(record.totals.requests).toBe((parts[0]?.totals.requests ?? 0) + (parts[1]?.totals.requests ?? 0));
    expect(record.generator.usersReached).toBe(20);
    expect(record.fingerprint.test).not.toHaveProperty("shard");
    // Read once, for both: the functions are those that the shards were given.
    expect(parts.map(({ cloud }) => cloud)).toEqual([null, null]);
    expect(record.cloud?.state).toBe("complete");
    // AWS counts by the minute: probes before the load are in it when they are in its first one.
    const minutes = { from: record.cloud?.window.start ?? 0 };
    const { invocations } = await world.simulator.summary("orders", minutes);
    expect(record.cloud?.functions[0]?.invocations).toBe(invocations);
    const { artifacts, comments } = await world.simulator.github();
    const names = artifacts.filter(({ runId }) => runId === run.id).map(({ name }) => name);
    expect(names.toSorted()).toEqual([
      "swarmgate-gate-history",
      "swarmgate-gate-run",
      "swarmgate-load-ready-1-1",
      "swarmgate-load-ready-1-2",
      "swarmgate-load-shard-1",
      "swarmgate-load-shard-2",
    ]);
    expect(comments).toHaveLength(0);
  });

  it("of a slower change close the gate with one comment, and so does a re-run of the merge alone", async () => {
    const { run, merged } = await whole(PULL, 600);
    expect([merged.exitCode, merged.outputs["verdict"], merged.outputs["gate-open"]]).toEqual([1, "fail", "false"]);
    expect(merged.outputs["baseline-sha"]).toBe(SHA.base);
    const again = await merge(PULL, run, 2);
    expect([again.exitCode, again.outputs["verdict"]]).toEqual([1, "fail"]);
    const { comments } = await world.simulator.github();
    expect(comments).toHaveLength(1);
    expect(again.outputs["comment-id"]).toBe(merged.outputs["comment-id"]);
  });

  it("without the second shard are invalid, and say which one is missing", async () => {
    const change = PULL;
    const url = await world.deploy({ durationMs: 150 });
    const run = await startRun(world.simulator, change);
    const inputs = { url, ...SMALL_LOAD, mode: "shard", shard: "1/2", "ready-timeout": "3s" };
    const alone = await job(change, run, { job: "load", inputs });
    expect([alone.exitCode, alone.outputs["gate-open"]]).toEqual([1, "false"]);
    expect(alone.annotations.find(({ level }) => level === "error")?.text).toContain("Shard 2 of 2 did not come");
    const merged = await merge(change, run);
    expect([merged.exitCode, merged.outputs["verdict"], merged.outputs["gate-open"]]).toEqual([1, "invalid", "false"]);
    expect(merged.outputs["headline"]).toContain("Shard 2/2 is missing");
    expect(merged.summary).toContain("shard-missing");
  });
});

describe("the command line", () => {
  it("merges what two runs with --shard have left, and exits 3 when one of them is missing", async () => {
    const url = await world.deploy({ durationMs: 150 });
    const load = Object.entries({ url, ...SMALL_LOAD, functions: "orders" }).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ]);
    const runs = await Promise.all(
      ["1/2", "2/2"].map((shard, at) =>
        world.cli(["run", ...load, "--shard", shard, "--out", `s${at}.json`, "--quiet"]),
      ),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const merged = await world.cli([
      "merge",
      "s0.json",
      "s1.json",
      "--out",
      "whole.json",
      "--baseline",
      "none",
      "--json",
    ]);
    expect(JSON.parse(merged.stdout).runRecord).toBe("whole.json");
    const record = JSON.parse(readFileSync(world.file("whole.json"), "utf8")) as RunRecord;
    const ledger = await world.simulator.ledger("orders");
    expect(ledger.counts.requests).toBe(record.totals.requests + record.warmUp.probes);
    const one = await world.cli(["merge", "s1.json", "--out", "half.json", "--json"]);
    expect([one.exitCode, JSON.parse(one.stdout).verdict]).toEqual([3, "invalid"]);
    expect(JSON.parse(one.stdout).problems[0].code).toBe("shard-missing");
    const none = await world.cli(["merge", "whole.json", "--out", "x.json", "--json"]);
    expect([none.exitCode, JSON.parse(none.stdout).problems[0].code]).toEqual([2, "not-a-shard"]);
  });
});
