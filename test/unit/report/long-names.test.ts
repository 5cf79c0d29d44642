/** Two tasks whose long names differ in their ends only: every face tells them apart, and those with room hold them whole. */
import { describe, expect, it } from "vitest";
import { renderHtml } from "../../../src/report/html/html.ts";
import { resultJson, resultText } from "../../../src/report/json.ts";
import { renderJunit } from "../../../src/report/junit.ts";
import { renderSummary } from "../../../src/report/markdown.ts";
import { buildReport } from "../../../src/report/model.ts";
import { renderTerminal } from "../../../src/report/terminal.ts";
import { CASES } from "../../golden/cases.ts";
import { evidence, judged, judgement, metric, ratio, task } from "../../golden/fixtures.ts";

const NAMES = ["that fails", "that works"].map(
  (end) => `checkout of a basket with many things in it, by a customer who is known, paid by card, ${end}`,
);
const input = {
  ...CASES.fail,
  judgement: judgement({
    verdict: "fail",
    gateOpen: false,
    metrics: NAMES.flatMap((name) =>
      ["p50", "p95"].map((id) =>
        metric(
          `${id}@${name}`,
          judged("fail", "beyond the limit", evidence(21.4, 733, ratio(34.25, 31.9, 36.8), 0.18)),
          {
            limit: "+10% and +5ms",
            gates: true,
          },
        ),
      ),
    ),
  }),
  record:
    CASES.fail.record === null
      ? null
      : { ...CASES.fail.record, tasks: NAMES.map((name) => task(name, 733, { ok: 2000 })) },
};
const ids = NAMES.flatMap((name) => [`p50@${name}`, `p95@${name}`]);
const report = buildReport(input);

describe("long names that begin alike", () => {
  it.each([
    ["JSON", resultText(resultJson({ judgement: input.judgement, headline: report.headline, runRecord: null }))],
    ["JUnit", renderJunit(report)],
    ["HTML", renderHtml(report, null)],
    ["Markdown", renderSummary(report)],
  ])("%s holds them whole", (_, text) => {
    for (const id of ids) expect(text).toContain(id);
  });

  it("JUnit has a case of its own for each", () => {
    const names = [...renderJunit(report).matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(["gate", ...ids]));
  });

  it.each([60, 80, 120])("a terminal of %i columns cuts their middles and shows head and base", (width) => {
    const lines = renderTerminal(report, { width, rows: null, colour: false }).split("\n");
    const rows = lines.filter((line) => line.startsWith("fail ")).map((line) => line.replace(/ {2,}/g, " "));
    expect(new Set(rows).size).toBe(ids.length);
    expect(rows.filter((row) => /p(50|95)@checkout.*….*that (fails|works) .*733 ms/.test(row))).toHaveLength(
      ids.length,
    );
  });

  it("names of one beginning and one end get numbers", () => {
    const twins = ["red", "green"].map((colour) => `p50@${"x".repeat(80)}${colour}${"y".repeat(80)}`);
    const rows = report.rows.slice(0, 2).map((row, index) => ({ ...row, id: twins[index] ?? "" }));
    const text = renderTerminal({ ...report, rows }, { width: 80, rows: null, colour: false });
    expect(text).toMatch(/p50@x+…y+ /);
    expect(text).toMatch(/p50@x+…y+~2 /);
  });
});
