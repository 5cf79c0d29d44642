import { describe, expect, test } from "vitest";
import { detectableDifference, halfWidth } from "../../../src/stats/error-parts.ts";
import { holmLevels } from "../../../src/stats/holm.ts";
import { combinedSpread, differenceError } from "../../../src/stats/prediction.ts";

describe("Holm's levels", () => {
  const rejected = (pValues: readonly number[], caps = pValues.map(() => 1)) => {
    const levels = holmLevels(pValues, 0.05, caps);
    return pValues.map((p, i) => p <= (levels[i] ?? 0));
  };
  test("the usual example rejects the two smallest and stops", () =>
    expect(rejected([0.01, 0.04, 0.03, 0.005])).toEqual([true, false, false, true]));
  test("a value that would pass alone waits behind one that does not", () =>
    expect(rejected([0.03, 0.04])).toEqual([false, false]));
  test("the cap is the softest level of all", () =>
    expect(rejected([0.004, 0.02], [0.01, 0.01])).toEqual([true, false]));
  test("each has a cap of its own", () => expect(rejected([0.004, 0.02], [0.001, 0.025])).toEqual([false, true]));
  test("nothing to test", () => expect(holmLevels([], 0.05, [])).toEqual([]));
});

describe("spread with a prior", () => {
  const prior = { sd: 0.1, weight: 10 };
  test("one run shows none: the prior stands in", () =>
    expect(combinedSpread([[4.2]], prior)).toEqual({ sd: 0.1, df: 10, dataDf: 0 }));
  test("s^2 = (10 * 0.1^2 + SS) / (10 + df), each group around its own mean", () => {
    // SS of 1, 2, 3 is 2 with 2 degrees of freedom; of 10, 12 it is 2 with 1.
    const spread = combinedSpread(
      [
        [1, 2, 3],
        [10, 12],
      ],
      prior,
    );
    expect(spread.sd ** 2).toBeCloseTo((0.1 + 4) / 13, 12);
    expect(spread).toMatchObject({ df: 13, dataDf: 3 });
  });
  test("without a weight the data speak alone", () =>
    expect(combinedSpread([[1, 2, 3]], { sd: 9, weight: 0 })).toEqual({ sd: 1, df: 2, dataDf: 2 }));
});

describe("prediction interval and detectable difference", () => {
  const spread = { sd: 0.1, df: 10, dataDf: 0 };
  const wish = { level: 0.0025, power: 0.9, limit: 0 };
  test("half width t * s * sqrt(1/n + 1/m) with t(10) = 2.228", () =>
    expect(halfWidth([differenceError(spread, 1, 1)], 0.025)).toBeCloseTo(2.228 * 0.1 * Math.SQRT2, 4));
  test("with a known spread the bound and one 90 % quantile of the normal add up", () =>
    expect(detectableDifference([spread], wish)).toBeCloseTo((3.5814 + 1.28155) * 0.1, 4));
  test("a limit beyond the bound needs the estimate beyond the limit", () =>
    expect(detectableDifference([{ ...spread, sd: 0.01 }], { ...wish, limit: 0.5 })).toBeCloseTo(0.5128, 4));
  test("a spread that itself had to be estimated makes it larger", () => {
    const learned = { sd: 0.1, df: 10, dataDf: 10 };
    expect(detectableDifference([learned], wish)).toBeGreaterThan(detectableDifference([spread], wish));
  });
});
