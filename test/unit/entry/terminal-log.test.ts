import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Streams } from "../../../src/entry/streams.ts";
import { type TerminalLog, terminalLog } from "../../../src/entry/terminal-log.ts";
import type { LoadProgress } from "../../../src/load/result.ts";
import { epochMs, seconds } from "../../../src/units.ts";

const START = Date.UTC(2026, 10, 21);
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const COLUMNS = 80;

/**
 * What a terminal of `columns` shows after the codes that are used here; anything else stays visible and fails a test. As
 * many terminals do, it gives every code point a cell, and it wraps unless it is told not to.
 */
const screenOf = (text: string, columns: number): readonly string[] => {
  const lines: string[] = [""];
  let [row, column, wraps] = [0, 0, true];
  const newLine = (): void => {
    [row, column] = [row + 1, 0];
    lines[row] ??= "";
  };
  const put = (sign: string): void => {
    if (column === columns && wraps) newLine();
    column = Math.min(column, columns - 1);
    const there = [...(lines[row] ?? "")];
    lines[row] = [...there.slice(0, column), sign, ...there.slice(column + 1)].join("");
    column++;
  };
  for (const [part, number = "", code] of text.matchAll(/\p{Cc}\[(\??\d*)([A-Za-z])|[\s\S]/gu)) {
    const line = [...(lines[row] ?? "")];
    if (code === "A") row -= Number(number);
    else if (code === "K") lines[row] = line.slice(0, column).join("");
    else if (code === "J") lines.splice(row, Number.POSITIVE_INFINITY, line.slice(0, column).join(""));
    else if (number === "?7") wraps = code === "h";
    else if (part === "\r") column = 0;
    else if (part === "\n") newLine();
    else put(part);
  }
  return lines;
};

const progress = (elapsed: number, tasks: readonly string[] = ["GET /"]): LoadProgress => {
  const figures = { requests: 10 * elapsed, failures: 0, requestsPerSecond: 10, failuresPerSecond: 0 };
  const times = { mean: 5, p50: 5, p95: 9, p99: 10 };
  return {
    ...figures,
    ...times,
    phase: "ramp",
    elapsed: seconds(elapsed),
    runTime: seconds(60),
    users: elapsed,
    dropped: 0,
    usersAsked: 20,
    tasks: tasks.map((name) => ({ ...figures, ...times, name, method: "GET" })),
  };
};

const scene = ({ terminal = true, quiet = false } = {}): { log: TerminalLog; screen: () => readonly string[] } => {
  let written = "";
  const size = { columns: COLUMNS, rows: 24 };
  const streams: Streams = {
    out: () => undefined,
    err: (text) => {
      written += text;
    },
    outSize: () => null,
    errSize: () => (terminal ? size : null),
    colour: false,
    errColour: false,
    ask: null,
    env: {},
  };
  return {
    log: terminalLog(streams, quiet),
    screen: () => screenOf(written, terminal ? COLUMNS : Number.POSITIVE_INFINITY),
  };
};

const wait = { text: "Waiting for x", until: epochMs(START + 65_000), detail: "it answers with status 503" };

describe("on a terminal", () => {
  it("the table is drawn over itself, and is gone at the end", () => {
    const { log, screen } = scene();
    log.info("x is ready");
    log.progress(progress(3, ["GET /a", "GET /b"]));
    expect(screen().map((line) => line.split(" ")[0])).toEqual(["x", "ramp", "Type", "GET", "GET", ""]);
    log.progress(progress(4));
    expect(screen().map((line) => line.split(" ")[0])).toEqual(["x", "ramp", "Type", "GET", ""]);
    expect(screen()[1]).toContain("4 of 20 users");
    log.end();
    expect(screen()).toEqual(["x is ready", ""]);
  });

  it("a name that the terminal takes more cells for than we count is cut, and leaves nothing behind", () => {
    const { log, screen } = scene();
    for (const second of [1, 2, 3]) log.progress(progress(second, ["हिन्दी हिन्दी हिन्दी हिन्दी", "/"]));
    expect(screen().map((line) => line.split(" ")[0])).toEqual(["ramp", "Type", "GET", "GET", ""]);
    expect(Math.max(...screen().map((line) => [...line].length))).toBeLessThanOrEqual(COLUMNS);
    log.info("x".repeat(COLUMNS + 5));
    expect(screen()).toEqual(["x".repeat(COLUMNS), "xxxxx", ""]);
  });

  it("a line that stays goes above the table", () => {
    const { log, screen } = scene();
    log.progress(progress(3));
    log.warn("something");
    log.progress(progress(4));
    expect(screen()[0]).toBe("warning: something");
    expect(screen()[1]).toContain("4 of 20 users");
    expect(screen()).toHaveLength(5);
  });

  it("lines that stay end between words, and an address stays whole", () => {
    const { log, screen } = scene();
    log.warn(
      "These are too few requests to judge p90 (200), p95 (400): make run-time longer, wait-time shorter, or users more.",
    );
    const address = `http://127.0.0.1:40613/${"t".repeat(70)}/`;
    log.info(`live page: ${address}`);
    expect(screen()).toEqual([
      "warning: These are too few requests to judge p90 (200), p95 (400): make run-time",
      "         longer, wait-time shorter, or users more.",
      "live page:",
      address.slice(0, COLUMNS),
      address.slice(COLUMNS),
      "",
    ]);
  });

  it("the countdown runs by itself until something else happens", () => {
    const { log, screen } = scene();
    log.wait(wait);
    expect(screen()).toEqual(["Waiting for x, 1 min 5 s left: it answers with status 503."]);
    vi.advanceTimersByTime(7_000);
    expect(screen()).toEqual(["Waiting for x, 58 s left: it answers with status 503."]);
    log.wait({ ...wait, detail: null });
    expect(screen()).toEqual(["Waiting for x, 58 s left."]);
    log.info("x is ready");
    vi.advanceTimersByTime(7_000);
    expect(screen()).toEqual(["x is ready", ""]);
  });
});

describe("in a log", () => {
  it("there is a line every five seconds of load and one for each wait, without control sequences", () => {
    const { log, screen } = scene({ terminal: false });
    log.wait(wait);
    vi.advanceTimersByTime(7_000);
    for (let second = 1; second <= 12; second++) log.progress(progress(second));
    log.end();
    expect(screen().map((line) => line.split(" ")[0])).toEqual(["Waiting", "1s/1m", "6s/1m", "11s/1m", ""]);
    expect(screen().join("")).not.toMatch(/\p{Cc}/u);
  });
});

it("quiet says nothing at all", () => {
  const { log, screen } = scene({ quiet: true });
  log.info("a");
  log.warn("b");
  log.wait(wait);
  log.progress(progress(1));
  log.stage("load");
  vi.advanceTimersByTime(5_000);
  log.end();
  expect(screen()).toEqual([""]);
});
