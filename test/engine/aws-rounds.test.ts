/** REPORT lines by segment through the real SDK, against the simulator's ledger. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FunctionChange } from "../../simulator/function-settings.ts";
import { createAws } from "../../src/adapters/aws/aws.ts";
import { nodeClock } from "../../src/adapters/node/clock.ts";
import type { FunctionRef } from "../../src/cloud/cloud.ts";
import type { Span } from "../../src/cloud/window.ts";
import { collectDurations } from "../../src/gate/collect-durations.ts";
import { readFunctions } from "../../src/gate/read-functions.ts";
import { epochMs, millis } from "../../src/units.ts";
import { fakeLog } from "../fake-log.ts";
import { outcomes } from "../unit/record/sample-record.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;
beforeAll(async () => {
  world = await startGateWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.simulator.putLogs({ denied: false, deny: [], delayMs: 0, pageSize: null, emptyPages: 0, slowMs: 0 });
});

const SENT = 24;

/** Some requests that are not measured, then those of a segment; its measured seconds. Lines know whole milliseconds. */
const segment = async (url: string): Promise<Span> => {
  const send = (count: number) =>
    Promise.all(Array.from({ length: count }, async () => (await fetch(url)).arrayBuffer()));
  const pause = () => nodeClock.sleep(millis(20), new AbortController().signal);
  await send(5);
  await pause();
  const start = nodeClock.now();
  await pause();
  for (let i = 0; i < SENT; i += 6) await send(6);
  await pause();
  return { start, end: nodeClock.now() };
};

const ref = (qualifier: string | null): FunctionRef => ({
  ...{ label: qualifier === null ? "orders" : `orders:${qualifier}`, name: "orders", region: null },
  qualifier,
});

/** What the arm with this alias or version, or the whole function, took in these segments. */
const collect = async (windows: readonly Span[], qualifier: string | null = null, patience = 0) => {
  const { close, logs, lambda } = createAws({ region: null });
  const waits: string[] = [];
  try {
    const found = await collectDurations({
      functions: await readFunctions(lambda, [ref(qualifier)]),
      segments: windows.map((window) => ({ window, outcomes: outcomes({ ok: SENT }) })),
      deadline: epochMs(nodeClock.now() + patience),
      pause: millis(500),
      ports: { logs, clock: nodeClock, log: { ...fakeLog(), wait: ({ text }) => waits.push(text) } },
      signal: new AbortController().signal,
    });
    return { ...found, waits, means: (found.rounds ?? []).map(([only]) => only) };
  } finally {
    close();
  }
};

const meanOf = async ({ start, end }: Span): Promise<number> => {
  const { meanDurationMs } = await world.simulator.summary("orders", { from: start, to: end });
  return meanDurationMs ?? Number.NaN;
};

describe("segments of one function", () => {
  test.each([
    ["text, by Logs Insights", {}, {}],
    ["JSON, by Logs Insights", { logFormat: "JSON" }, {}],
    ["text, by FilterLogEvents in pages", {}, { deny: ["StartQuery"], pageSize: 7, emptyPages: 1 }],
    ["JSON, by FilterLogEvents", { logFormat: "JSON" }, { deny: ["StartQuery"] }],
    ["lines that come late", {}, { delayMs: 1_500 }],
  ] as const)("each has its own lines and their mean: %s", async (_, change: FunctionChange, logs) => {
    const url = await world.deploy("orders", { durationMs: 20, initMs: 30, ...change });
    await world.simulator.putLogs(logs);
    const base = await segment(url);
    await world.simulator.putFunction("orders", { durationMs: 35 });
    const head = await segment(url);
    const found = await collect([base, head], null, 8_000);
    expect(found.means).toEqual([
      { function: "orders", invocations: SENT, durationMs: expect.closeTo(await meanOf(base), 1) },
      { function: "orders", invocations: SENT, durationMs: expect.closeTo(await meanOf(head), 1) },
    ]);
    expect([found.notes, found.denied]).toEqual([[], null]);
    expect(found.waits.length > 0).toBe("delayMs" in logs);
  });

  test("an alias takes the lines of its own versions alone, in the same seconds", async () => {
    const url = await world.deploy("orders", { durationMs: 20, alias: "live", aliasVersion: "7" });
    const first = await segment(url);
    await world.simulator.putFunction("orders", { aliasVersion: "17", durationMs: 40 });
    const second = await segment(url);
    const both = [{ start: first.start, end: second.end }];
    // 5 requests that were not measured lie between the two.
    expect((await collect(both, "live")).means).toMatchObject([{ function: "orders:live", invocations: SENT + 5 }]);
    expect((await collect(both, "7")).means).toMatchObject([
      { invocations: SENT, durationMs: expect.closeTo(await meanOf(first), 1) },
    ]);
    expect((await collect(both)).means).toMatchObject([{ invocations: 2 * SENT + 5 }]);
  });

  test("what cannot be read is one note, and nothing is waited for", async () => {
    const url = await world.deploy("orders", { durationMs: 5 });
    const window = await segment(url);
    await world.simulator.putLogs({ denied: true });
    const denied = await collect([window], null, 8_000);
    expect(denied).toMatchObject({ rounds: null, denied: expect.stringContaining("logs:StartQuery"), waits: [] });
    expect(denied.notes).toEqual([expect.stringMatching(/^The logs of orders could not be read by round: /)]);
    await world.deploy("orders", { logFormat: "JSON", systemLogLevel: "WARN" });
    expect(await collect([window])).toMatchObject({ rounds: null, notes: [expect.stringContaining("is WARN")] });
  });

  test("lines that never come are not waited for once no more arrive", async () => {
    const url = await world.deploy("orders", { durationMs: 5 });
    const window = await segment(url);
    // An hour of patience: as many lines as before end it.
    const found = await collect([window, { start: window.end, end: epochMs(window.end + 1) }], null, 3_600_000);
    expect(found.means.map((one) => one?.invocations)).toEqual([SENT, 0]);
    expect(found.waits).toEqual(["The logs hold 24 of 48 REPORT lines of the rounds"]);
  });
});
