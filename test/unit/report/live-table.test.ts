import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadProgress, ProgressFigures, TaskProgress } from "../../../src/load/result.ts";
import { renderLive } from "../../../src/report/live-table.ts";
import { textWidth } from "../../../src/text-layout.ts";
import { seconds } from "../../../src/units.ts";

const figures: ProgressFigures = {
  requests: 1234,
  failures: 3,
  requestsPerSecond: 48.2,
  failuresPerSecond: 0.5,
  mean: 25.04,
  p50: 21.4,
  p95: 148,
  p99: 1290,
};
const task = (name: string, method = "GET", change: Partial<ProgressFigures> = {}): TaskProgress => ({
  ...figures,
  name,
  method,
  ...change,
});
const progress = (change: Partial<LoadProgress> = {}): LoadProgress => ({
  ...figures,
  phase: "steady",
  elapsed: seconds(15),
  runTime: seconds(60),
  users: 50,
  dropped: 0,
  usersAsked: 50,
  tasks: [task("GET /orders"), task("checkout", "POST", { requests: 4, failures: 0, failuresPerSecond: 0 })],
  ...change,
});
const screen = (change: Partial<LoadProgress>, width: number, height = 24): readonly string[] =>
  renderLive(progress(change), { width, height, colour: false });

describe("the live table", () => {
  it("has Locust's columns, a row a task, and all together", () => {
    expect(`\n${screen({}, 100).join("\n")}\n`).toMatchInlineSnapshot(`
      "
      steady  50 of 50 users  15s of 1m  45s left  times in ms  ██████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
      Type  Name        # reqs      # fails   Avg   p50  p95    p99  req/s  failures/s
      GET   /orders      1,234  3 (0.243 %)  25.0  21.4  148  1,290   48.2         0.5
      POST  checkout         4            0  25.0  21.4  148  1,290   48.2           0
            Aggregated   1,234  3 (0.243 %)  25.0  21.4  148  1,290   48.2         0.5
      "
    `);
  });

  it("shows the same columns at 80", () => {
    expect(screen({}, 80)[1]).toMatch(/Type +Name +# reqs +# fails +Avg +p50 +p95 +p99 +req\/s +failures\/s/);
  });

  it("gives up blanks, words and the middle of names at 60, and no column of Locust's", () => {
    const large = { requests: 1_234_567, failures: 123_456, requestsPerSecond: 12_345.6, p99: 30_000 };
    const tasks = ["that fails", "that works"].map((end) => task(`checkout of a basket with many things ${end}`));
    expect(
      `\n${screen({ tasks: [...tasks, task("pay", "POST", large)], ...large }, 60).join("\n")}\n`,
    ).toMatchInlineSnapshot(`
      "
      steady  50 of 50 users  15s of 1m  45s left  times in ms
      Name             reqs   fails  p50 p95    p99  req/s fails/s
      check…fails     1,234       3 21.4 148  1,290   48.2     0.5
      check…works     1,234       3 21.4 148  1,290   48.2     0.5
      pay         1,234,567 123,456 21.4 148 30,000 12,346     0.5
      Aggregated  1,234,567 123,456 21.4 148 30,000 12,346     0.5
      "
    `);
  });

  it("shortens a long name before it loses a column", () => {
    const [, heading, row] = screen({ tasks: [task("/".padEnd(300, "x"))] }, 120);
    expect(heading).toMatch(/Type .*Avg .*failures\/s/);
    expect(row).toContain("…");
  });

  it("leaves tasks out that the terminal has no room for, never Aggregated", () => {
    const lines = screen({ tasks: Array.from({ length: 30 }, (_, index) => task(`task ${index}`)) }, 80, 24);
    expect(lines).toHaveLength(23);
    expect(lines.at(-2)).toContain("11 more");
    expect(lines.at(-1)).toContain("Aggregated");
  });

  it.each([
    ["before the window there is no time left", { phase: "warm-up", elapsed: seconds(3), users: 1 }, /^warm-up {2}3s/],
    ["in the ramp the users rise", { phase: "ramp", users: 12 }, /^ramp {2}12 of 50 users {2}15s of 1m {2}45s left/],
    ["after the end answers are awaited", { phase: "drain", elapsed: seconds(61) }, /1m of 1m {2}requests in flight/],
  ] as const)("%s", (_, change, expected) => {
    expect(screen(change, 100)[0]).toMatch(expected);
  });

  it("shows dashes where nothing has been measured", () => {
    const nothing = { requests: 0, failures: 0, mean: null, p50: null, p95: null, p99: null, tasks: [] };
    expect(screen(nothing, 100).at(-1)).toMatch(/Aggregated +0 +0 +- +- +- +-/);
  });

  it("marks rows with failures, and only with colour", () => {
    const red = renderLive(progress(), { width: 100, height: 24, colour: true });
    expect(red.map((line) => line.startsWith("\u001b[31m"))).toEqual([false, false, true, false, true]);
  });

  it("fits any terminal, whatever the names and figures are", () => {
    const figure = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true }));
    const count = fc.nat(1e9);
    const anyTask = fc.record({
      name: fc.string({ unit: "binary", maxLength: 60 }),
      method: fc.constantFrom("GET", "OPTIONS", ""),
      requests: count,
      failures: count,
      requestsPerSecond: figure,
      failuresPerSecond: figure,
      mean: figure,
      p50: figure,
      p95: figure,
      p99: fc.option(figure),
    });
    fc.assert(
      fc.property(
        fc.array(anyTask, { maxLength: 40 }),
        fc.integer({ min: 60, max: 200 }),
        fc.integer({ min: 8, max: 60 }),
        (tasks, width, height) => {
          const lines = screen({ tasks }, width, height);
          expect(lines.length).toBeLessThan(height);
          for (const line of lines) {
            expect(textWidth(line)).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
    );
  });

  it("keeps Locust's columns, the users and the unit at any width from 60", () => {
    const count = fc.oneof(fc.nat(1_234_567), fc.constant(1_234_567));
    const time = fc.option(fc.double({ min: 0, max: 1_234_567, noNaN: true }));
    const rate = fc.double({ min: 0, max: 1_234_567, noNaN: true });
    const figuresOfAny = {
      requests: count,
      failures: count,
      requestsPerSecond: rate,
      failuresPerSecond: rate,
      mean: time,
      p50: time,
      p95: time,
      p99: time,
    };
    const anyTask = fc.record({
      name: fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), fc.constant("GET /orders/".padEnd(90, "x"))),
      method: fc.constantFrom("GET", "OPTIONS", ""),
      ...figuresOfAny,
    });
    const anyProgress = fc.record({
      tasks: fc.array(anyTask, { maxLength: 12 }),
      users: fc.nat(100_000),
      phase: fc.constantFrom("ramp", "steady", "drain"),
      elapsed: fc.nat(20_000).map(seconds),
      runTime: fc.integer({ min: 1, max: 20_000 }).map(seconds),
      ...figuresOfAny,
    });
    const columns = /Name +(# )?reqs +(# )?fails +(Avg +)?p50 +p95 +p99 +req\/s +fail(ure)?s\/s$/;
    // The live view leaves the last cell of a terminal free.
    fc.assert(
      fc.property(anyProgress, fc.integer({ min: 59, max: 199 }), (any, width) => {
        const lines = screen({ ...any, usersAsked: 100_000 }, width, 30);
        expect(lines[0]).toMatch(/[\d,]+( of |\/)100,000 users .*times in ms/);
        expect(lines[1]).toMatch(columns);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        for (const row of lines.slice(2)) expect(row).toMatch(/( +(-|[\d,.]+[kMs]?( \((-|<?[\d,.]+) %\))?)){7,8}$/);
      }),
    );
  });
});
