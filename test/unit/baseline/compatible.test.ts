import { describe, expect, test } from "vitest";
import { compatible } from "../../../src/baseline/compatible.ts";
import type { TestFingerprint } from "../../../src/record/record.ts";
import { summary } from "./sample-summary.ts";

const fingerprint = (some: Partial<TestFingerprint> = {}): TestFingerprint => ({
  ...summary(1).fingerprint.test,
  tasks: { list: "weight=3 GET /orders", buy: "weight=1 POST /orders" },
  ...some,
});

describe("two test fingerprints", () => {
  test("are compatible when they are the same", () => {
    expect(compatible(fingerprint(), fingerprint())).toEqual({ kind: "compatible", onlyBase: [], onlyHead: [] });
  });

  test.each<[Partial<TestFingerprint>, string]>([
    [{ users: 50 }, "users: 20 in the baseline, 50 here"],
    [{ waitTime: "constant(1)" }, "waitTime: constant(0.5) in the baseline, constant(1) here"],
    [{ http2: true }, "http2: false in the baseline, true here"],
    [{ tool: "k6" }, "tool: swarmgate in the baseline, k6 here"],
    [
      { tasks: { list: "weight=3 GET /v2/orders", buy: "weight=1 POST /orders" } },
      "task list: weight=3 GET /orders in the baseline, weight=3 GET /v2/orders here",
    ],
  ])("differ by a field: %o", (change, sentence) => {
    expect(compatible(fingerprint(), fingerprint(change))).toEqual({ kind: "different", differences: [sentence] });
  });

  test("name every difference at once", () => {
    const match = compatible(fingerprint(), fingerprint({ users: 1, seed: 2, runTime: 3 }));
    expect(match.kind === "different" ? match.differences : []).toHaveLength(3);
  });

  test("tolerate a task of one side while half of the requests are in common", () => {
    const { list = "" } = fingerprint().tasks;
    expect(compatible(fingerprint(), fingerprint({ tasks: { list, pay: "weight=3 POST /pay" } }))).toEqual({
      kind: "compatible",
      onlyBase: ["buy"],
      onlyHead: ["pay"],
    });
  });

  test("differ when less than half of the requests of either side are in common", () => {
    const { buy = "" } = fingerprint().tasks;
    const match = compatible(fingerprint(), fingerprint({ tasks: { buy } }));
    expect(match).toEqual({ kind: "different", differences: ["tasks: list, buy in the baseline, buy here"] });
  });
});
