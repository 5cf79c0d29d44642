import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHA } from "../../src/entry/demo/repository.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
let url = "";
beforeAll(async () => {
  world = await createWorld();
  url = await world.deploy({ durationMs: 60 });
});
afterAll(async () => {
  await world.close();
});

/** More than the 100 responses that p50 needs, in a second. */
const LOAD = {
  users: "16",
  "spawn-rate": "1000",
  "warm-up": "0s",
  "wait-time": "constant(0.02)",
  "ready-timeout": "5s",
} as const;
const flags = (runTime: string): readonly string[] =>
  Object.entries({ url, ...LOAD, "run-time": runTime }).flatMap(([name, value]) => [`--${name}`, value]);
const json = (text: string) => JSON.parse(text);

describe("swarmgate calibrate", () => {
  it("writes a noise floor that run and compare judge with", async () => {
    const rounds = ["--rounds", "6", "--out", "history.json", "--json"];
    const calibrated = await world.cli(["calibrate", ...flags("2s"), ...rounds]);
    expect(calibrated.exitCode, calibrated.stdout + calibrated.stderr).toBe(0);
    const told = json(calibrated.stdout);
    expect(told).toMatchObject({ schema: "swarmgate.calibration/v1", state: "learning", history: "history.json" });
    expect(told.limits[0]).toMatch(/^p50: \+\d+% and \+5ms$/);
    expect(calibrated.stderr).toMatch(/Round 6 of 6 counts: p50 .* ms/);
    const history = json(readFileSync(world.file("history.json"), "utf8"));
    expect([history.runs.length, history.calibrations.length, history.calibrations[0].rounds]).toEqual([1, 1, 6]);

    const judged = ["--baseline", "history.json", "--out", "run.json", "--json", "--quiet"];
    const run = json((await world.cli(["run", ...flags("2s"), ...judged])).stdout);
    const compared = json(
      (await world.cli(["compare", "--base", "history.json", "--head", "run.json", "--json"])).stdout,
    );
    for (const result of [run, compared]) {
      expect(result.baseline).toMatchObject({ state: "file", runs: 1, spread: "learning" });
      expect(result.notes.join("\n")).toContain("measured in 6 of 15 rounds");
      const p50 = result.metrics.find(({ id }: { id: string }) => id === "p50");
      expect(p50.how.data.prior).toMatchObject({ calibrated: true, weight: 5 });
    }
  }, 90_000);

  it("with base-url measures what two deployments of one code differ by, and refuses a single one", async () => {
    const pair = ["--base-url", url.replace("127.0.0.1", "localhost"), "--segment-time", "1s", "--rounds", "6"];
    const out = ["--out", "pairs.json", "--json"];
    const calibrated = await world.cli(["calibrate", ...flags("2s"), ...pair, ...out]);
    expect(calibrated.exitCode, calibrated.stdout + calibrated.stderr).toBe(0);
    const told = json(calibrated.stdout);
    expect(told).toMatchObject({ state: "learning", rounds: { asked: 6, counted: 6 }, metrics: [] });
    expect(told.deployments[0]).toMatchObject({ id: "p50", documented: 0.01 });
    expect(told.notes.join()).toContain("is what you say");
    const history = json(readFileSync(world.file("pairs.json"), "utf8"));
    expect([history.runs.length, history.deployments.length, history.deployments[0].rounds]).toEqual([0, 1, 6]);

    const one = await world.cli(["calibrate", ...flags("2s"), "--base-url", url, ...out]);
    expect([one.exitCode, json(one.stdout).problems[0].code]).toEqual([2, "conflicting-values"]);
  }, 90_000);

  it("leaves the history as it was and exits 3 when nothing can be measured", async () => {
    const history = { schema: "swarmgate.history/v1", runs: [] };
    writeFileSync(world.file("kept.json"), JSON.stringify(history));
    const nowhere = ["--url", "http://127.0.0.1:9/", "--ready-timeout", "1s", "--rounds", "6", "--out", "kept.json"];
    const outcome = await world.cli(["calibrate", ...nowhere, "--quiet", "--json"]);
    expect([outcome.exitCode, json(outcome.stdout).problems[0].code]).toEqual([3, "too-few-rounds"]);
    expect(json(readFileSync(world.file("kept.json"), "utf8"))).toEqual(history);
  }, 30_000);

  it.each([
    ["fewer than six rounds", ["--rounds", "5"], "bad-value"],
    ["a file that is no history in the way", ["--out", "other.json"], "record-invalid"],
  ])("sends nothing with %s", async (_, more, code) => {
    writeFileSync(world.file("other.json"), JSON.stringify({ schema: "swarmgate.run-record/v1" }));
    const outcome = await world.cli(["calibrate", ...flags("2s"), ...more, "--json"]);
    expect([outcome.exitCode, json(outcome.stdout).problems[0].code]).toEqual([2, code]);
  });
});

describe("mode: calibrate", () => {
  const inputs = () => ({ url, ...LOAD, "run-time": "1s" });

  it("waits for its deployment, stores the noise floor on the base branch, and the pull request is judged with it", async () => {
    const deployment = { id: 5, sha: SHA.base, environment: "Staging" };
    const live = { state: "success", environment_url: url } as const;
    await world.simulator.putGithub({ deployments: [{ ...deployment, statuses: [{ state: "in_progress" }] }] });
    setTimeout(() => void world.simulator.putGithub({ deployments: [{ ...deployment, statuses: [live] }] }), 2_000);
    const calibrate = { ...LOAD, "run-time": "1s", environment: "Staging", mode: "calibrate" };
    const job = await world.action({ event: "push", headSha: SHA.base, inputs: calibrate });
    expect([job.exitCode, job.outputs["gate-open"], job.outputs["verdict"]], job.summary).toEqual([0, "true", ""]);
    expect(job.log).toContain('the deployment in "Staging" is in progress');
    // A busy machine makes some rounds invalid, and rightly so.
    expect(job.outputs["headline"]).toMatch(/^(Calibrated|Learning): the noise of the target is known from /);
    expect(job.summary).toMatch(/p50: \+\d+% and \+5ms/);
    const { artifacts } = await world.simulator.github();
    const stored = artifacts.filter(({ runId }) => runId === job.runId).map(({ name }) => name);
    expect(stored).toEqual(["swarmgate-gate-history"]);
    const pull = await world.action({ event: "pull_request", headSha: SHA.head, inputs: inputs() });
    expect(pull.outputs["baseline-sha"], pull.summary).toBe(SHA.base);
    expect(pull.summary).toMatch(/spread (calibrated|learning \d+ of 15)/);
  }, 120_000);

  it("refuses to run for a pull request", async () => {
    const calibrate = { ...inputs(), mode: "calibrate" };
    const job = await world.action({ event: "pull_request", headSha: SHA.head, inputs: calibrate });
    expect([job.exitCode, job.outputs["gate-open"]]).toEqual([1, "false"]);
    expect(job.annotations[0]?.text).toContain("does not belong to the base branch");
  });
});
