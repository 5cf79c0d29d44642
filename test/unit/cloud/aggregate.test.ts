import { describe, expect, test } from "vitest";
import { aggregate } from "../../../src/cloud/aggregate.ts";
import { cart, type Figures, orders, served, valuesOf } from "./cloud-scene.ts";

const row = (figures: Figures, reconciled = false) => aggregate([orders], valuesOf([orders], [figures]), reconciled)[0];

describe("figures per function", () => {
  test("each statistic goes to its place", () => {
    expect(row(served(100, { errors: 2, throttles: 3 }))).toEqual({
      function: "orders",
      invocations: 100,
      errors: 2,
      throttles: 3,
      duration: { average: 12, p50: 11, p90: 15, p95: 18, p99: 30, max: 55 },
      concurrencyMax: 4,
    });
  });

  test("figures of two functions do not mix", () => {
    const [first, second] = aggregate([orders, cart], valuesOf([orders, cart], [served(1), served(2)]), false);
    expect([first?.function, first?.invocations, second?.function, second?.invocations]).toEqual([
      "orders",
      1,
      "cart",
      2,
    ]);
  });
});

describe("missing is not zero", () => {
  test("no datapoint anywhere is null everywhere", () => {
    const none = row({});
    expect(none).toMatchObject({ invocations: null, errors: null, throttles: null, concurrencyMax: null });
    expect(Object.values(none?.duration ?? {})).toEqual(Array(6).fill(null));
  });
  test("silent Errors and Throttles are 0 where Invocations are there", () => {
    expect(row({ invocations: 7 })).toMatchObject({ errors: 0, throttles: 0 });
  });
  test("throttles alone leave Invocations open", () => {
    expect(row({ throttles: 7 })).toMatchObject({ invocations: null, errors: null, throttles: 7 });
  });
  test("throttles that account for every request prove that nothing was invoked", () => {
    expect(row({ throttles: 7 }, true)).toMatchObject({ invocations: 0, errors: 0, throttles: 7 });
    expect(row({}, true)).toMatchObject({ invocations: null, throttles: null });
  });
});
