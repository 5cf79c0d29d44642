import { describe, expect, test } from "vitest";
import {
  decodeHistogram,
  encodeHistogram,
  mergeEncoded,
  newHistogram,
  quantile,
  recordLatency,
  summarise,
} from "../../../src/load/histogram.ts";
import { micros } from "../../../src/units.ts";

const of = (...values: readonly number[]) => {
  const histogram = newHistogram();
  for (const value of values) recordLatency(histogram, micros(value));
  return histogram;
};

test("percentiles are the value at rank ceil(q x n)", () => {
  const twenty = of(...Array.from({ length: 20 }, (_, i) => (i + 1) * 10));
  expect(summarise(twenty)).toMatchObject({ count: 20, p50: 0.1, p90: 0.18, p95: 0.19, p99: 0.2, min: 0.01, max: 0.2 });
  expect(summarise(twenty).mean).toBeCloseTo(0.105, 9);
});

test("nothing measured is null, not 0", () => {
  const { histogram, ...numbers } = summarise(newHistogram());
  expect(numbers).toEqual({ count: 0, p50: null, p90: null, p95: null, p99: null, min: null, max: null, mean: null });
  expect(decodeHistogram(histogram)?.totalCount).toBe(0);
  expect(quantile(newHistogram(), 0.5)).toBeNull();
});

describe("the range", () => {
  test("values outside are kept at its ends", () => {
    expect(quantile(of(0), 1)).toBe(1);
    expect(quantile(of(-5), 1)).toBe(1);
    expect(Number(quantile(of(1e15), 1)) / 86_400e6).toBeCloseTo(1, 3);
  });

  test("a histogram grows beyond a minute and merges with one that has not", () => {
    const merged = mergeEncoded([encodeHistogram(of(1000, 3_600e6)), encodeHistogram(of(2000))]);
    expect(merged.totalCount).toBe(3);
    expect(quantile(merged, 0.5)).toBe(2000);
    expect(Number(quantile(merged, 1)) / 3_600e6).toBeCloseTo(1, 3);
  });

  test("a decoded histogram grows, too", () => {
    const decoded = decodeHistogram(encodeHistogram(of(1000)));
    if (decoded === null) throw new Error("not decoded");
    recordLatency(decoded, micros(3_600e6));
    expect(decoded.totalCount).toBe(2);
  });
});

test("min, max and percentiles survive encoding and merging in any order", () => {
  const a = of(1234, 5678, 91_011);
  const b = of(77, 4_567_890);
  const whole = summarise(of(1234, 5678, 91_011, 77, 4_567_890));
  expect(summarise(mergeEncoded([encodeHistogram(a), encodeHistogram(b)]))).toEqual(whole);
  expect(summarise(mergeEncoded([encodeHistogram(b), encodeHistogram(a)]))).toEqual(whole);
});

test.each([
  ["", "empty"],
  ["hello", "not base64 of a histogram"],
  ["HISTFAAAAA==", "cut off"],
  ["A".repeat(300_000), "longer than any honest one"],
])("%# is not decoded", (text) => {
  expect(decodeHistogram(text)).toBeNull();
});

test("an unreadable part is never left out of a sum", () => {
  expect(() => mergeEncoded([encodeHistogram(of(1)), "garbage"])).toThrow("cannot be decoded");
});
