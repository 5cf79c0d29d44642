import { describe, expect, test } from "vitest";
import { serialCorrelation, widenedFor } from "../../../src/stats/serial-correlation.ts";

const spread = { sd: 0.1, df: 19, dataDf: 19 };

describe("correlation of neighbours", () => {
  test.each([
    ["values that alternate are no reason for a narrower interval", [[1, 2, 1, 2, 1, 2]], 0],
    ["equal values have none", [[3, 3, 3, 3]], 0],
    ["a single value has no neighbour", [[3]], 0],
    // Deviations -1.5, -0.5, 0.5, 1.5: 0.75 - 0.25 + 0.75 over 5 is 0.25; (1 + 4 x 0.25) / 4 comes on top.
    ["a rise, with the bias of few values taken off", [[1, 2, 3, 4]], 0.75],
    ["a long rise is a drift and no correlation", [Array.from({ length: 40 }, (_, i) => i)], 0.8],
    // Each around its own mean: 2 x 1.25 over 10 is 0.25; 8 values.
    [
      "a step between two samples is none of it",
      [
        [1, 2, 3, 4],
        [101, 102, 103, 104],
      ],
      0.5,
    ],
  ])("%s", (_, groups, expected) => expect(serialCorrelation(groups)).toBeCloseTo(expected, 12));
});

describe("spread of values that resemble their neighbours", () => {
  test("independent ones are left alone", () => expect(widenedFor(0, 20, spread)).toEqual(spread));
  test("as is one value", () => expect(widenedFor(0.5, 1, spread)).toEqual(spread));
  test("two values, by hand", () => {
    // D = 1.5, C = (0.5 + 0.25) / 2: (1 + 0.75 - 0.75) / 1.5 over (1 - 0.75) x 2.
    const widened = widenedFor(0.5, 2, spread);
    expect(widened.sd).toBeCloseTo(0.1 * Math.sqrt(1 / 1.5 / 0.5), 12);
    expect(widened.df).toBeCloseTo(19 * 0.6, 12);
  });
  test("the more they resemble each other, the wider and the less sure; never narrower", () => {
    const rising = [0, 0.1, 0.3, 0.5, 0.7, 0.8].map((rho) => widenedFor(rho, 20, spread));
    for (const [i, next] of rising.slice(1).entries()) {
      expect(next.sd).toBeGreaterThanOrEqual(rising[i]?.sd ?? 0);
      expect(next.df).toBeLessThan(rising[i]?.df ?? 0);
    }
  });
});
