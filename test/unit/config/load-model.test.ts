import { describe, expect, it } from "vitest";
import { explainConfig } from "../../../src/config/explain.ts";
import { configOf, problemsOf, yaml } from "./sources.ts";

describe("an open model", () => {
  it.each([
    ["200/s", 200, "constant"],
    ["0.5", 0.5, "constant"],
    ["200/s poisson", 200, "poisson"],
    ["200 constant", 200, "constant"],
  ])("rate %s", (text, perSecond, spacing) => {
    expect(configOf({ rate: text }).load.rate).toEqual({ perSecond, spacing });
  });

  it.each<[Record<string, string>, number, string]>([
    [{ rate: "5/s" }, 20, "never fewer than the plain default"],
    [{ rate: "200/s" }, 200, "a second of arrivals"],
    [{ rate: "50000/s" }, 10_000, "not without end"],
    [{ stages: "30s:10-300/s" }, 300, "a second of the highest level"],
    [{ rate: "200/s", users: "40" }, 40, "what is given holds"],
  ])("%j has a pool of %i users: %s", (inputs, users) => {
    expect(configOf(inputs).load.users).toBe(users);
  });
});

describe("stages", () => {
  const load = {
    users: 100,
    runTime: 90,
    stages: {
      of: "users",
      profile: [
        { seconds: 30, from: 0, to: 100 },
        { seconds: 60, from: 100, to: 100 },
      ],
    },
  };

  it("say how long the load is and how many users it has at most", () => {
    expect(configOf({ stages: "30s:0-100u, 60s:100u" }).load).toMatchObject(load);
  });

  it.each([
    "load: { stages: '30s:0-100u, 60s:100u' }",
    "load: { stages: ['30s:0-100u', '1m:100u'] }",
    "load:\n  stages:\n    - { duration: 30s, users: 0-100 }\n    - { users: 100, duration: 60s }",
  ])("read the same from the file: %j", (text) => {
    expect(configOf({}, { file: yaml(text) }).load).toMatchObject(load);
  });

  it.each([
    "[{ duration: 30s }]",
    "[{ duration: 30s, users: 5, rate: 5 }]",
    "[{ duration: 30s, users: 5, spawn-rate: 1 }]",
    "[{ duration: 30s, users: [5] }]",
  ])("refuse %s", (stages) => {
    expect(problemsOf({}, { file: yaml(`load: { stages: ${stages} }`) })).toEqual([
      "bad-value: load.stages in gate.yml holds a value that is not one line of text.",
    ]);
  });

  it("take a rate with or without its unit", () => {
    const { load } = configOf(
      {},
      { file: yaml("load: { stages: [{ duration: 5s, rate: 1-2/s }, { duration: 5s, rate: 2 }] }") },
    );
    expect(load.stages).toMatchObject({
      of: "rate",
      profile: [
        { from: 1, to: 2 },
        { from: 2, to: 2 },
      ],
    });
  });
});

describe("inputs that say the same twice", () => {
  it.each<[Record<string, string>, string]>([
    [{ stages: "9s:5u", rate: "5/s" }, "stages and rate are both given, and stages say what the rate is over time."],
    [
      { stages: "9s:5u", "run-time": "9s" },
      "stages and run-time are both given, and stages last as long as they say themselves.",
    ],
    [
      { stages: "9s:5u", users: "5" },
      "stages and users are both given, and stages say how many users there are over time.",
    ],
    [{ stages: "9s:5u", "spawn-rate": "5" }, "stages and spawn-rate are both given, and stages say when users start."],
    [
      { rate: "5/s", "spawn-rate": "5" },
      "rate and spawn-rate are both given, and at a rate of arrivals all users are there from the start.",
    ],
    [
      { stages: "9s:5/s", "wait-time": "constant(1)" },
      "stages and wait-time are both given, and at a rate of arrivals users take the next arrival without a wait.",
    ],
  ])("%j", (inputs, sentence) => {
    expect(problemsOf(inputs)).toEqual([`conflicting-values: ${sentence}`]);
  });

  it("a pool for a rate, and for stages of one, is no conflict; nor is a default", () => {
    expect(problemsOf({ rate: "5/s", users: "50", "run-time": "30s" })).toEqual([]);
    expect(problemsOf({ stages: "30s:5/s", users: "50" })).toEqual([]);
    expect(problemsOf({ stages: "30s:5u", "wait-time": "constant(1)" })).toEqual([]);
  });
});

describe("what will happen", () => {
  const explained = (inputs: Record<string, string>): string => explainConfig(configOf(inputs)).join("\n");

  it.each<[Record<string, string>, RegExp]>([
    [
      { rate: "200/s poisson" },
      /^Then requests start at 200\/s poisson, taken by a pool of 200 users; what finds nobody free is dropped and counted: GET https:\/\/preview\.example\.com\/\.$/m,
    ],
    [{ rate: "200/s" }, /^In 1m that is about 12,000 requests; 60 seconds of it are at the highest level\.$/m],
    [
      { stages: "30s:0-100u, 60s:100u" },
      /^Then users follow the stages 30s:0-100u, 1m:100u: GET .*between requests\.$/m,
    ],
    [{ stages: "30s:0-100u, 30s:100-0u" }, /no whole second is at the highest level/],
    [{ "pre-warm": "50" }, /^Just before the measurement 50 requests are sent at once, outside of it\.$/m],
    [{ "stop-if": "failure-rate > 50% for 10s" }, /^The load ends early when failure-rate > 50% for 10s\.$/m],
  ])("%j", (inputs, sentence) => {
    expect(explained(inputs)).toMatch(sentence);
  });
});
