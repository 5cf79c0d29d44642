import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/judge/verdict.ts";
import {
  countOf,
  formatBytes,
  formatChange,
  formatDetectable,
  formatDuration,
  formatInterval,
  formatMove,
  formatShare,
  formatValue,
  sixDigits,
} from "../../../src/report/format.ts";

const ratio = (value: number, low = value, high = value): Change => ({ kind: "ratio", ratio: value, low, high });
const points = (value: number, low = value, high = value): Change => ({ kind: "points", points: value, low, high });

describe("values with their unit", () => {
  it.each([
    ["milliseconds below 1 keep two decimals", "ms", 0.237, "0.24 ms"],
    ["below 100 one", "ms", 21.44, "21.4 ms"],
    ["99.96 would print as 100.0, so it loses its decimal too", "ms", 99.96, "100 ms"],
    ["from 100 on none", "ms", 733.4, "733 ms"],
    ["thousands are separated", "ms", 1234567.8, "1,234,568 ms"],
    ["nothing is 0", "share", 0, "0 %"],
    ["a small share keeps its digits", "share", 0.00104, "0.104 %"],
    ["a share that exists is not printed as 0", "share", 0.000001, "<0.001 %"],
    ["a large share needs one decimal", "share", 0.1234, "12.3 %"],
    ["all is 100 %", "share", 1, "100 %"],
    ["a rate", "rps", 48.23, "48.2/s"],
    ["half an environment is one", "environments", 84.2076, "85"],
    ["the last bits of a product are no environment", "environments", 12.000000000001, "12"],
    ["a dollar amount below one keeps four decimals", "usd", 0.20346, "0.2035 USD"],
    ["larger ones two", "usd", 1234.5, "1,234.50 USD"],
  ] as const)("%s", (_, unit, value, text) => {
    expect(formatValue(unit, value)).toBe(text);
  });

  it("never uses scientific notation, whatever the size", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("ms", "share", "rps", "environments", "usd", "count"),
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        (unit, value) => {
          expect(formatValue(unit, value)).not.toMatch(/\de[+-]?\d|NaN|Infinity/);
        },
      ),
    );
  });
});

describe("changes", () => {
  it.each([
    ["a rise in per cent", ratio(1.142, 1.098, 1.187), ["+14.2 %", "+9.8 % to +18.7 %", "rose 14.2 %"]],
    ["above +100 % as a factor", ratio(34.25, 31.9, 36.8), ["x34.3", "x31.9 to x36.8", "rose 34-fold"]],
    ["a small factor keeps a decimal", ratio(2.44, 1.6, 3.1), ["x2.4", "+60.0 % to x3.1", "rose 2.4-fold"]],
    ["a fall", ratio(0.0295, 0.027, 0.031), ["-97.0 %", "-97.3 % to -96.9 %", "fell 97.0 %"]],
    ["what is left is not nothing", ratio(0.0001), ["-99.9 %", "-99.9 % to -99.9 %", "fell 99.9 %"]],
    ["no change has no sign", ratio(1), ["0.0 %", "0.0 % to 0.0 %", "did not change"]],
    ["points", points(0.066, 0.0561, 0.0774), ["+6.60 pp", "+5.61 pp to +7.74 pp", "rose 6.60 pp"]],
    ["fewer failures", points(-0.0052, -0.0071, 0), ["-0.52 pp", "-0.71 pp to 0.00 pp", "fell 0.52 pp"]],
    [
      "an interval without an end says so",
      ratio(1.5, 0.9, Infinity),
      ["+50.0 %", "-10.0 % to unbounded", "rose 50.0 %"],
    ],
  ] as const)("%s", (_, change, texts) => {
    expect([formatChange(change), formatInterval(change), formatMove(change)]).toEqual(texts);
  });
});

describe("detectable effects are rounded away from 0", () => {
  it.each([
    ["a share", ["ms", "up", 0.6511], "+66 %"],
    ["a small one keeps a decimal", ["ms", "up", 0.0541], "+5.5 %"],
    ["an exact one stays", ["ms", "up", 0.18], "+18 %"],
    ["more than a doubling is a factor", ["ms", "up", 1.41], "x2.5"],
    ["points", ["share", "up", 0.00611], "+0.62 pp"],
    ["less is worse", ["rps", "down", 0.2], "-20 %"],
  ] as const)("%s", (_, [unit, worse, effect], text) => {
    expect(formatDetectable(unit, worse, effect)).toBe(text);
  });
});

describe("other figures", () => {
  it.each([
    [0, "0s"],
    [0.5, "500ms"],
    [55, "55s"],
    [60, "1m"],
    [90, "1m30s"],
    [3600, "1h"],
    [3725, "1h2m5s"],
  ])("%d seconds read %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [999, "999 B"],
    [374_040, "374 kB"],
    [3_013_100, "3 MB"],
    [12_500_000_000, "12.5 GB"],
  ])("%d bytes read %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("one run is not one runs", () => {
    expect([countOf(0, "run"), countOf(1, "run"), countOf(1200, "run")]).toEqual(["0 runs", "1 run", "1,200 runs"]);
  });

  it("a whole share needs no decimals", () => {
    expect(formatShare(0.95)).toBe("95 %");
  });

  it.each([
    [701.7312345, 701.731],
    [0.000123456789, 0.000123457],
    [-0, 0],
    [Number.POSITIVE_INFINITY, null],
    [Number.NaN, null],
  ])("%d has six significant digits or is null", (value, digits) => {
    expect(sixDigits(value)).toBe(digits);
  });
});
