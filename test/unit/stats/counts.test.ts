import { describe, expect, test } from "vitest";
import { binomialUpper, fisherHigher } from "../../../src/stats/exact-tests.ts";
import { differenceInterval, wilsonInterval } from "../../../src/stats/proportions.ts";

const of = (events: number, trials: number) => ({ events, trials });

describe("exact conditional test", () => {
  test.each([
    [
      "the lady tasting tea, 3 of 4 right (Fisher, The Design of Experiments, 1935): 17/70",
      of(3, 4),
      of(1, 4),
      17 / 70,
    ],
    ["all 4 right: 1/70", of(4, 4), of(0, 4), 1 / 70],
    ["fewer than half right", of(1, 4), of(3, 4), 69 / 70],
    [
      "Lange's twins (Fisher 1935, The logic of inductive inference): 10 of 13 against 2 of 17",
      of(10, 13),
      of(2, 17),
      619 / 1_330_665,
    ],
    ["no events on either side prove nothing", of(0, 2000), of(0, 2000), 1],
    ["nothing but events on either side", of(5, 5), of(5, 5), 1],
    ["no trials at all", of(0, 0), of(3, 10), 1],
  ])("%s", (_, a, b, p) => expect(fisherHigher(a, b)).toBeCloseTo(p, 9));

  test("from 0 of 2,000 seven failures are the fewest below 1 % (reference/ci-gates.md 11.2)", () => {
    expect(fisherHigher(of(7, 2000), of(0, 2000))).toBeLessThan(0.01);
    expect(fisherHigher(of(6, 2000), of(0, 2000))).toBeGreaterThan(0.01);
  });
  test("from 5 of 5,000 seventeen are", () => {
    expect(fisherHigher(of(17, 5000), of(5, 5000))).toBeLessThan(0.01);
    expect(fisherHigher(of(16, 5000), of(5, 5000))).toBeGreaterThan(0.01);
  });
});

describe("exact binomial test", () => {
  test.each([
    ["8 heads of 10 or more: 56/1024", of(8, 10), 0.5, 56 / 1024],
    ["at least none is certain", of(0, 10), 0.1, 1],
    ["one event where none is allowed", of(1, 1000), 0, 0],
    ["all of 3", of(3, 3), 0.2, 0.008],
  ])("%s", (_, tally, share, p) => expect(binomialUpper(tally, share)).toBeCloseTo(p, 12));
});

describe("Wilson's interval (Newcombe, Stat. Med. 17:857, 1998, table I, method 3)", () => {
  test.each([
    [of(81, 263), 0.2553, 0.3662],
    [of(15, 148), 0.0624, 0.1605],
    [of(0, 20), 0, 0.1611],
    [of(1, 29), 0.0061, 0.1718],
  ])("%o", (tally, low, high) => {
    expect(wilsonInterval(tally, 0.95).low).toBeCloseTo(low, 4);
    expect(wilsonInterval(tally, 0.95).high).toBeCloseTo(high, 4);
  });
});

describe("difference of two shares (Newcombe, Stat. Med. 17:873, 1998, table II, method 10)", () => {
  test.each([
    [of(56, 70), of(48, 80), 0.0524, 0.3339],
    [of(9, 10), of(3, 10), 0.1705, 0.809],
    [of(6, 7), of(2, 7), 0.0582, 0.8062],
    [of(5, 56), of(0, 29), -0.0381, 0.1926],
    [of(0, 10), of(0, 20), -0.1611, 0.2775],
    [of(10, 10), of(0, 20), 0.6791, 1],
  ])("%o minus %o", (a, b, low, high) => {
    expect(differenceInterval(a, b, 0.95).low).toBeCloseTo(low, 4);
    expect(differenceInterval(a, b, 0.95).high).toBeCloseTo(high, 4);
  });
});
