import { describe, expect, it } from "vitest";
import { commentMarker, renderComment, renderSummary } from "../../../src/report/markdown.ts";
import { buildReport } from "../../../src/report/model.ts";
import { CASES } from "../../golden/cases.ts";
import { context, judgement, metric, problem, record, task } from "../../golden/fixtures.ts";

const marker = commentMarker("load");
const bytes = (text: string): number => Buffer.byteLength(text);

describe("the comment", () => {
  it("starts with its marker, then the headline", () => {
    const [first, second] = renderComment(buildReport(CASES.fail), { marker }).split("\n");
    expect(first).toBe("<!-- swarmgate:v1:load -->");
    expect(second).toMatch(/^### ❌ p50 rose 34-fold: 21\.4&nbsp;ms -> 733&nbsp;ms/);
  });

  it.each(["a --> b", "x\n<!-- y", "--"])("a key cannot break out of the marker: %j", (key) => {
    expect(commentMarker(key)).toMatch(/^<!-- swarmgate:v1:[^<>\n]* -->$/);
    expect(commentMarker(key).slice(4, -3)).not.toContain("--");
  });

  it("is short when everything passed, and says where the rest is", () => {
    const comment = renderComment(buildReport(CASES.pass), { marker });
    expect(comment).not.toContain("<details>");
    expect(comment).toContain("in the [job summary](https://github.com/acme/shop/actions/runs/1001)");
    expect(comment.split("\n").length).toBeLessThan(20);
  });

  it("a passing run with a problem is not short", () => {
    const problems = [problem("baseline-refused", "warning", "Refused.", "Look.")];
    const model = buildReport({ ...CASES.pass, judgement: { ...CASES.pass.judgement, problems } });
    expect(renderComment(model, { marker })).toContain("<details>");
  });
});

describe("budgets", () => {
  /** 3,000 tasks with long names and examples beyond ASCII, 500 scoped gating metrics, 300 problems. */
  const large = buildReport({
    judgement: judgement({
      verdict: "fail",
      gateOpen: false,
      metrics: Array.from({ length: 500 }, (_, i) =>
        metric(
          `p50@${"ö".repeat(200)}${i}`,
          { kind: "no-baseline", head: i, reason: "r".repeat(300) },
          { gates: true },
        ),
      ),
      problems: Array.from({ length: 300 }, () =>
        problem("baseline-refused", "warning", "ü".repeat(900), "ß".repeat(900)),
      ),
      notes: Array.from({ length: 300 }, () => "ñ".repeat(900)),
    }),
    record: record({ tasks: Array.from({ length: 3000 }, (_, i) => task(`${"é".repeat(200)}${i}`, 20, { ok: 1 })) }),
    context: context(),
  });

  it.each([60_000, 20_000, 5_000, 1_000])("a comment of at most %d bytes is cut to fit, headline kept", (budget) => {
    const comment = renderComment(large, { marker, budget });
    expect(bytes(comment)).toBeLessThanOrEqual(budget);
    expect(comment.startsWith(`${marker}\n### ❌ `)).toBe(true);
    expect(comment).toContain("Cut to fit");
  });

  it("the default budget holds, in bytes", () => {
    expect(bytes(renderComment(large, { marker }))).toBeLessThanOrEqual(60_000);
    expect(bytes(renderSummary(large))).toBeLessThanOrEqual(1_000_000);
  });

  it("details are cut before rows, and what is cut is named with the way to the summary", () => {
    const { tasks } = record({ tasks: Array.from({ length: 3000 }, (_, i) => task(`task ${i}`, 20, { ok: 1 })) });
    const model = buildReport({ ...CASES.fail, record: record({ tasks }) });
    const full = renderComment(buildReport(CASES.fail), { marker });
    const comment = renderComment(model, { marker, budget: bytes(full) });
    expect(comment).toContain("| ⚠️&nbsp;warn<br>(not&nbsp;gating) | `p95` |");
    expect(comment).not.toContain("`task 2999`");
    expect(comment).toMatch(/rows are left out here|Cut to fit/);
    expect(comment).toContain("[job summary](");
    expect(renderSummary(model)).toContain("`task 2999`");
  });

  it("a summary that fits says nothing of cuts", () => {
    expect(renderSummary(buildReport(CASES.fail))).not.toMatch(/Cut to fit|left out|job summary/);
  });
});

describe("text from outside", () => {
  const hostile = buildReport(CASES.hostile);
  it.each([
    ["comment", renderComment(hostile, { marker })],
    ["summary", renderSummary(hostile)],
  ])("is inert in the %s", (_, markdown) => {
    const body = markdown
      .replace(`${marker}\n`, "")
      .replace(/```mermaid\n[^`]*```/, "")
      .replace(/<\/?(?:details|details open|summary|code|pre|br)>/g, "");
    expect(body).not.toMatch(/<[a-z!/]/i);
    expect(body).not.toMatch(/@\w|(?<!&)#\d|:\/\/|www\.|::|##\[|\p{Cf}/u);
    expect(body).not.toMatch(/(?<!\\)[[\]]/);
    const table = body.split("\n").filter((line) => line.startsWith("| ❌&nbsp;fail"));
    expect(table.map((line) => line.split(" | ").length)).toEqual([6]);
  });

  it("an address that is no web address makes no link", () => {
    expect(renderSummary(hostile)).not.toContain("[run]");
  });
});
