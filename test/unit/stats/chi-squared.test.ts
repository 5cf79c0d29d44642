import { describe, expect, test } from "vitest";
import { chiSquaredCdf, chiSquaredQuantile, sdInterval } from "../../../src/stats/chi-squared.ts";

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4: upper and lower critical values.
describe("chi-squared", () => {
  test.each([
    [0.025, 1, 0.00098],
    [0.05, 5, 1.145],
    [0.975, 5, 12.833],
    [0.025, 14, 5.629],
    [0.975, 14, 26.119],
    [0.99, 100, 135.807],
    [0.01, 100, 70.065],
  ])("%f of %i degrees of freedom lies below %f", (p, df, expected) => {
    expect(chiSquaredQuantile(p, df)).toBeCloseTo(expected, expected < 1 ? 5 : 3);
  });

  test("of two degrees of freedom is exponential", () => {
    for (const x of [0.01, 1, 5, 40]) expect(chiSquaredCdf(x, 2)).toBeCloseTo(1 - Math.exp(-x / 2), 12);
  });

  test("has nothing below 0", () => expect([chiSquaredCdf(0, 3), chiSquaredCdf(-1, 3)]).toEqual([0, 0]));
});

test("15 rounds know a spread within x0.73 and x1.58 (sqrt of 14 / 26.119 and of 14 / 5.629)", () => {
  const { low, high } = sdInterval({ sd: 1, df: 14 }, 0.95);
  expect(low).toBeCloseTo(0.732, 3);
  expect(high).toBeCloseTo(1.577, 3);
});
