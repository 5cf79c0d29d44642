import { describe, expect, it } from "vitest";
import { explainConfig, foreseenTooFew } from "../../../src/config/explain.ts";
import { configOf, problemsOf, yaml } from "./sources.ts";

const BASE = { "base-url": "https://base.example.com" };
/** Six rounds of 2 x (5 + 20 + 1) s and two warm-ups of 5 s. */
const LEAST = "5m22s";

describe("inputs of paired mode", () => {
  it("have their defaults, and base-url beside the target", () => {
    const { target, baseline, aws } = configOf({ ...BASE, functions: "orders:pr", "base-functions": "orders:live" });
    expect(target.baseUrl).toBe("https://base.example.com/");
    expect([baseline.segmentTime, baseline.maxDuration]).toEqual([20_000, 900_000]);
    expect(aws.baseFunctions.map(({ label }) => label)).toEqual(["orders:live"]);
  });

  it("stand in the config file in their sections", () => {
    const file = yaml(
      "target: {base-url: https://b.example}\naws: {base-functions: [a, b]}\nbaseline: {segment-time: 30s, max-duration: 20m}",
    );
    const { target, baseline, aws } = configOf({}, { file });
    expect([target.baseUrl, aws.baseFunctions.length]).toEqual(["https://b.example/", 2]);
    expect([baseline.segmentTime, baseline.maxDuration]).toEqual([30_000, 1_200_000]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "functions of no base",
      { "base-functions": "orders" },
      "missing-value: base-functions is given and base-url is not.",
    ],
    [
      "stages",
      { ...BASE, stages: "30s:0-10u" },
      "conflicting-values: base-url and stages are both given, and rounds are measured with all users at one level.",
    ],
    [
      "a shard",
      { ...BASE, shard: "1/4" },
      "conflicting-values: base-url is given, and rounds are measured from one machine: they cannot be shards.",
    ],
    [
      "a time in which nothing can be decided",
      { ...BASE, "max-duration": "5m" },
      `conflicting-values: max-duration is 5m, and the 6 rounds that can decide anything take ${LEAST} at least.`,
    ],
    [
      "functions of two regions",
      {
        ...BASE,
        functions: "arn:aws:lambda:eu-west-1:123456789012:function:a",
        "base-functions": "arn:aws:lambda:us-east-1:123456789012:function:a",
      },
      "conflicting-values: The functions and aws-region name 2 regions (eu-west-1, us-east-1); one gate reads one region.",
    ],
    ["a base at a metadata address", { "base-url": "http://169.254.169.254/" }, "host-not-allowed"],
  ])("refuse %s", (_, inputs, sentence) => expect(problemsOf(inputs)).toEqual([expect.stringContaining(sentence)]));

  it.each<[string, Record<string, string>]>([
    ["just enough time", { ...BASE, "max-duration": LEAST }],
    ["less time where segments are shorter", { ...BASE, "max-duration": "2m", "segment-time": "3s" }],
    ["less time where users start faster", { ...BASE, "max-duration": "5m", "spawn-rate": "20" }],
    ["a rate, whose users are there from the start", { ...BASE, "max-duration": "5m", rate: "50/s" }],
    [
      "a ramp that run-time would be too short for: it is not used",
      { ...BASE, users: "20", "spawn-rate": "2", "run-time": "5s" },
    ],
    ["no stored baseline", { ...BASE, baseline: "none" }],
    ["a short max-duration where nothing is measured in rounds", { "max-duration": "10s" }],
  ])("take %s", (_, inputs) => expect(problemsOf(inputs)).toEqual([]));

  it("are not held against a command that sends nothing", () =>
    expect(problemsOf({ ...BASE, "max-duration": "5m" }, { needsTarget: false })).toEqual([]));

  it("keep a secret of the base's address out of everything, too", () => {
    const config = configOf({ "base-url": `https://b.example/?key=\${KEY}` }, { env: { KEY: "hidden-value" } });
    expect(config.secrets).toContain("hidden-value");
  });
});

describe("what is said before", () => {
  it("names both sides, the segments and the bounds", () => {
    expect(explainConfig(configOf({ ...BASE, functions: "a", "base-functions": "b" })).slice(0, 8)).toEqual([
      "First https://preview.example.com/ is probed until it answers 200-399 three times in a row, for at most 5m.",
      "Then https://base.example.com/ is probed likewise.",
      "One user warms up for 5s on each side, outside the measurement.",
      "Then base (https://base.example.com/) and head (https://preview.example.com/) are measured in turns: 20 users, 4 started per second, constant(0.5) between requests.",
      "Each segment is measured for 20s with all users, after 5s that are not, on new connections; a round of two takes 52s.",
      "After 6, 12, 18 and 24 rounds it ends if all that gates is decided, and after 15m in any case.",
      "Nothing is sent if the run would cost more than 1 US dollar (max-cost).",
      "CloudWatch is asked for a, b, for at most 3m after the load.",
    ]);
  });

  it("counts what a segment can hold: a tenth of what a percentile needs in all", () => {
    expect(foreseenTooFew(configOf(BASE))).toEqual([]);
    // One user every half second: 4 in 2 s, and p50 needs 10 in each segment.
    const few = foreseenTooFew(configOf({ ...BASE, users: "1", "segment-time": "2s" }));
    expect(few).toEqual([
      "These are too few requests to judge p50 (100), p90 (200), p95 (400): make segment-time longer, wait-time shorter, or users more.",
    ]);
  });
});
