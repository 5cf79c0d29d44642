import { describe, expect, test } from "vitest";
import type { Expectation } from "../../../src/cloud/expectation.ts";
import type { MetricAnswer } from "../../../src/cloud/queries.ts";
import { collectCloud } from "../../../src/gate/collect-cloud.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";
import { answerOf, orders, served } from "./cloud-scene.ts";

type Options = { readonly expected?: Expectation; readonly loadEnd?: number; readonly abortAt?: number };

/** Virtual time starts at the end of the load; `answerAt` is CloudWatch. */
const collect = async (answerAt: (sinceEnd: number) => MetricAnswer | Promise<MetricAnswer>, options: Options = {}) => {
  const loadEnd = options.loadEnd ?? 125_000;
  let now = 125_000;
  const controller = new AbortController();
  const lines: string[] = [];
  const windows: unknown[] = [];
  const result = await collectCloud({
    functions: [orders],
    span: { start: epochMs(61_000), end: epochMs(125_000) },
    loadEnd: epochMs(loadEnd),
    expected: options.expected ?? { atLeast: 2010, atMost: 2010 },
    timeout: millis(180_000),
    signal: controller.signal,
    ports: {
      cloud: {
        query: async (_, window) => {
          windows.push(window);
          if (options.abortAt !== undefined && now - loadEnd >= options.abortAt) controller.abort();
          return answerAt(now - loadEnd);
        },
      },
      clock: {
        now: () => epochMs(now),
        sleep: async (time) => {
          now += time;
        },
      },
      log: fakeLog(() => now, lines),
    },
  });
  return { result, lines, windows };
};

const seen = (count: number, messages: readonly string[] = []) => answerOf([orders], [served(count)], messages);

describe("collecting what AWS saw", () => {
  test("waits with progress until the count agrees, over one window of whole minutes", async () => {
    const { result, lines, windows } = await collect((time) => (time < 60_000 ? seen(1902) : seen(2010)));
    expect(result).toMatchObject({
      state: "complete",
      reason: "",
      expected: 2010,
      seen: 2010,
      polls: 6,
      waited: 75_000,
      window: { start: 60_000, end: 180_000 },
      functions: [{ function: "orders", invocations: 2010 }],
      notes: [],
    });
    expect(lines[0]).toBe("AWS has counted 1,902 of 2,010 requests, 3 min left.");
    expect(windows.every((window) => JSON.stringify(window) === JSON.stringify(result.window))).toBe(true);
  });

  test("metrics-timeout counts from the end of the load, not from the first poll", async () => {
    const { result } = await collect(() => seen(5), { loadEnd: 45_000 });
    expect(result).toMatchObject({ state: "partial", waited: 100_000, seen: 5, expected: 2010 });
  });

  test("inside a range the expected number is AWS's own, and the rest is a note", async () => {
    const { result } = await collect(() => seen(1995), { expected: { atLeast: 1900, atMost: 2010 } });
    expect(result).toMatchObject({ state: "complete", expected: 1995, seen: 1995 });
    expect(result.notes.join()).toMatch(/15 requests left no trace/);
  });

  test("denied has a reason, no figures and no waiting", async () => {
    const { result } = await collect(() => ({ kind: "denied", reason: "No." }));
    expect(result).toMatchObject({ state: "denied", reason: "No.", seen: null, waited: 0, polls: 1 });
    expect(result.functions).toMatchObject([{ function: "orders", invocations: null }]);
  });

  test("contaminated keeps its figures", async () => {
    const { result } = await collect(() => seen(2500));
    expect(result).toMatchObject({ state: "contaminated", expected: 2010, seen: 2500 });
    expect(result.reason).toMatch(/490 more/);
    expect(result.functions[0]?.duration.average).toBe(12);
  });

  test("CloudWatch's own messages become notes, each once", async () => {
    const { result } = await collect(() => seen(2010, ["Limited: too many datapoints"]));
    expect(result.notes).toEqual(["CloudWatch says: Limited: too many datapoints"]);
  });

  test("a query that throws is asked again", async () => {
    const { result, lines } = await collect((time) => {
      if (time === 0) throw new Error("socket closed");
      return seen(2010);
    });
    expect(result).toMatchObject({ state: "complete", polls: 3 });
    expect(lines[0]).toContain("socket closed");
  });

  test("when nothing can have reached Lambda, AWS is not asked", async () => {
    const { result, windows } = await collect(() => seen(0), { expected: { atLeast: 0, atMost: 0 } });
    expect(result).toMatchObject({ state: "incomplete", expected: 0, seen: null, polls: 0, waited: 0 });
    expect(windows).toEqual([]);
  });

  test("a cancel ends it at once, even while a query hangs", async () => {
    const { result } = await collect((time) => (time < 30_000 ? seen(900) : new Promise(() => undefined)), {
      abortAt: 30_000,
    });
    expect(result).toMatchObject({ state: "incomplete", seen: 900, polls: 2 });
    expect(result.reason).toMatch(/interrupted/);
  });
});
