import { describe, expect, test } from "vitest";
import { arrivalSchedule } from "../../../src/load/arrivals.ts";
import { type ModelPlan, mostUsers, steadyRange, userProfile } from "../../../src/load/model.ts";
import { levelAt, type Profile, plateau } from "../../../src/load/profile.ts";
import { parseStages } from "../../../src/load/stages.ts";
import { parseStopRule, stopWatch } from "../../../src/load/stop-rule.ts";
import { perSecond, seconds } from "../../../src/units.ts";

const profileOf = (text: string): Profile => {
  const stages = parseStages(text);
  if (!stages.ok) throw new Error(text);
  return stages.value.profile;
};

describe("stages", () => {
  test.each([
    ["30s:0-100u, 60s:100u", 15, 50],
    ["30s:0-100u, 60s:100u", 30, 100],
    ["10s:5u, 10s:20u", 10, 20],
    ["10s:5u, 10s:20-0u", 15, 10],
    ["1m:10-200/s", 30, 105],
  ])("%s: the height at %i s is %d", (text, time, level) => {
    expect(levelAt(profileOf(text), seconds(time))).toBeCloseTo(level, 9);
  });

  test.each([
    ["30s:0-100u, 60s:100u", { from: 30, to: 90 }],
    ["10s:50u, 10s:20u, 20s:50u", { from: 20, to: 40 }],
    ["10s:50u, 5s:50u, 10s:20u", { from: 0, to: 15 }],
    ["30s:0-100u, 30s:100-0u", null],
  ])("%s: the longest part at the highest level", (text, part) => {
    expect(plateau(profileOf(text))).toEqual(part);
  });
});

describe("the model of a plan", () => {
  const closed: ModelPlan = { users: 20, spawnRate: perSecond(4), runTime: seconds(60), rate: null, stages: null };
  const rate = { perSecond: perSecond(200), spacing: "constant" } as const;

  test.each<[string, ModelPlan, { from: number; to: number } | null]>([
    ["a ramp of five seconds", closed, { from: 5, to: 60 }],
    ["a run that is all ramp", { ...closed, runTime: seconds(4) }, null],
    ["a rate is steady from the start", { ...closed, rate }, { from: 0, to: 60 }],
    [
      "stages of a rate",
      { ...closed, stages: { of: "rate", profile: profileOf("10.5s:0-100/s, 20s:100/s, 5s:10/s") } },
      { from: 11, to: 30 },
    ],
  ])("%s", (_, plan, range) => {
    expect(steadyRange(plan, plan.runTime)).toEqual(range);
  });

  test("the pool of the open model is there from the start, whatever the spawn rate", () => {
    expect(userProfile({ ...closed, rate })).toEqual([{ seconds: 60, from: 20, to: 20 }]);
    expect(mostUsers({ ...closed, stages: { of: "users", profile: profileOf("5s:0-30u, 5s:7u") } })).toBe(30);
  });
});

describe("Poisson arrivals", () => {
  const gapsOf = (seed: number): readonly number[] => {
    const profile: Profile = [{ seconds: seconds(100), from: 200, to: 200 }];
    const next = arrivalSchedule({ profile, spacing: "poisson", seed, index: 0, count: 1 });
    const gaps: number[] = [];
    let before = 0;
    for (let time = next(); time < Number.POSITIVE_INFINITY; time = next()) {
      gaps.push(time - before);
      before = time;
    }
    return gaps;
  };

  test("have exponential gaps: mean and deviation are the same, and one in e^2 is twice the mean", () => {
    const gaps = gapsOf(1);
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeGreaterThan(4.9);
    expect(mean).toBeLessThan(5.1);
    expect(deviation / mean).toBeGreaterThan(0.97);
    expect(deviation / mean).toBeLessThan(1.03);
    expect(gaps.filter((gap) => gap > 2 * mean).length / gaps.length).toBeCloseTo(Math.exp(-2), 2);
  });

  test("are fixed by the seed", () => {
    expect(gapsOf(2)).toEqual(gapsOf(2));
    expect(gapsOf(3).slice(0, 5)).not.toEqual(gapsOf(2).slice(0, 5));
  });
});

describe("stop-if", () => {
  const rule = parseStopRule("failure-rate > 50% for 3s");
  const seconds_ = (text: string) =>
    [...text].map(
      (mark) =>
        ({ F: { answered: 10, failed: 6 }, o: { answered: 10, failed: 5 }, _: { answered: 0, failed: 0 } })[mark],
    );

  test.each([
    ["ooFFo", null, "two seconds are too few"],
    ["ooFFF", 4, "the third one ends the load"],
    ["FFoFFF", 5, "a second within the limit begins anew"],
    ["FF_F", 3, "a second in which nothing ended counts on"],
    ["____F", null, "silence alone proves nothing"],
    ["FF__", null, "nor does it end the load"],
  ] as const)("%s ends at %s: %s", (text, at, _) => {
    if (!rule.ok) throw new Error("the rule is well");
    const look = stopWatch(rule.value);
    const held = seconds_(text).map((second) => second !== undefined && look(second));
    expect(held.indexOf(true)).toBe(at ?? -1);
  });
});
