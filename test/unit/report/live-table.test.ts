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

  it("shows the same columns at 80, and the ones that matter most at 60", () => {
    expect(screen({}, 80)[1]).toMatch(/Type +Name +# reqs +# fails +Avg +p50 +p95 +p99 +req\/s +failures\/s/);
    const narrow = screen({ tasks: [task("a task with a name that is rather long")] }, 60);
    expect(narrow[1]).toMatch(/Name +# reqs +# fails .*p95/);
    expect(narrow[2]).toMatch(/^(GET +)?a task with/);
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
          const lines = renderLive(progress({ tasks }), { width, height, colour: false });
          expect(lines.length).toBeLessThan(height);
          for (const line of lines) {
            expect(textWidth(line)).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
        },
      ),
    );
  });
});
