import { describe, expect, it } from "vitest";
import { configOf, problemsOf } from "../config/sources.ts";

describe("shard and mode", () => {
  it("a shard alone is the mode", () => {
    const { mode, shard } = configOf({ shard: "2/4" });
    expect([mode, shard]).toEqual(["shard", { index: 2, count: 4 }]);
  });

  it("merge needs no url and no load", () => {
    expect(problemsOf({ mode: "merge", url: "" })).toEqual([]);
  });

  it.each([
    ["a shard beyond the last", { shard: "5/4" }, "bad-value: shard is 5/4, and there is no such shard."],
    ["more shards than GitHub starts", { shard: "1/300" }, "bad-value: shard is 1/300, and there is no such shard."],
    ["counting from 0", { shard: "0/4" }, 'bad-value: shard is "0/4", which is not a shard and how many there are.'],
    ["no shard", { mode: "shard" }, "missing-value: mode is shard, and shard does not say which one."],
    ["a shard that merges", { mode: "merge", shard: "1/4" }, "conflicting-values: shard is given, and mode is merge."],
    ["a shard that judges", { mode: "gate", shard: "1/4" }, "conflicting-values: shard is given, and mode is gate."],
    [
      "a shard without a user",
      { shard: "4/4", users: "3", "spawn-rate": "3" },
      "conflicting-values: Shard 4/4 has none of the 3 users.",
    ],
  ])("%s is refused", (_, inputs, sentence) => {
    expect(problemsOf(inputs)).toEqual([sentence]);
  });
});
