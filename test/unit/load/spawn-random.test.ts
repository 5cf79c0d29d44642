import { describe, expect, test } from "vitest";
import { userRandom, weightedPick } from "../../../src/load/random.ts";
import { spawnTime, steadyFrom, usersOfWorker } from "../../../src/load/spawn.ts";
import { perSecond } from "../../../src/units.ts";

describe("spawning", () => {
  test("user k starts at k / rate", () => {
    expect([0, 1, 5].map((user) => spawnTime(user, perSecond(2)))).toEqual([0, 0.5, 2.5]);
  });

  test.each([
    [20, 4, 5],
    [10, 10, 1],
    [1, 100, 1],
    [7, 2, 4],
    [3, 0.5, 6],
  ])("%i users at %d/s are all there from second %i on", (users, rate, second) => {
    expect(steadyFrom(users, perSecond(rate))).toBe(second);
  });

  test("workers take every k with k mod count = index", () => {
    expect([0, 1, 2].map((index) => usersOfWorker(7, index, 3))).toEqual([
      [0, 3, 6],
      [1, 4],
      [2, 5],
    ]);
    expect(usersOfWorker(1, 1, 2)).toEqual([]);
    expect(usersOfWorker(1, 3, 4)).toEqual([]);
  });
});

describe("random numbers", () => {
  const take = (seed: number, user: number, stream: "picks" | "waits") => {
    const next = userRandom(seed, user, stream);
    return Array.from({ length: 8 }, next);
  };

  test("the same seed, user and stream give the same numbers", () => {
    expect(take(1, 3, "picks")).toEqual(take(1, 3, "picks"));
  });

  test.each([
    ["seed", take(2, 3, "picks")],
    ["large seed", take(1 + 2 ** 32, 3, "picks")],
    ["user", take(1, 4, "picks")],
    ["stream", take(1, 3, "waits")],
  ])("another %s gives other numbers", (_, other) => {
    expect(other.filter((value) => take(1, 3, "picks").includes(value))).toEqual([]);
  });

  test("first numbers of neighbouring users are spread evenly", () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let user = 0; user < 10_000; user++) {
      const tenth = Math.floor(userRandom(1, user, "picks")() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // 1000 expected, standard deviation 30.
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("picks follow the weights", () => {
    const pick = weightedPick([1, 0, 3]);
    expect([0, 0.2, 0.25, 0.5, 0.999].map(pick)).toEqual([0, 0, 2, 2, 2]);
    expect(weightedPick([5])(0.99)).toBe(0);
  });
});
