import { describe, expect, test } from "vitest";
import { incompleteBeta } from "../../../src/stats/beta.ts";
import { logChoose, logGamma } from "../../../src/stats/gamma.ts";
import { normalCdf, normalQuantile } from "../../../src/stats/normal.ts";
import { studentCdf, studentQuantile, studentTail } from "../../../src/stats/student.ts";

describe("log gamma and binomial coefficients", () => {
  test.each([
    ["half is the root of pi", 0.5, Math.log(Math.sqrt(Math.PI))],
    ["five is 4!", 5, Math.log(24)],
    ["a quarter (Abramowitz and Stegun 6.1.10: 3.6256099082)", 0.25, Math.log(3.6256099082)],
    ["101 is 100! (A&S table 6.3: 9.332621544e157)", 101, Math.log(9.33262154439441e157)],
  ])("%s", (_, x, expected) => expect(logGamma(x)).toBeCloseTo(expected, 10));

  test("52 choose 5 are the poker hands", () => expect(Math.exp(logChoose(52, 5))).toBeCloseTo(2_598_960, 3));
});

describe("incomplete beta", () => {
  // Closed forms: I_x(1, b) = 1 - (1 - x)^b, I_x(2, 3) = 6x^2 - 8x^3 + 3x^4.
  test.each([
    ["a = 1", { x: 0.3, a: 1, b: 4 }, 1 - 0.7 ** 4],
    ["a = 2, b = 3 at one half", { x: 0.5, a: 2, b: 3 }, 0.6875],
    ["arcsine law", { x: 0.25, a: 0.5, b: 0.5 }, 1 / 3],
    ["left end", { x: 0, a: 2, b: 3 }, 0],
    ["right end", { x: 1, a: 2, b: 3 }, 1],
  ])("%s", (_, { x, a, b }, expected) => expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 12));
});

describe("normal distribution (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1)", () => {
  test.each([
    [0, 0.5],
    [1, 0.84134],
    [1.96, 0.975],
    [3, 0.99865],
    [-2.5, 0.00621],
  ])("P(Z <= %f)", (z, p) => expect(normalCdf(z)).toBeCloseTo(p, 5));

  test("the far tail keeps its relative precision (A&S table 26.2: Q(6) = 9.8659e-10)", () =>
    expect(normalCdf(-6) / 9.8659e-10).toBeCloseTo(1, 4));

  test.each([
    [0.9, 1.28155],
    [0.975, 1.95996],
    [0.999, 3.09023],
    [0.0005, -3.29053],
  ])("quantile %f", (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 5));
});

describe("Student's t (NIST/SEMATECH e-Handbook, 1.3.6.7.2; 0.9975: Beyer, CRC Standard Mathematical Tables)", () => {
  test.each([
    [0.95, 1, 6.314],
    [0.975, 1, 12.706],
    [0.975, 10, 2.228],
    [0.99, 5, 3.365],
    [0.995, 14, 2.977],
    [0.999, 2, 22.327],
    [0.999, 30, 3.385],
    [0.9975, 10, 3.581],
    [0.9975, 20, 3.153],
  ])("quantile %f with %i degrees of freedom", (p, df, t) => expect(studentQuantile(p, df)).toBeCloseTo(t, 3));

  test("one degree of freedom is Cauchy's distribution", () =>
    expect(studentCdf(3, 1)).toBeCloseTo(0.5 + Math.atan(3) / Math.PI, 12));
  test("without end it is the normal distribution", () =>
    expect(studentQuantile(0.9, Number.POSITIVE_INFINITY)).toBeCloseTo(1.28155, 5));
  test("an infinite distance has no tail", () => expect(studentTail(Number.POSITIVE_INFINITY, 10)).toBe(0));
});
