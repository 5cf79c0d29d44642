import { describe, expect, it } from "vitest";
import { defaultFunctionSettings, type FunctionSettings } from "../../../simulator/function-settings.ts";
import type { LedgerEntry } from "../../../simulator/ledger.ts";
import { filterOf } from "../../../simulator/logs/filter-pattern.ts";
import { recordOf } from "../../../simulator/logs/insights-fields.ts";
import { logLines } from "../../../simulator/logs/log-lines.ts";
import { millis } from "../../../src/units.ts";
import { entryAt } from "./ledger-fixture.ts";

const noon = Date.UTC(2026, 10, 21, 12);
const requestId = "6f1c1b5e-0000-4000-8000-000000000000";

const lines = (entry: Partial<LedgerEntry>, settings: Partial<FunctionSettings> = {}) => {
  const told = { ...defaultFunctionSettings, memoryMb: 1024, maxMemoryUsedMb: 21, ...settings };
  return logLines({ name: "f", settings: told, entry: entryAt(noon, entry) });
};
const report = (...given: Parameters<typeof lines>): string => lines(...given).at(-1)?.message ?? "";

const warm = { durationMs: millis(469.4) };
const cold = { durationMs: millis(469.4), initMs: millis(100.99) };
const start = `REPORT RequestId: ${requestId}\tDuration: 469.40 ms\t`;
const memory = "Memory Size: 1024 MB\tMax Memory Used: 21 MB";

describe("a report in text", () => {
  it.each<[what: string, entry: Partial<LedgerEntry>, settings: Partial<FunctionSettings>, expected: string]>([
    ["a warm start bills the handler alone", warm, {}, `${start}Billed Duration: 470 ms\t${memory}\t\n`],
    [
      "a cold start bills Init too",
      cold,
      {},
      `${start}Billed Duration: 571 ms\t${memory}\tInit Duration: 100.99 ms\t\n`,
    ],
    [
      "a restored snapshot bills the restore apart",
      cold,
      { snapStart: true },
      `${start}Billed Duration: 470 ms\t${memory}\tRestore Duration: 100.99 ms\tBilled Restore Duration: 101 ms\t\n`,
    ],
    [
      "an error names its type",
      { ...warm, outcome: "error", errorType: "TypeError" },
      {},
      `${start}Billed Duration: 470 ms\t${memory}\tStatus: error\tError Type: TypeError\t\n`,
    ],
    [
      "a timeout has no type",
      { ...warm, outcome: "error", errorType: "Sandbox.Timedout" },
      {},
      `${start}Billed Duration: 470 ms\t${memory}\tStatus: timeout\t\n`,
    ],
  ])("%s", (...[, entry, settings, expected]) => {
    expect(report(entry, settings)).toBe(expected);
  });
});

describe("a report in JSON", () => {
  it.each<[what: string, entry: Partial<LedgerEntry>, settings: Partial<FunctionSettings>, record: unknown]>([
    [
      "a cold start",
      { durationMs: millis(1233.96), initMs: millis(463.5121) },
      {},
      {
        metrics: {
          durationMs: 1233.96,
          billedDurationMs: 1698,
          memorySizeMB: 1024,
          maxMemoryUsedMB: 21,
          initDurationMs: 463.512,
        },
        status: "success",
      },
    ],
    [
      "a restored snapshot",
      { durationMs: millis(10), initMs: millis(474.16) },
      { snapStart: true },
      { metrics: { billedDurationMs: 10, restoreDurationMs: 474.16, billedRestoreDurationMs: 475 } },
    ],
    ["an error", { outcome: "error", errorType: "TypeError" }, {}, { status: "error", errorType: "TypeError" }],
    ["a timeout", { outcome: "error", errorType: "Sandbox.Timedout" }, {}, { status: "timeout" }],
  ])("%s", (...[, entry, settings, record]) => {
    const told = JSON.parse(report(entry, { logFormat: "JSON", ...settings }));
    expect(told).toMatchObject({ type: "platform.report", record });
  });

  it("is left out at the level WARN, which keeps the error", () => {
    const settings = { logFormat: "JSON", systemLogLevel: "WARN" } as const;
    expect(lines(warm, settings)).toEqual([]);
    const [only, ...rest] = lines({ outcome: "error", errorType: "TypeError" }, settings);
    expect(rest).toEqual([]);
    expect(JSON.parse(only?.message ?? "")).toMatchObject({ level: "ERROR", message: { errorType: "TypeError" } });
  });
});

it("writes nothing for a throttle", () => {
  expect(lines({ outcome: "throttled" })).toEqual([]);
});

it("lets Insights find the numbers of a report in text", () => {
  const event = { atMs: noon, ingestedMs: noon, stream: "s", message: report(cold) };
  expect(recordOf(event, 0)).toMatchObject({
    ...{ "@type": "REPORT", "@requestId": requestId, "@duration": 469.4, "@billedDuration": 571 },
    ...{ "@initDuration": 100.99, "@memorySize": 1_024_000_000, "@maxMemoryUsed": 21_000_000 },
  });
  const restored = { ...event, message: report(cold, { snapStart: true }) };
  expect(recordOf(restored, 0)).not.toHaveProperty("@initDuration");
});

describe("filter patterns", () => {
  it.each([
    ["every plain term", "alpha beta", ["alpha beta", "beta x alpha"], ["alpha"]],
    ["a phrase", '"alpha beta"', ["x alpha beta"], ["beta alpha"]],
    ["none of the minuses", "alpha -beta", ["alpha"], ["alpha beta"]],
    ["one of the question marks", "?alpha ?beta", ["beta"], ["gamma"]],
    ["a field", '{ $.a.b = "x" }', ['{"a":{"b":"x"}}'], ['{"a":{"b":"y"}}', '{"a":1}', "a.b = x"]],
    ["both fields", '{ $.a = 1 && $.b != "x" }', ['{"a":1,"b":"y"}'], ['{"a":1,"b":"x"}', '{"a":1}']],
    ["either field", "{ ($.a = 1) || ($.b = 2) }", ['{"b":2}'], ['{"c":3}']],
    ["everything", "", ["", "x"], []],
  ])("find %s", (...[, pattern, found, others]) => {
    const matches = filterOf(pattern);
    expect(found.filter((message) => !matches(message))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });
});
