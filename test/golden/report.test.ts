import { describe, expect, it } from "vitest";
import { resultJson, resultText } from "../../src/report/json.ts";
import { commentMarker, renderComment, renderSummary } from "../../src/report/markdown.ts";
import { buildReport } from "../../src/report/model.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { CASES } from "./cases.ts";

describe("the report of each verdict, as people and programs read it", () => {
  for (const [name, input] of Object.entries(CASES)) {
    const model = buildReport(input);
    const golden = (file: string): string => `./report/${name}/${file}`;

    it(`${name}: pull-request comment`, async () => {
      await expect(renderComment(model, { marker: commentMarker("load") })).toMatchFileSnapshot(golden("comment.md"));
    });

    it(`${name}: job summary`, async () => {
      await expect(renderSummary(model)).toMatchFileSnapshot(golden("summary.md"));
    });

    it(`${name}: terminal of 80 columns`, async () => {
      await expect(renderTerminal(model, { width: 80, colour: false })).toMatchFileSnapshot(golden("terminal.txt"));
    });

    it(`${name}: result JSON`, async () => {
      const { judgement, context } = input;
      const result = resultJson({ judgement, headline: model.headline, runRecord: context.runRecord });
      await expect(resultText(result)).toMatchFileSnapshot(golden("result.json"));
    });
  }
});
