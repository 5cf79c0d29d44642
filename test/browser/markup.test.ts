import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderJunit } from "../../src/report/junit.ts";
import { renderSummary } from "../../src/report/markdown.ts";
import { renderMermaid } from "../../src/report/mermaid.ts";
import { buildReport } from "../../src/report/model.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { CASES } from "../golden/cases.ts";
import { chromiumPath, startChromium } from "./chromium.ts";

const MERMAID = createRequire(import.meta.url).resolve("@mermaid-js/tiny/dist/mermaid.tiny.js");
const inputs: readonly (readonly [string, ReportInput])[] = Object.entries(CASES);

describe.runIf(chromiumPath() !== null)("what others parse", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startChromium();
    page = await browser.newPage();
    await page.addScriptTag({ content: readFileSync(MERMAID, "utf8") });
  });
  afterAll(async () => {
    await browser.close();
  });

  /** How many lines Mermaid draws in our colours; throws what its parser says. */
  const drawn = async (chart: string): Promise<number> =>
    await page.evaluate(
      `mermaid.render("chart", ${JSON.stringify(chart)}).then(({ svg }) =>
        [...new DOMParser().parseFromString(svg, "image/svg+xml").querySelectorAll(".plot path")]
          .filter((path) => ["#1f78d1", "#d9534f", "#9a6ddb"].includes(path.getAttribute("stroke"))).length)`,
    );
  const chartIn = (markdown: string): string | undefined => /```mermaid\n([\s\S]*?)```/.exec(markdown)?.[1];

  it.each(inputs.filter(([name]) => name !== "not-ready"))("%s: Mermaid draws both lines", async (_, input) => {
    const chart = chartIn(renderSummary(buildReport(input)));
    expect(await drawn(chart ?? "")).toBe(2);
  });

  it.each([
    ["two points", [20, 21], [40, 41]],
    ["nothing but 0", [0, 0, 0], [0, 0, 0]],
    ["microseconds and hours", [0.0001, 86_400_000], [0.001, 86_400_000]],
  ])("Mermaid reads %s", async (_, p50, p95) => {
    const chart = renderMermaid({ kind: "latency", from: 0, to: p50.length - 1, every: 1, p50, p95 });
    expect(await drawn(chartIn(`${chart}\n`) ?? "")).toBe(2);
  });

  it("Mermaid reads the medians of rounds", async () => {
    const chart = renderMermaid({ kind: "rounds", base: [84.1, 88.4, 85.8], head: [97.2, 0.5, 98.4] });
    expect(await drawn(chartIn(`${chart}\n`) ?? "")).toBe(2);
  });

  it.each(inputs)("%s: JUnit is XML", async (_, input) => {
    const root: string = await page.evaluate(
      `new DOMParser().parseFromString(${JSON.stringify(renderJunit(buildReport(input)))}, "application/xml").documentElement.outerHTML.slice(0, 60)`,
    );
    expect(root).toMatch(/^<testsuites name="swarmgate" tests="\d+"/);
  });
});
