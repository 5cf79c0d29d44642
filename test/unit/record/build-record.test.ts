import { describe, expect, test } from "vitest";
import type { Problem } from "../../../src/errors.ts";
import { failuresOf } from "../../../src/record/insights.ts";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { cloud, config, load, plan, record, START, task } from "./sample-record.ts";

const problem = (severity: Problem["severity"]): Problem => ({
  code: "generator-saturated",
  severity,
  message: "The generator of s3cr3t-token was busy.",
  hint: "Use a larger runner.",
});

describe("a run record", () => {
  test("survives being written and read", () => {
    const written = record({ cloud: cloud(), problems: [problem("warning")] });
    expect(parseRecord(JSON.stringify(written))).toEqual({ ok: true, value: written });
  });

  test("holds no secret anywhere, whatever text it came in with", () => {
    const leaky = load({
      tasks: [
        task("GET s3cr3t-token", { examples: { timeout: [{ status: null, text: "no answer for s3cr3t-token" }] } }),
      ],
    });
    const text = JSON.stringify(
      record({ load: leaky, cloud: cloud({ notes: ["s3cr3t-token"] }), problems: [problem("note")] }),
    );
    expect(text).not.toContain("s3cr3t-token");
    expect(text).not.toContain("hidden-pw");
    expect(text).toContain("no answer for ***");
  });

  test.each([
    ["our secret, cut off", "key=1 s3cr3t-to", "key=1 ***"],
    ["a token of the target's own", "no: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx", "no: [token]"],
    ["a password of somebody", '{"password":"hunter2"}', '{"password":"[hidden]"}'],
    ["an address", "unknown user jane@example.com", "unknown user [address]"],
    ["nothing of the kind", "ECONNREFUSED: connect 127.0.0.1:80", "ECONNREFUSED: connect 127.0.0.1:80"],
  ])("shows of a failing answer that holds %s", (_, text, shown) => {
    const failing = load({ tasks: [task("GET /", { examples: { timeout: [{ status: null, text }] } })] });
    expect(record({ load: failing }).tasks[0]?.examples.timeout?.[0]?.text).toBe(shown);
  });

  test("keeps header names and drops their values", () => {
    const written = record();
    expect(written.plan.headerNames).toEqual(["authorization"]);
    expect(JSON.stringify(written)).not.toContain("Bearer");
  });

  test("keeps what a Host header told of the front end, and explains failures by it without AWS", () => {
    const headers = { Host: "a1b2c3.execute-api.eu-west-1.amazonaws.com" };
    const throttled = load({
      tasks: [
        task("GET /", { examples: { "server-error": [{ status: 503, text: '{"message":"Service Unavailable"}' }] } }),
      ],
    });
    const local = { origin: "http://127.0.0.1:4566", headers };
    const target = { ...config().target, url: "http://127.0.0.1:4566/" };
    const written = record({ load: throttled, plan: plan(local), config: config({ target }) });
    expect(written.fingerprint.system).toEqual({ frontEnd: "http-api" });
    expect(JSON.stringify(written)).not.toContain("execute-api");
    expect(failuresOf(written).map(({ situation }) => situation)).toContain("lambda-throttled");
  });

  test("is valid unless a problem says invalid", () => {
    expect(record({ problems: [problem("warning")] }).validity.valid).toBe(true);
    expect(record({ problems: [problem("warning"), problem("invalid")] }).validity.valid).toBe(false);
  });

  test("states its window in UTC with milliseconds", () => {
    expect(record().window).toEqual({
      start: new Date(START).toISOString(),
      end: "2026-11-21T12:00:20.000Z",
      seconds: 20,
    });
  });

  test("has a histogram even when no request was ok", () => {
    const nothing = { ...load().response, count: 0, p50: null, p90: null, p95: null, p99: null, mean: null };
    const empty = record({ load: load({ response: { ...nothing, min: null, max: null } }), plan: plan() });
    expect(parseRecord(JSON.stringify(empty)).ok).toBe(true);
  });
});
