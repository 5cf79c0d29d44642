import { describe, expect, test } from "vitest";
import { awaitReady } from "../../../src/gate/await-ready.ts";
import type { ProbeAnswer } from "../../../src/ports.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";

/** A target whose answer depends on virtual time; each probe takes `cost` of it. */
const scene = (answerAt: (now: number) => ProbeAnswer, { timeout = 60_000, cost = 20 } = {}) => {
  let now = 1_000_000;
  const controller = new AbortController();
  const lines: string[] = [];
  const timeouts: number[] = [];
  const run = () =>
    awaitReady({
      rules: {
        url: "https://preview.example.com/",
        status: [{ from: 200, to: 399 }],
        commit: null,
        timeout: millis(timeout),
        deadline: epochMs(now + timeout),
      },
      headers: { "x-key": "secret" },
      insecure: false,
      signal: controller.signal,
      ports: {
        probe: async (request) => {
          timeouts.push(request.timeout);
          const answer = answerAt(now - 1_000_000);
          now += Math.min(cost, request.timeout);
          return answer;
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
  return { run, controller, lines, timeouts, elapsed: () => now - 1_000_000 };
};

const status = (code: number): ProbeAnswer => ({ kind: "answer", status: code, headers: {}, body: "" });

describe("waiting for the target", () => {
  test("a target that is up costs three probes and one second", async () => {
    const { run, elapsed, lines } = scene(() => status(200));
    const result = await run();
    expect(result.kind).toBe("ready");
    expect(result.probes.map(({ at }) => at - 1_000_000)).toEqual([0, 520, 1040]);
    expect(elapsed()).toBeLessThan(1_200);
    expect(lines).toHaveLength(1);
  });

  test("a preview that appears after 20 s is found, with a countdown on the way", async () => {
    const { run, lines } = scene((now) => status(now < 20_000 ? 404 : 200));
    const result = await run();
    expect(result.kind).toBe("ready");
    expect(result.probes.length).toBeLessThan(20);
    expect(lines[0]).toMatch(/preview\.example\.com.*left.*404/);
    expect(lines.at(-1)).toMatch(/ready after 2\d s/);
  });

  test("the deadline ends it with the last cause, and not long after", async () => {
    const { run, elapsed } = scene((now) => (now < 30_000 ? status(404) : status(503)));
    const result = await run();
    expect(result).toMatchObject({ kind: "not-ready", problem: { code: "target-not-ready" } });
    expect(result.kind === "not-ready" && result.problem.message).toMatch(/within 1 min.*503/);
    expect(elapsed()).toBeGreaterThanOrEqual(60_000);
    expect(elapsed()).toBeLessThan(61_500);
  });

  test("a target that hangs is probed with the time that is left, and never with less than a second", async () => {
    const hanging: ProbeAnswer = { kind: "error", cause: "timeout", text: "no answer" };
    const { run, timeouts, elapsed } = scene(() => hanging, { timeout: 10_600, cost: 10_000 });
    expect((await run()).kind).toBe("not-ready");
    expect(timeouts).toEqual([10_000, 1_000]);
    expect(elapsed()).toBeLessThanOrEqual(11_600);
  });

  test("an abort ends it as interrupted, with the probes so far", async () => {
    const { run, controller } = scene((now) => {
      if (now > 3_000) controller.abort();
      return status(503);
    });
    const result = await run();
    expect(result).toMatchObject({ kind: "not-ready", problem: { code: "interrupted" } });
    expect(result.probes.length).toBeGreaterThan(1);
  });
});
