import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { METRICS } from "../../src/config/metric-catalog.ts";
import { buildReport } from "../../src/report/model.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { CASES } from "./cases.ts";

const PAGE = new URL("../../docs/verdicts.md", import.meta.url);
const EXAMPLE = /<!-- example: ([a-z-]+)(, first lines)? -->\n```text\n[^`]*```/g;

const page = readFileSync(PAGE, "utf8");
const examples = [...page.matchAll(EXAMPLE)].map(([, name = "", short = ""]) => ({ name, short: short !== "" }));
const cases: Readonly<Record<string, ReportInput>> = CASES;

const rendered = (name: string, short: boolean): string => {
  const input = cases[name];
  if (input === undefined)
    throw new Error(`docs/verdicts.md asks for the case "${name}", which test/golden/cases.ts has not`);
  const model = buildReport(input);
  // Headline and next steps are the first and the third block of the same rendering.
  const shown = short ? { ...model, provenance: [], rows: [], detectable: "", totals: "", runRecord: null } : model;
  return renderTerminal(shown, { width: 80, rows: null, colour: false }).replace(/\n+/g, (ends) =>
    short ? "\n" : ends,
  );
};

it("docs/verdicts.md shows what the code renders", async () => {
  const fresh = page.replace(
    EXAMPLE,
    (_, name: string, short: string | undefined) =>
      `<!-- example: ${name}${short ?? ""} -->\n\`\`\`text\n${rendered(name, short !== undefined)}\`\`\``,
  );
  await expect(fresh).toMatchFileSnapshot(PAGE.pathname);
});

/** Cases about names and about ways to measure, not about verdicts. */
const OTHERS = ["hostile", "long-names", "right-to-left", "paired", "sharded", "imported"];

it("every case of a verdict stands in the page", () => {
  expect(examples.map(({ name }) => name).sort()).toEqual(
    Object.keys(CASES)
      .filter((name) => !OTHERS.includes(name))
      .sort(),
  );
});

it("every example shows a verdict that has a heading of its own", () => {
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  for (const { name } of examples) expect(headings).toContain(cases[name]?.judgement.verdict);
});

it("the least numbers of responses are those of the catalogue", () => {
  const needed = METRICS.filter(({ id }) => /^p\d+$/.test(id)).map(
    ({ id, minSamples }) => `${id} ${minSamples.toLocaleString("en-US")}`,
  );
  const sentence = page.match(/p50 needs (100) `ok` responses, (.*)\./);
  expect([`p50 ${sentence?.[1]}`, ...(sentence?.[2]?.split(", ") ?? [])]).toEqual(needed);
});
