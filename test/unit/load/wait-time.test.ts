import { describe, expect, test } from "vitest";
import {
  formatWaitTime,
  longestWait,
  meanCycle,
  parseWaitTime,
  type WaitTime,
  waitAfterTask,
} from "../../../src/load/wait-time.ts";
import { seconds } from "../../../src/units.ts";

const read = (text: string): WaitTime => {
  const result = parseWaitTime(text);
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.value;
};

describe("parsing", () => {
  test.each([
    ["constant(1)", { kind: "constant", seconds: 1 }],
    ["constant(0)", { kind: "constant", seconds: 0 }],
    [" constant ( 0.5 ) ", { kind: "constant", seconds: 0.5 }],
    ["constant(.5)", { kind: "constant", seconds: 0.5 }],
    ["between(1,3)", { kind: "between", min: 1, max: 3 }],
    ["between(1, 1)", { kind: "between", min: 1, max: 1 }],
    ["constant_pacing(2)", { kind: "constant_pacing", seconds: 2 }],
    ["constant_throughput(0.5)", { kind: "constant_throughput", perSecond: 0.5 }],
  ])("%s", (text, value) => {
    expect(parseWaitTime(text)).toEqual({ ok: true, value });
  });

  test.each([
    ["1", "a bare number does not say what it is"],
    ["", "nothing"],
    ["constant", "no number"],
    ["constant()", "an empty number"],
    ["constant(1,2)", "one number too many"],
    ["between(1)", "one number too few"],
    ["between(1,2,3)", "three numbers"],
    ["between(3,1)", "the wrong way round"],
    ["constant(-1)", "negative"],
    ["constant(1s)", "a unit"],
    ["constant(1e3)", "an exponent"],
    ["constant(Infinity)", "no number of seconds"],
    ["constant_throughput(0)", "never runs a task"],
    ["constant(86401)", "longer than a day"],
    ["constant_throughput(0.00001)", "a task a day and more"],
    ["constant_throughput(99999999999)", "more than a machine can do"],
    ["constant_throughput(0.0000001)", "rounds to never"],
    ["Constant(1)", "another case"],
    ["poisson(1)", "another tool's"],
    ["constructor(1)", "a name every object has"],
  ])("%s is refused: %s", (text) => {
    const result = parseWaitTime(text);
    expect(result.ok).toBe(false);
    expect(result.ok ? [] : result.problems).toMatchObject([{ code: "bad-value", severity: "usage" }]);
    expect(result.ok ? "" : result.problems[0]?.message).toContain(`"${text}"`);
  });
});

describe("after a task", () => {
  test.each([
    ["constant(1)", 0.2, 0.9, 1, "waits the same whatever the task took"],
    ["between(1,3)", 5, 0, 1, "the shortest"],
    ["between(1,3)", 5, 0.5, 2, "the middle"],
    ["constant_pacing(2)", 0.5, 0, 1.5, "the rest of the pace"],
    ["constant_pacing(2)", 2.5, 0, 0, "no rest is left"],
    ["constant_throughput(0.5)", 0.5, 0, 1.5, "half a task per second is one every two seconds"],
  ])("%s after %d s: %#", (text, task, random, wait) => {
    expect(waitAfterTask(read(text), seconds(task), random)).toBeCloseTo(wait, 12);
  });

  test("the longest wait bounds what a connection must survive", () => {
    expect(
      ["constant(1)", "between(1,3)", "constant_pacing(2)", "constant_throughput(4)"].map(read).map(longestWait),
    ).toEqual([1, 3, 2, 0.25]);
  });

  test("the mean cycle is task and wait, or the pace if the task is shorter", () => {
    expect(meanCycle(read("constant(1)"), seconds(0.1))).toBeCloseTo(1.1, 12);
    expect(meanCycle(read("between(1,3)"), seconds(0.1))).toBeCloseTo(2.1, 12);
    expect(meanCycle(read("constant_pacing(2)"), seconds(0.1))).toBeCloseTo(2, 12);
    expect(meanCycle(read("constant_pacing(2)"), seconds(3))).toBeCloseTo(3, 12);
  });
});

test("what is written reads as it was", () => {
  for (const text of ["constant(0.5)", "between(1,3)", "constant_pacing(2)", "constant_throughput(0.5)"]) {
    expect(formatWaitTime(read(text))).toBe(text);
  }
});
