import { describe, expect, test } from "vitest";
import { BucketCounter, bucketValue } from "../../../src/load/bucket-counts.ts";
import { sumCounts } from "../../../src/load/histogram.ts";
import { micros } from "../../../src/units.ts";

const counted = (...values: readonly number[]) => {
  const counter = new BucketCounter();
  for (const value of values) counter.record(micros(value));
  return counter;
};

describe("a bucket counter", () => {
  test("hands out pairs of index and count, ascending, and starts again", () => {
    const counter = counted(7, 3, 7, 2047, 2048, 2049);
    expect(counter.total).toBe(6);
    // 2048 and 2049 share a bucket: it is 2 us wide from there on.
    expect([...(counter.take() ?? [])]).toEqual([3, 1, 7, 2, 2047, 1, 2048, 2]);
    expect(counter.take()).toBeNull();
    counter.record(micros(5));
    expect([...(counter.take() ?? [])]).toEqual([5, 1]);
  });

  test.each([
    [0, 1, "nothing takes a microsecond"],
    [-5, 1, "a clock that goes back"],
    [1e15, 86_400e6, "more than a day is a day"],
  ])("%d is counted as %d: %s", (value, counted_) => {
    const [index = -1] = counted(value).take() ?? [];
    expect(bucketValue(index)).toBeLessThanOrEqual(counted_);
    expect(bucketValue(index)).toBeGreaterThan(counted_ * 0.999 - 1);
  });

  test("adds what another handed out", () => {
    const sum = counted(1, 5_000_000);
    sum.add(counted(1, 9e9).take() ?? new Uint32Array());
    expect(sumCounts([sum.take()])).toMatchObject({ totalCount: 4 });
  });

  test("a second of a thousand requests takes a fraction of the whole array", () => {
    const values = Array.from({ length: 1000 }, (_, i) => 20_000 * Math.exp(Math.sin(i * 12.9898) * 0.7));
    expect(counted(...values).take()?.byteLength).toBeLessThan(8_500);
  });
});
