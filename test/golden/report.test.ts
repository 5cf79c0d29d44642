import { describe, expect, it } from "vitest";
import { asAccepted } from "../../src/report/accepted.ts";
import { renderHtml } from "../../src/report/html/html.ts";
import { resultJson, resultText } from "../../src/report/json.ts";
import { renderJunit } from "../../src/report/junit.ts";
import { commentMarker, renderComment, renderSummary } from "../../src/report/markdown.ts";
import { buildReport } from "../../src/report/model.ts";
import type { ReportInput, ReportModel } from "../../src/report/report.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { CASES } from "./cases.ts";

/** The page without what is the same in all of them, or data: policy, style, scripts and the figures under the charts. */
const wordsOf = (html: string): string =>
  html
    .replace(/<head>[\s\S]*?<\/head>/, "<head>…</head>")
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<details class="figures">[\s\S]*?<\/details>/g, "")
    .replace(/<(h[1-3]|p|ul|li|tr|figure|section|header|details|table)\b/g, "\n<$1");

type Shown = readonly [name: string, input: ReportInput, change: (model: ReportModel) => ReportModel];

/** Every case, and a gate that a person has opened. */
const SHOWN: readonly Shown[] = [
  ...Object.entries(CASES).map(([name, input]): Shown => [name, input, (model) => model]),
  ["accepted", CASES["fail-open"], (model) => asAccepted(model, { by: "alice" })],
];

describe("the report of each verdict, as people and programs read it", () => {
  for (const [name, input, change] of SHOWN) {
    const model = change(buildReport(input));
    const golden = (file: string): string => `./report/${name}/${file}`;

    it(`${name}: pull-request comment`, async () => {
      await expect(renderComment(model, { marker: commentMarker("load") })).toMatchFileSnapshot(golden("comment.md"));
    });

    it(`${name}: job summary`, async () => {
      await expect(renderSummary(model)).toMatchFileSnapshot(golden("summary.md"));
    });

    it(`${name}: terminal of 80 columns`, async () => {
      await expect(renderTerminal(model, { width: 80, rows: null, colour: false })).toMatchFileSnapshot(
        golden("terminal.txt"),
      );
    });

    it(`${name}: HTML, as words`, async () => {
      await expect(wordsOf(renderHtml(model, null))).toMatchFileSnapshot(golden("report.html"));
    });

    it(`${name}: JUnit`, async () => {
      await expect(renderJunit(model)).toMatchFileSnapshot(golden("junit.xml"));
    });

    it(`${name}: result JSON`, async () => {
      const { judgement, context } = input;
      const result = resultJson({ judgement, headline: model.headline, runRecord: context.runRecord });
      await expect(resultText(result)).toMatchFileSnapshot(golden("result.json"));
    });
  }
});
