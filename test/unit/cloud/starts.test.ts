import { describe, expect, test } from "vitest";
import { startsQuery } from "../../../src/cloud/log-queries.ts";
import {
  durationsIn,
  hasForeignLines,
  isShortOfLines,
  MAX_SLOTS,
  slotsOver,
  startsOfLines,
  startsOfRows,
} from "../../../src/cloud/starts.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { outcomes } from "../record/sample-record.ts";

const START = Date.parse("2026-11-21T08:00:00.000Z");
const at = (seconds: number) => epochMs(START + seconds * 1000);
/** Two segments of 20 s with a quiet second and a start of 5 s between them. */
const WINDOWS = [
  { start: at(5), end: at(25) },
  { start: at(31), end: at(51) },
];

let id = 0;
/** A line that ends at a second, of an invocation that took so long. */
const line = (
  endSeconds: number,
  durationMs: number,
  some: { readonly version?: string; readonly id?: string } = {},
) => ({
  at: at(endSeconds),
  stream: `2026/11/21/[${some.version ?? "7"}]0123456789abcdef`,
  message: `REPORT RequestId: ${some.id ?? `id-${++id}`}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms\tMemory Size: 512 MB\tMax Memory Used: 77 MB\t\n`,
});

const counted = (lines: readonly ReturnType<typeof line>[], versions: readonly string[] | null = null) =>
  durationsIn(startsOfLines(lines, versions), WINDOWS).map(({ invocations }) => invocations);

describe("the segment of an invocation", () => {
  test.each([
    ["well inside", line(10, 100), [1, 0]],
    ["started at the first moment", line(5.1, 100), [1, 0]],
    ["started while the users were being started", line(5.05, 100), [0, 0]],
    ["started at the last moment, ended behind it", line(25.099, 100), [1, 0]],
    ["started at the very end: it was not sent in it", line(25.1, 100), [0, 0]],
    ["in the pause, by somebody else", line(26, 20), [0, 0]],
    ["so long that it ends in the next segment", line(40, 16_000), [1, 0]],
    ["in the second one", line(31.02, 10), [0, 1]],
    ["before and behind everything", line(60, 10), [0, 0]],
  ] as const)("%s", (_, one, found) => expect(counted([one])).toEqual(found));

  test("mean and number", () => {
    const starts = startsOfLines([line(10, 100), line(11, 200), line(40, 50)], null);
    expect(durationsIn(starts, WINDOWS)).toEqual([
      { invocations: 2, durationMs: 150 },
      { invocations: 1, durationMs: 50 },
    ]);
    expect(durationsIn([], WINDOWS)[0]).toEqual({ invocations: 0, durationMs: null });
  });

  test.each([
    ["all where the version is not known", null, [3, 0]],
    ["only its own", ["7"], [2, 0]],
    ["both of an alias that moves", ["7", "$LATEST"], [3, 0]],
    ["none of 17 for 1", ["1"], [0, 0]],
  ] as const)("of the versions: %s", (_, versions, found) => {
    const lines = [line(10, 9), line(11, 9), line(12, 9, { version: "$LATEST" })];
    expect(counted(lines, versions)).toEqual(found);
  });

  test("a line that came twice counts once, one that is no report not at all", () => {
    const noise = { ...line(10, 1), message: "START RequestId: a Version: 7\n" };
    expect(counted([line(10, 100, { id: "a" }), line(10, 100, { id: "a" }), noise])).toEqual([1, 0]);
  });
});

describe("slots of a query", () => {
  test.each([
    ["six rounds of seconds", 60, 6],
    ["a quarter of an hour", 900, 90],
    ["two hours", 7200, 720],
    ["a moment", 0.1, 1],
  ])("%s need no more rows than there may be", (_, seconds, width) => {
    const slots = slotsOver({ start: at(0), end: at(seconds) });
    expect(slots).toEqual({ from: START, width });
    expect((seconds * 1000) / slots.width).toBeLessThanOrEqual(MAX_SLOTS);
  });

  test("are placed by their middle; rows that say nothing are left out", () => {
    const slots = { from: at(0), width: millis(90) };
    const rows = [
      { slot: "100", reports: "4", duration: "400.5" },
      { slot: "1E2", reports: "1", duration: "9.5" },
      { reports: "3", duration: "1" },
      { slot: "7", reports: "2" },
    ];
    expect(startsOfRows(rows, slots)).toEqual([
      { at: START + 9045, invocations: 4, sumMs: 400.5 },
      { at: START + 9045, invocations: 1, sumMs: 9.5 },
    ]);
  });

  test("the query filters the versions by their streams, and scans once", () => {
    const slots = { from: at(0), width: millis(90) };
    expect(startsQuery("Text", { slots, versions: ["7", "8"] })).toBe(
      [
        'filter @type = "REPORT"',
        'filter @logStream like "[7]" or @logStream like "[8]"',
        `fields floor((toMillis(@timestamp) - ${START} - @duration) / 90) as slot`,
        "filter slot >= 0 and slot < 10000",
        "stats count(*) as reports, sum(@duration) as duration by slot",
        "limit 10000",
      ].join("\n| "),
    );
    expect(startsQuery("JSON", { slots, versions: null })).not.toContain("@logStream");
  });
});

describe("lines against what was sent", () => {
  test.each([
    ["all", outcomes({ ok: 660 }), 660, "whole"],
    ["those of the edges more or less", outcomes({ ok: 660 }), 630, "whole"],
    ["a second of twenty is missing", outcomes({ ok: 660 }), 626, "short"],
    ["none of anything", outcomes({ "connect-error": 660 }), 0, "short"],
    ["throttles leave no line", outcomes({ ok: 300, throttled: 360 }), 300, "whole"],
    ["timeouts may leave one", outcomes({ ok: 300, timeout: 360 }), 660, "whole"],
    ["somebody else calls, too", outcomes({ ok: 660 }), 700, "foreign"],
  ] as const)("%s", (_, sent, lines, found) => {
    const verdict = isShortOfLines(sent, lines) ? "short" : hasForeignLines(sent, lines) ? "foreign" : "whole";
    expect(verdict).toBe(found);
  });
});
