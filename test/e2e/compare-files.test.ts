import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appendHistory } from "../../src/baseline/history.ts";
import { summarise } from "../../src/record/summarise.ts";
import { type Row, taskRecord } from "../unit/baseline/task-records.ts";
import { createWorld, SMALL_LOAD, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await world.close();
});

const LIST: Row = { name: "list", requests: 1200, ms: 20 };
const PAY: Row = { name: "pay", requests: 600, ms: 400 };
const write = (name: string, value: unknown): string => {
  writeFileSync(world.file(name), typeof value === "string" ? value : JSON.stringify(value));
  return name;
};
const runFile = (id: string, ...rows: readonly Row[]): string => write(`${id}.json`, taskRecord(id, rows));
const metric = (result: { readonly metrics: readonly { readonly id: string }[] }, id: string) =>
  result.metrics.find((one) => one.id === id);

describe("compare", () => {
  it("names a task of one side only, leaves it out, and prints the same bytes every time", async () => {
    const args = ["compare", "--base", runFile("base", LIST), "--head", runFile("head", LIST, PAY), "--name", "shop"];
    const [one, again] = [await world.cli([...args, "--json"]), await world.cli([...args, "--json"])];
    expect(again.stdout).toBe(one.stdout);
    const result = JSON.parse(one.stdout);
    expect(result.baseline.notes).toEqual(["task pay is only in this change: left out of both sides' totals"]);
    expect(metric(result, "p50")).toMatchObject({ change: { ratio: 1 } });
    const [text, same] = [await world.cli(args), await world.cli(args)];
    expect(text.stdout).toContain("gate shop");
    expect(text.stdout).toContain("task pay is only in this change");
    expect(same.stdout).toBe(text.stdout);
  });

  it("takes a history as the base, without its runs of other loads", async () => {
    const runs = [taskRecord("r1", [PAY]), taskRecord("r2", [LIST]), taskRecord("r3", [LIST])].map(summarise);
    const history = runs.reduce<ReturnType<typeof appendHistory> | null>(appendHistory, null);
    const args = ["--base", write("history.json", history), "--head", runFile("head", LIST), "--json"];
    const result = JSON.parse((await world.cli(["compare", ...args])).stdout);
    expect(result.baseline).toMatchObject({ state: "file", runs: 2 });
    expect(result.baseline.notes.join()).toContain("1 of 3 runs in history.json measured another load");
  });

  it("counts several heads and several bases as repetitions", async () => {
    const files = (side: string) => [1, 2, 3].map((i) => runFile(`${side}${i}`, LIST));
    const args = ["--base", ...files("b"), "--head", ...files("h").slice(0, 2), "--json"];
    const both = JSON.parse((await world.cli(["compare", ...args])).stdout);
    expect(metric(both, "p50")).toMatchObject({ how: { data: { base: { length: 3 }, head: { length: 2 } } } });
    const one = JSON.parse((await world.cli(["compare", "--base", "b1.json", "--head", "h1.json", "--json"])).stdout);
    const width = (result: typeof both): number => {
      const { change } = metric(result, "p50") as unknown as { change: { high: number; low: number } };
      return Math.log(change.high / change.low);
    };
    expect(width(both)).toBeLessThan(width(one));
  });

  it("says which limit the noise could decide", async () => {
    const args = ["--base", runFile("base", LIST), "--head", runFile("head", LIST), "--limits", "p50: +5%"];
    expect((await world.cli(["compare", ...args])).stdout.replace(/\s+/g, " ")).toMatch(
      /p50: \+5% cannot be decided here: detectable \d+ %; use paired mode or \+\d+%\./,
    );
  });

  it("refuses rounds of files that hold percentiles only, by name: exit 2", async () => {
    const head = "Type,Name,Request Count,Failure Count,Requests/s,50%,90%,95%,99%";
    const file = write("locust_stats.csv", `${head}\n,Aggregated,20000,0,200,20,40,60,80\n`);
    const run = await world.cli(["compare", "--paired", "--base", file, "--head", file, "--json"]);
    const [problem] = JSON.parse(run.stdout).problems;
    expect([run.exitCode, problem.code]).toEqual([2, "not-in-import"]);
    expect(problem.message).toContain("locust_stats.csv holds percentiles only");
  });
});

describe("run with a baseline file", () => {
  it("says before the load which limit cannot be decided", async () => {
    const url = await world.deploy({});
    const load = { ...SMALL_LOAD, users: "2", "run-time": "2s" };
    const flags = Object.entries(load).flatMap(([name, value]) => [`--${name}`, value]);
    const judged = ["--baseline", runFile("base", LIST), "--limits", "p50: +5%"];
    const { stderr } = await world.cli(["run", "--url", url, ...flags, ...judged]);
    const [before, after] = stderr.split("is ready");
    expect(before).toContain("p50: +5% cannot be decided here");
    expect(after).toContain("/2s steady");
  });
});
