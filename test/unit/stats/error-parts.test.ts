import { describe, expect, test } from "vitest";
import { detectableDifference, halfWidth, standardError, tailBeyond } from "../../../src/stats/error-parts.ts";
import { errorOfRounds } from "../../../src/stats/rounds.ts";

const known = (sd: number) => ({ sd, df: Number.POSITIVE_INFINITY, dataDf: 0 });
const estimated = (sd: number, df: number) => ({ sd, df, dataDf: df });

describe("parts of an error", () => {
  test("one part is Student's t: t(10, 97.5 %) = 2.228", () =>
    expect(halfWidth([estimated(0.1, 10)], 0.025)).toBeCloseTo(0.2228, 4));
  test("known parts add like independent normals", () =>
    expect(halfWidth([known(0.03), known(0.04)], 0.025)).toBeCloseTo(1.96 * 0.05, 4));
  test("a part of nothing adds nothing, however few its degrees of freedom", () =>
    expect(halfWidth([estimated(0, 1), known(0.05)], 0.025)).toBeCloseTo(1.96 * 0.05, 4));
  test("the quantiles add in quadrature, each its own: t(5) = 2.571 and z = 1.960", () =>
    expect(halfWidth([estimated(0.02, 5), known(0.01)], 0.025)).toBeCloseTo(Math.hypot(0.05141, 0.0196), 4));
  test("the standard error knows no degrees of freedom", () =>
    expect(standardError([estimated(0.03, 2), known(0.04)])).toBeCloseTo(0.05, 12));
});

describe("p-value of a distance", () => {
  const parts = [estimated(0.02, 5), known(0.01)];
  test.each([0.4, 0.1, 0.025, 0.0025, 1e-5])("the half width at %f is that far out", (level) =>
    expect(tailBeyond(parts, halfWidth(parts, level))).toBeCloseTo(level, 7),
  );
  test("the other way it is the rest", () => expect(tailBeyond(parts, -0.05) + tailBeyond(parts, 0.05)).toBe(1));
  test("no distance is even odds", () => expect(tailBeyond(parts, 0)).toBeCloseTo(0.5, 9));
  test("the farthest distances are told to be rare, not impossible", () => {
    expect(tailBeyond(parts, Number.POSITIVE_INFINITY)).toBeLessThan(1e-11);
    expect(tailBeyond(parts, Number.NEGATIVE_INFINITY)).toBeGreaterThan(0.999);
  });
});

test("what is detectable grows with every part", () => {
  const wish = { level: 0.0025, power: 0.9, limit: 0 };
  expect(detectableDifference([estimated(0.02, 10), known(0.01)], wish)).toBeGreaterThan(
    detectableDifference([estimated(0.02, 10)], wish),
  );
});

describe("standard error over rounds", () => {
  const rounds = (logs: readonly number[], first: (i: number) => "base" | "head" | null) =>
    errorOfRounds(logs.map((log, i) => ({ log, first: first(i) })));
  test("without an order it is s / sqrt(K) with K - 1 degrees of freedom", () => {
    const error = rounds([1, 2, 3, 4], () => null);
    expect(error).toMatchObject({ df: 3, dataDf: 3 });
    expect(error.sd).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
  });
  test("balanced orders are each taken around their own mean", () => {
    // An effect of 10 between the orders: 0, 10, 1, 11 are 0, 1 and 10, 11.
    const error = rounds([0, 10, 1, 11], (i) => (i % 2 === 0 ? "base" : "head"));
    expect(error.df).toBe(2);
    expect(error.sd).toBeCloseTo(Math.sqrt(1 / 2 / 4), 12);
  });
  test.each([
    ["three against one", (i: number) => (i === 0 ? "head" : "base") as "head" | "base"],
    ["one unknown", (i: number) => (i === 0 ? null : i % 2 === 0 ? "base" : "head") as "head" | "base" | null],
  ])("not balanced (%s), they are one sample", (_, first) => expect(rounds([0, 10, 1, 11], first).df).toBe(3));
});
