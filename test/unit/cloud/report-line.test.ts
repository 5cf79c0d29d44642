import { describe, expect, it } from "vitest";
import { errorsOfLines, factsOfLines, factsOfRow } from "../../../src/cloud/log-facts.ts";
import { redact } from "../../../src/cloud/redact.ts";
import { parseErrorLine, parseReport } from "../../../src/cloud/report-line.ts";

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const report = (n: number, more: readonly string[] = [], duration = "12.50 ms"): string =>
  [
    `REPORT RequestId: ${id(n)}`,
    `Duration: ${duration}`,
    "Billed Duration: 13 ms",
    "Memory Size: 512 MB",
    "Max Memory Used: 80 MB",
    ...more,
  ].join("\t");

describe("parseReport", () => {
  it.each([
    ["warm", report(1), { durationMs: 12.5, billedMs: 13, memoryUsedMb: 80, initMs: null, error: null }],
    ["cold", report(1, ["Init Duration: 100.99 ms"]), { initMs: 100.99 }],
    ["SnapStart", report(1, ["Restore Duration: 474.16 ms", "Billed Restore Duration: 75 ms"]), { initMs: 474.16 }],
    ["a timeout", report(1, ["Status: timeout"]), { error: "timeout" }],
    ["an error with its type", report(1, ["Status: error", "Error Type: TypeError", "\n"]), { error: "TypeError" }],
    ["an error without a type", report(1, ["Status: error"]), { error: "error" }],
    [
      "JSON, as Lambda writes it",
      '{"time":"2026-10-08T07:30:29.470Z","type":"platform.report","record":{"requestId":"79b5","metrics":{"durationMs":1233.96,"billedDurationMs":1698,"memorySizeMB":256,"maxMemoryUsedMB":123,"initDurationMs":463.512},"status":"success"}}',
      { requestId: "79b5", durationMs: 1233.96, billedMs: 1698, memoryUsedMb: 123, initMs: 463.512, error: null },
    ],
    [
      "JSON under SnapStart, failed",
      '{"type":"platform.report","record":{"requestId":"a","metrics":{"durationMs":5,"restoreDurationMs":70.5},"status":"error","errorType":"Boom"}}',
      { billedMs: null, memoryUsedMb: null, initMs: 70.5, error: "Boom" },
    ],
  ])("%s", (_, line, figures) => {
    expect(parseReport(line)).toMatchObject(figures);
  });

  it.each([
    ["another line", `START RequestId: ${id(1)} Version: 1`],
    ["another JSON record", '{"type":"platform.start","record":{"requestId":"a","metrics":{"durationMs":1}}}'],
    ["a report without a duration", `REPORT RequestId: ${id(1)}\tBilled Duration: 1 ms`],
    ["a negative duration", report(1, [], "-4 ms")],
    ["a duration that is a text", '{"type":"platform.report","record":{"metrics":{"durationMs":"7"}}}'],
    ["broken JSON", '{"type":"platform.report",'],
    ["a record that is null", '{"type":"platform.report","record":null}'],
    ["nothing", ""],
  ])("%s is no report", (_, line) => {
    expect(parseReport(line)).toBeNull();
  });
});

describe("parseErrorLine", () => {
  it.each([
    [
      "a Node error",
      `2026-11-21T10:00:00Z\t${id(1)}\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"no x","stack":[]}\n`,
      { requestId: id(1), type: "TypeError", message: "no x" },
    ],
    [
      "a timeout",
      `2026-11-21T10:00:00Z ${id(2)} Task timed out after 3.00 seconds\n\n`,
      { requestId: id(2), type: "timeout" },
    ],
    [
      "a JSON application log",
      `{"level":"ERROR","requestId":"${id(3)}","message":{"errorType":"Boom","errorMessage":"b"}}`,
      { requestId: id(3), type: "Boom", message: "b" },
    ],
    ["an error without a message", '{"errorType":"Boom"}', { requestId: null, type: "Boom", message: "" }],
  ])("%s", (_, line, error) => {
    expect(parseErrorLine(line)).toMatchObject(error);
  });

  it.each(["order 7 { not json", '{"message":"errorType"}', '{"errorType":""}', ""])("%s tells no error", (line) => {
    expect(parseErrorLine(line)).toBeNull();
  });
});

describe("figures of many lines", () => {
  it("percentiles by rank, cold starts and their Init, each invocation once", () => {
    const lines = Array.from({ length: 20 }, (_, n) =>
      report(n, n < 2 ? [`Init Duration: ${100 + 50 * n} ms`] : [], `${n + 1} ms`),
    );
    const facts = factsOfLines("orders", [...lines, lines[4] ?? "", "END"], []);
    expect(facts).toMatchObject({ reports: 20, coldStarts: 2, initMs: { mean: 125, p95: 150 }, billedMs: 13 });
    expect(facts.durationMs).toEqual({ p50: 10, p90: 18, p95: 19, p99: 20, max: 20 });
  });

  it("no line has no figures, and nothing is 0 but the counts", () => {
    const nothing = { p50: null, p90: null, p95: null, p99: null, max: null };
    expect(factsOfLines("orders", [], [])).toEqual({
      ...{ function: "orders", reports: 0, coldStarts: 0, initMs: null, billedMs: null, memoryUsedMb: null },
      ...{ durationMs: nothing, errors: [] },
    });
  });

  it("a row of Logs Insights; what is missing in it is null", () => {
    const row = { reports: "1900", inits: "0", restores: "12", restoreMean: "80.5", restoreP95: "99", p50: "7.25" };
    expect(factsOfRow("orders", row, [])).toMatchObject({
      ...{ reports: 1900, coldStarts: 12, initMs: { mean: 80.5, p95: 99 }, billedMs: null },
      durationMs: { p50: 7.25, p90: null },
    });
    expect(factsOfRow("orders", {}, [])).toBeNull();
  });

  it("errors count each invocation once, though the runtime and the report both tell it", () => {
    const thrown = (n: number, text: string): string =>
      `t\t${id(n)}\tERROR\tInvoke Error\t{"errorType":"E","errorMessage":"${text}"}`;
    const lines = [
      thrown(1, "one"),
      report(1, ["Status: error", "Error Type: E"]),
      thrown(2, "two"),
      thrown(3, "one"),
      thrown(4, "four"),
      thrown(5, "five"),
      report(6, ["Status: timeout"]),
    ];
    expect(errorsOfLines(lines)).toEqual([
      { type: "E", count: 5, examples: ["one", "two", "four"] },
      { type: "timeout", count: 1, examples: [] },
    ]);
  });
});

describe("redact", () => {
  it.each([
    ["Authorization: Bearer abcdef123456", "abcdef123456"],
    ["key AKIAABCDEFGHIJKLMNOP used", "AKIAABCDEFGHIJKLMNOP"],
    ["postgres://app:s3cret@db:5432/x", "s3cret"],
    ['{"apiKey":"abc123xyz"}', "abc123xyz"],
    ["for a.b+c@example.com", "a.b+c@example.com"],
    ["arn:aws:iam::123456789012:role/x", "123456789012"],
    ["eyJhbGciOi.eyJzdWIiOi.abc-def", "eyJzdWIiOi"],
  ])("%s", (text, secret) => {
    expect(redact(text)).not.toContain(secret);
  });

  it("keeps ordinary words, on one line, at most 200 characters", () => {
    expect(redact("no stock\n  for order 4711")).toBe("no stock for order 4711");
    expect(redact("x ".repeat(500))).toHaveLength(200);
  });
});
