import { describe, expect, it } from "vitest";
import type { LoadProgress } from "../../../src/load/result.ts";
import { buildReport } from "../../../src/report/model.ts";
import { progressLine, renderTerminal } from "../../../src/report/terminal.ts";
import { renderTextTable, textWidth, wrap } from "../../../src/text-layout.ts";
import { seconds } from "../../../src/units.ts";
import { CASES } from "../../golden/cases.ts";

const { hostile, ...usual } = CASES;
const raise = (): never => {
  throw new Error("the case has no gating metric");
};

describe("the closing summary", () => {
  it.each(Object.entries(usual))("%s fits a screen of 80 x 24", (_, input) => {
    const lines = renderTerminal(buildReport(input), { width: 80, rows: null, colour: false }).trimEnd().split("\n");
    expect(lines.filter((line) => textWidth(line) > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(24);
  });

  const hostileRows = (rows: number | null): readonly string[] =>
    renderTerminal(buildReport(hostile), { width: 80, rows, colour: false, whole }).trimEnd().split("\n");
  const whole = "swarmgate report run.json --base base.json --format markdown";

  it("is cut to the terminal with a line to spare, keeps what decides, and says where the rest is", () => {
    const [all, fitted] = [hostileRows(null), hostileRows(24)];
    expect(all.length).toBeGreaterThan(24);
    expect(fitted.length).toBeLessThanOrEqual(23);
    expect(fitted[0]).toBe(all[0]);
    expect(fitted.at(-1)).toMatch(/^\d+ more lines: swarmgate report run.json --base base.json --format markdown$/);
    expect(fitted.some((line) => line.startsWith("verdict "))).toBe(true);
  });

  it("has room for a last line that the terminal breaks, and without a command names a file", () => {
    const options = { width: 80, rows: 24, colour: false };
    const long = renderTerminal(buildReport(hostile), {
      ...options,
      whole: `${whole} --limits '${"p95: +10%; ".repeat(20)}'`,
    });
    const lines = long.trimEnd().split("\n");
    expect(lines.length + Math.ceil(textWidth(lines.at(-1) ?? "") / 80) - 1).toBeLessThanOrEqual(23);
    expect(renderTerminal(buildReport(hostile), options)).toMatch(
      /\d+ more lines: add "> report.txt" to the command\n$/,
    );
  });

  it("loses metrics that do not gate before those that do, and never the headline", () => {
    const metric = (role: "gate" | "inform", verdict: "pass" | "fail") => (_: unknown, index: number) => ({
      ...(model.rows.find((row) => row.role === "gate") ?? raise()),
      id: `${role}-${verdict}-${index}`,
      role,
      verdict,
    });
    const model = { ...buildReport(CASES.pass) };
    const many = {
      ...model,
      rows: [
        ...Array.from({ length: 10 }, metric("inform", "pass")),
        ...Array.from({ length: 15 }, metric("gate", "pass")),
        ...Array.from({ length: 15 }, metric("gate", "fail")),
      ],
    };
    const text = renderTerminal(many, { width: 80, rows: 24, colour: false });
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(23);
    expect(text.match(/gate-fail/g)).toHaveLength(15);
    expect(text).not.toContain("inform-pass");
    expect(text).toMatch(/^PASS/);
  });

  it("a wide terminal shows the intervals that a narrow one has no room for", () => {
    const at = (width: number): string => renderTerminal(buildReport(CASES.fail), { width, rows: null, colour: false });
    expect(at(80)).not.toContain("95 % CI  ");
    expect(at(120)).toMatch(/fail +p50 +21\.4 ms +733 ms +x34\.3 +x31\.9 to x36\.8 +\+10% and \+5ms/);
  });

  it("has colour codes only when asked", () => {
    const model = buildReport(CASES.fail);
    const plain = renderTerminal(model, { width: 80, rows: null, colour: false });
    const coloured = renderTerminal(model, { width: 80, rows: null, colour: true });
    expect(plain).not.toContain("\u001b");
    expect(coloured.startsWith("\u001b[31mFAIL\u001b[0m  p50 rose")).toBe(true);
    expect(coloured.replaceAll(/\p{Cc}\[\d+m/gu, "")).toBe(plain);
  });

  it("text from outside brings neither control sequences nor workflow commands", () => {
    const text = renderTerminal(buildReport(hostile), { width: 80, rows: null, colour: false });
    expect(text).not.toMatch(/::|##\[|[\p{Cf}]/u);
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

describe("tables", () => {
  const columns = (cells: readonly string[]) =>
    [
      { title: "name", align: "left", worth: 3, cells },
      { title: "n", align: "right", worth: 2, cells: cells.map((_, i) => String(10 ** i)) },
      { title: "note", align: "left", worth: 1, cells: cells.map(() => "long text") },
    ] as const;

  it("align names of other scripts by the cells they take", () => {
    expect(renderTextTable(columns(["注文", "e\u0301tat", "👩‍💻 a", "שָׁלוֹם"]), 80)).toEqual([
      "name     n  note",
      "注文     1  long text",
      "\u00e9tat    10  long text",
      "👩‍💻 a   100  long text",
      "שָׁלוֹם  1000  long text",
    ]);
  });

  it("leave out the least worthy columns first", () => {
    expect(renderTextTable(columns(["abcd"]), 16)).toEqual(["name  n", "abcd  1"]);
  });

  it("cut what still does not fit", () => {
    expect(renderTextTable(columns(["a".repeat(30)]), 12).map(textWidth)).toEqual([12, 12]);
  });
});

describe("wrapping", () => {
  it("hangs further lines below the first and breaks a word that is too long", () => {
    expect(wrap(`aaa bbb ${"c".repeat(45)} ddd`, 26, "next: ")).toEqual([
      `next: aaa bbb ${"c".repeat(12)}`,
      `      ${"c".repeat(20)}`,
      `      ${"c".repeat(13)} ddd`,
    ]);
  });

  it("nothing stays one empty line", () => {
    expect(wrap("", 80)).toEqual([""]);
  });
});

describe("progress", () => {
  const progress: LoadProgress = {
    phase: "steady",
    elapsed: seconds(12.4),
    runTime: seconds(60),
    users: 50,
    requests: 1234,
    failures: 3,
    dropped: 0,
    requestsPerSecond: 48.2,
    failuresPerSecond: 0,
    usersAsked: 50,
    tasks: [],
    mean: 25,
    p50: 21.4,
    p95: 48,
    p99: 90,
  };

  it("is one line in Locust's words", () => {
    expect(progressLine(progress)).toBe(
      "12s/1m steady  users 50  requests 1,234  failures 3 (0.243 %)  48.2 req/s  0 failures/s  p50 21.4 ms  p95 48.0 ms",
    );
  });

  it("names dropped arrivals as soon as there are any", () => {
    expect(progressLine({ ...progress, dropped: 7 })).toContain("failures 3 (0.243 %)  dropped 7  48.2 req/s");
  });

  it("shows a dash before the first response", () => {
    expect(progressLine({ ...progress, requests: 0, failures: 0, p50: null, p95: null })).toContain("failures 0 (0 %)");
    expect(progressLine({ ...progress, p50: null, p95: null })).toMatch(/p50 - {2}p95 -$/);
  });
});
