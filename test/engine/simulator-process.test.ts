import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { connectSimulator } from "../../simulator/client.ts";
import type { SimulatorUrls } from "../../simulator/control-contract.ts";

const start = (...args: string[]) => spawn(process.execPath, ["simulator/main.ts", ...args]);

async function urlsOf(child: ChildProcess): Promise<SimulatorUrls> {
  const [line] = child.stdout === null ? [] : await once(child.stdout, "data");
  expect(String(line).split("\n")).toHaveLength(2);
  return JSON.parse(String(line)) as SimulatorUrls;
}

it.each([
  ["SIGINT", (child: ChildProcess) => child.kill("SIGINT")],
  ["SIGTERM", (child: ChildProcess) => child.kill("SIGTERM")],
  ["the end of stdin", (child: ChildProcess) => child.stdin?.end()],
])("ends with code 0 on %s, with a request still open", async (_, end) => {
  const child = start("--exit-with-stdin");
  const exited = once(child, "exit");
  const control = connectSimulator(await urlsOf(child));
  const { functionUrl } = await control.putFunction("slow", { durationMs: 60_000 });
  const open = expect(fetch(functionUrl)).rejects.toThrow();
  while ((await control.ledger("slow")).counts.requests === 0);
  end(child);
  expect(await exited).toEqual([0, null]);
  await open;
});

it("begins with the world of --config and repeats itself by --seed", async () => {
  const durations = [];
  for (const seed of ["1", "1", "2"]) {
    const config = JSON.stringify({ functions: { f: { durationMs: 2, jitter: 0.5 } }, cloudwatch: { delayMs: 9 } });
    const child = start("--seed", seed, "--config", config);
    const control = connectSimulator(await urlsOf(child));
    expect((await control.cloudwatch()).settings.delayMs).toBe(9);
    const { functionUrl } = await control.putFunction("f");
    for (let i = 0; i < 5; i++) await (await fetch(functionUrl)).arrayBuffer();
    durations.push((await control.ledger("f")).entries.map(({ durationMs }) => durationMs).join());
    child.kill();
  }
  expect(durations[1]).toBe(durations[0]);
  expect(durations[2]).not.toBe(durations[0]);
});

it.each([
  [["--config", '{"functions":{"f":{"speed":1}}}'], "speed is not a setting"],
  [["--config", '{"lambdas":{}}'], "lambdas is not a setting"],
  [["--seed", "x"], "--seed is an integer"],
])("refuses %j", async (args, problem) => {
  const child = start(...args);
  const errors: string[] = [];
  child.stderr?.on("data", (chunk) => errors.push(String(chunk)));
  const [code] = await once(child, "close");
  expect([code, errors.join("")]).toEqual([1, expect.stringContaining(problem)]);
});
