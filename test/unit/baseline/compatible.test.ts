import { describe, expect, test } from "vitest";
import { loadDifferences } from "../../../src/baseline/compatible.ts";
import type { TestFingerprint } from "../../../src/record/record.ts";
import { summary } from "./sample-summary.ts";

const fingerprint = (some: Partial<TestFingerprint> = {}): TestFingerprint => ({
  ...summary(1).fingerprint.test,
  tasks: { list: "weight=3 GET /orders", buy: "weight=1 POST /orders" },
  ...some,
});

describe("two test fingerprints", () => {
  test("do not differ when they are the same", () => {
    expect(loadDifferences(fingerprint(), fingerprint())).toEqual([]);
  });

  test.each<[string, Partial<TestFingerprint>, string]>([
    ["users", { users: 50 }, "users: 20 in the baseline, 50 here"],
    ["wait time", { waitTime: "constant(1)" }, "waitTime: constant(0.5) in the baseline, constant(1) here"],
    ["protocol", { http2: true }, "http2: false in the baseline, true here"],
    ["tool", { tool: "k6" }, "tool: swarmgate in the baseline, k6 here"],
    ["what tasks share", { setup: "POST /login" }, "setup: none in the baseline, POST /login here"],
    [
      "the path of a common task",
      { tasks: { list: "weight=3 GET /v2/orders", buy: "weight=1 POST /orders" } },
      "task list: weight=3 GET /orders in the baseline, weight=3 GET /v2/orders here",
    ],
    [
      "the weight of a common task",
      { tasks: { list: "weight=2 GET /orders" } },
      "task list: weight=3 GET /orders in the baseline, weight=2 GET /orders here",
    ],
  ])("differ by a field: %s", (_, change, sentence) => {
    expect(loadDifferences(fingerprint(), fingerprint(change))).toEqual([sentence]);
  });

  test("name every difference at once", () => {
    expect(loadDifferences(fingerprint(), fingerprint({ users: 1, seed: 2, runTime: 3 }))).toHaveLength(3);
  });

  test("do not differ by a task of one side: that is for the totals to leave out", () => {
    const { list = "" } = fingerprint().tasks;
    expect(loadDifferences(fingerprint(), fingerprint({ tasks: { list, pay: "weight=3 POST /pay" } }))).toEqual([]);
  });
});
