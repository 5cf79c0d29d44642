import { describe, expect, test } from "vitest";
import { BucketCounter } from "../../../src/load/bucket-counts.ts";
import { undelayedP95 } from "../../../src/load/own-delay.ts";
import { userRandom } from "../../../src/load/random.ts";
import { micros } from "../../../src/units.ts";

const random = userRandom(7, 0, "values");
const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const N = 20_000;

const countsOf = (values: readonly number[]) => {
  const counter = new BucketCounter();
  for (const value of values) counter.record(micros(value * 1000));
  return counter.take();
};
const p95Of = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1] ?? 0;

/** Times in milliseconds of a target, and the delays of a generator whose thread waits for its core when it wakes up. */
const scene = (target: () => number, delay: () => number) => {
  const truth = Array.from({ length: N }, target);
  const measured = truth.map((time) => time + delay());
  // The timer turns a hundred times a second and waits like everybody.
  const late = Array.from({ length: 6000 }, delay);
  const undelayed = undelayedP95(countsOf(measured), [{ late: countsOf(late), seconds: 60 }]) ?? Number.NaN;
  return { truth: p95Of(truth), measured: p95Of(measured), undelayed };
};

const lognormal = (median: number, spread: number) => () => median * Math.exp(spread * gauss());

describe("p95 without the generator's own delays", () => {
  test.each<[string, () => number, () => number]>([
    ["rare long delays of a fast target", lognormal(1, 0.3), () => (random() < 0.04 ? 20 * random() : 0)],
    ["frequent delays of a few milliseconds", lognormal(20, 0.5), () => (random() < 0.3 ? 8 * random() : 0)],
    ["a core that is shared", lognormal(50, 0.3), () => (random() < 0.5 ? 12 * random() : 0)],
  ])("finds back most of the way: %s", (_, target, delay) => {
    const { truth, measured, undelayed } = scene(target, delay);
    expect(measured).toBeGreaterThan(truth * 1.01);
    expect(undelayed).toBeLessThan(measured);
    expect(Math.abs(undelayed - truth)).toBeLessThan(0.5 * (measured - truth) + 0.01 * truth);
  });

  test("leaves a calm generator's p95 as it is", () => {
    const { measured, undelayed } = scene(lognormal(20, 0.5), () => 0.3 * random());
    expect(Math.abs(measured - undelayed)).toBeLessThan(0.5);
  });

  test("does not take a target's own slow answers for delays", () => {
    // One answer in twelve is a cold start, far above the rest: no delay of 5 ms makes one of those.
    const target = () => (random() < 0.08 ? 300 : 10);
    const { truth, undelayed } = scene(target, () => (random() < 0.05 ? 5 : 0));
    expect(truth).toBe(300);
    expect(undelayed).toBeGreaterThan(290);
  });

  test("weighs a stall of the loop by its length: its timer turns once in it", () => {
    // 30 s of answers, 3 s of it in stalls of 100 ms: one answer in ten waited, 50 ms on average.
    const truth = Array.from({ length: N }, () => 10);
    const measured = truth.map((time) => time + (random() < 0.1 ? 100 * random() : 0));
    const late = [...Array.from({ length: 2700 }, () => 0), ...Array.from({ length: 30 }, () => 100)];
    const undelayed = undelayedP95(countsOf(measured), [{ late: countsOf(late), seconds: 30 }]) ?? 0;
    expect(p95Of(measured)).toBeGreaterThan(40);
    expect(undelayed).toBeLessThan(13);
  });

  test("is null without answers", () => {
    expect(undelayedP95(null, [])).toBeNull();
  });
});
