import { expect, test } from "vitest";
import { noOutcomes } from "../../../src/load/outcome.ts";
import { runLines } from "../../../src/report/run-lines.ts";
import { record } from "../record/sample-record.ts";

test("rate, dropped arrivals, pre-warm, setup and teardown are named where there are any", () => {
  const sample = record();
  const outcomes = { ...noOutcomes(), ok: 3, timeout: 2 };
  const lines = runLines({
    ...sample,
    plan: { ...sample.plan, rate: "200/s poisson" },
    totals: { ...sample.totals, dropped: 1234 },
    preWarm: { requests: 5, outcomes },
    setup: { requests: 5, outcomes, failedUsers: 1, rows: [] },
    teardown: { requests: 5, outcomes: { ...outcomes, ok: 5 }, failedUsers: 0, rows: [] },
  });
  expect(lines).toContain("Rate: 200/s poisson");
  expect(lines.join("\n")).toContain("1,234 arrivals dropped");
  expect(lines).toContain("Pre-warm: 5 requests at once, 2 of them not ok");
  expect(lines).toContain("Setup: 5 requests, 2 of them not ok; failed for 1 user");
  expect(lines).toContain("Teardown: 5 requests, 0 of them not ok; failed for 0 users");
});

test("a plain run has no such lines", () => {
  const sample = record();
  const none = { requests: 0, outcomes: noOutcomes() };
  const once = { ...none, failedUsers: 0, rows: [] };
  const text = runLines({ ...sample, preWarm: none, setup: once, teardown: once }).join("\n");
  expect(text).not.toMatch(/Rate|Stages|dropped|Pre-warm|Setup|Teardown/);
});
