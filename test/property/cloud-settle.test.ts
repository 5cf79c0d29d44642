import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expectation } from "../../src/cloud/expectation.ts";
import { settle, settleRules, settleStart } from "../../src/cloud/settle.ts";
import { cloudWindow } from "../../src/cloud/window.ts";
import { epochMs, millis } from "../../src/units.ts";
import { answerOf, orders, served } from "../unit/cloud/cloud-scene.ts";

const expectations = fc
  .tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 500 }))
  .map(([atLeast, more]): Expectation => ({ atLeast, atMost: atLeast + more }));

/** What AWS shows at each poll: nothing at first, then counts that only grow; `null` is a poll that failed. */
const polls = fc
  .tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.array(fc.option(fc.integer({ min: 0, max: 1500 })), { minLength: 1, maxLength: 40 }),
  )
  .map(([silent, steps]) => {
    let sum = 0;
    const counts = steps.map((step) => {
      if (step !== null) sum += step < 700 ? 0 : step - 700;
      return step === null ? null : sum;
    });
    return [...Array<number>(silent).fill(0), ...counts];
  });

const play = (expected: Expectation, counts: readonly (number | null)[], timeout: number) => {
  const rules = settleRules([orders], expected, { loadEnd: epochMs(0), timeout: millis(timeout) });
  let state = settleStart;
  let now = 0;
  const shown: number[] = [];
  for (let poll = 0; poll < 10_000; poll += 1) {
    const count = counts[Math.min(poll, counts.length - 1)] ?? null;
    if (count !== null) shown.push(count);
    const answer =
      count === null
        ? ({ kind: "unavailable", reason: "busy" } as const)
        : answerOf([orders], [count === 0 ? {} : served(count)]);
    const step = settle(rules, state, { answer, now: epochMs(now) });
    if (step.kind === "done") return { result: step.result, now, shown, polls: step.state.polls, reason: step.reason };
    state = step.state;
    now += step.time;
  }
  throw new Error("it never ended");
};

describe("settling, whatever AWS shows", () => {
  const scenes = fc.record({ expected: expectations, counts: polls, timeout: fc.integer({ min: 1, max: 600_000 }) });

  test("it ends at the deadline at the latest, with a bounded number of polls", () => {
    fc.assert(
      fc.property(scenes, ({ expected, counts, timeout }) => {
        const end = play(expected, counts, timeout);
        expect(end.now).toBeLessThanOrEqual(timeout);
        expect(end.polls).toBeLessThanOrEqual(Math.max(9, timeout / 15_000 + 2) + 1);
      }),
    );
  });

  test("complete means: something was seen, the lower end is reached, the last two figures are equal", () => {
    fc.assert(
      fc.property(scenes, ({ expected, counts, timeout }) => {
        const { result, shown, reason } = play(expected, counts, timeout);
        expect(reason === "").toBe(result === "complete");
        if (result !== "complete") return;
        const last = shown.at(-1) ?? 0;
        expect(last).toBeGreaterThan(0);
        expect(last).toBe(shown.at(-2));
        expect(last / Math.max(1, expected.atLeast)).toBeGreaterThanOrEqual(0.995);
        expect(last <= expected.atMost + 20 || last <= expected.atMost * 1.02).toBe(true);
      }),
    );
  });

  test("contaminated means more than can have been sent, incomplete never leaves an agreeing stable count behind", () => {
    fc.assert(
      fc.property(scenes, ({ expected, counts, timeout }) => {
        const { result, shown } = play(expected, counts, timeout);
        const last = shown.at(-1) ?? 0;
        if (result === "contaminated")
          expect(last).toBeGreaterThan(Math.max(expected.atMost + 20, expected.atMost * 1.02));
        if (result === "partial") expect(last).toBeLessThan(expected.atLeast);
        if (result === "incomplete" && last > 0 && shown.length > 1) expect(last).not.toBe(shown.at(-2));
      }),
    );
  });

  test("figures that are all there at once settle in two polls", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (sent) => {
        expect(play({ atLeast: sent, atMost: sent }, [sent], 180_000)).toMatchObject({ result: "complete", polls: 2 });
      }),
    );
  });
});

test("the window covers the span in whole minutes and wastes less than one on each side", () => {
  const time = fc.integer({ min: 0, max: 2_000_000_000_000 });
  fc.assert(
    fc.property(time, fc.integer({ min: 1, max: 3_600_000 }), (start, length) => {
      const end = start + length;
      const window = cloudWindow(epochMs(start), epochMs(end));
      expect(window.start % 60_000).toBe(0);
      expect((window.end - window.start) % 60_000).toBe(0);
      expect(window.start).toBeLessThanOrEqual(start);
      expect(window.end).toBeGreaterThanOrEqual(end);
      expect(start - window.start).toBeLessThan(60_000);
      expect(window.end - end).toBeLessThan(60_000);
    }),
  );
});
