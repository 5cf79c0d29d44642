import { describe, expect, it } from "vitest";
import { explainMetric } from "../../../src/judge/explain.ts";
import { parseResult } from "../../../src/judge/read-result.ts";
import { decisionsSection } from "../../../src/report/decisions.ts";
import { resultJson, resultText } from "../../../src/report/json.ts";
import { renderSummary } from "../../../src/report/markdown.ts";
import { buildReport } from "../../../src/report/model.ts";
import { CASES } from "../../golden/cases.ts";

const { hostile, ...usual } = CASES;

describe("how it was decided", () => {
  it.each(Object.entries(usual))("%s: the words of `swarmgate explain` of the result that was written", (_, input) => {
    const result = parseResult(resultText(resultJson({ judgement: input.judgement, headline: "h", runRecord: null })));
    if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
    const explained = result.value.metrics.filter(({ gates }) => gates).map((metric) => explainMetric(metric));
    const told = decisionsSection(input.judgement)?.listings?.map(({ title, lines }) => [title, ...lines]) ?? [];
    // A scope may be a name of any length; the report cuts it.
    expect(told.map((lines) => lines.filter((line) => !line.includes("…")))).toEqual(
      explained.map((lines) => lines.filter((line) => line.length <= 240)),
    );
  });

  it("no metric that only informs is explained", () => {
    const titles = decisionsSection(CASES.pass.judgement)?.listings?.map(({ title }) => title.split(":")[0]);
    expect(titles).toEqual(["p50", "failure-rate", "lambda-duration", "lambda-throttles", "required-concurrency"]);
  });

  it("in Markdown a text from outside cannot end its block, nor act in it", () => {
    const name = "</pre> @everyone &lt; ``` ::error:: [x](y)";
    const model = buildReport(hostile);
    const details = model.details.map((section) =>
      section.id === "decisions" ? { ...section, listings: [{ title: name, lines: ["", `  ${name}`] }] } : section,
    );
    const [, block = ""] = /<pre>\n([\s\S]*?)\n<\/pre>/.exec(renderSummary({ ...model, details })) ?? [];
    expect(block).toBe("  &#60;/pre&#62; &#64;everyone &#38;lt; &#96;&#96;&#96; &#58;:error&#58;: &#91;x&#93;(y)");
  });

  it("in Markdown a long line goes on below itself, so that nothing has to be scrolled", () => {
    const long = `  ${"word ".repeat(60).trim()}`;
    const model = buildReport(CASES.pass);
    const details = model.details.map((section) =>
      section.id === "decisions" ? { ...section, listings: [{ title: "t", lines: [long] }] } : section,
    );
    const [, block = ""] = /<pre>\n([\s\S]*?)\n<\/pre>/.exec(renderSummary({ ...model, details })) ?? [];
    const lines = block.split("\n");
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.length <= 96)).toBe(true);
    expect(lines.map((line) => /^ */.exec(line)?.[0].length)).toEqual([2, ...lines.slice(1).map(() => 4)]);
  });
});
