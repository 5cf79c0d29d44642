import { describe, expect, it } from "vitest";
import { historySection, sparkline } from "../../../src/report/history.ts";
import { renderSummary } from "../../../src/report/markdown.ts";
import { renderMermaid } from "../../../src/report/mermaid.ts";
import { buildReport } from "../../../src/report/model.ts";
import { CASES } from "../../golden/cases.ts";
import { baseSide, evidence, judged, judgement, metric } from "../../golden/fixtures.ts";

describe("the chart in Markdown", () => {
  const at = (p50: readonly number[], p95: readonly number[]): string =>
    renderMermaid({ kind: "latency", from: 0, to: p50.length - 1, every: 1, p50, p95 });

  it.each([
    ["tiny", [1e-9, 2e-7], [3e-7, 4e-7]],
    ["huge", [8.64e7, 1e12], [3e15, 1e20]],
    ["nothing but 0", [0, 0], [0, 0]],
  ])("knows no exponent: %s values", (_, p50, p95) => {
    const numbers = at(p50, p95).split("\n").slice(3, -1).join(" ");
    expect(numbers).not.toMatch(/\de[+-]?\d|NaN|Infinity/);
  });

  it("every point lies below the top of the axis", () => {
    const top = Number(/0 --> (\S+)\n {2}line/.exec(at([10, 20], [99.9, 30]))?.[1]);
    expect(top).toBeGreaterThan(99.9);
  });

  it("has the same number of points in both lines, at most 60, and no text from outside", () => {
    const chart = /```mermaid\n([\s\S]*?)```/.exec(renderSummary(buildReport(CASES.hostile)))?.[1] ?? "";
    const lines = [...chart.matchAll(/line \[(.*)\]/g)].map(([, numbers = ""]) => numbers.split(", ").length);
    expect(lines).toEqual([60, 60]);
    expect(chart).not.toContain("evil");
  });
});

describe("the history of the base", () => {
  it("a height is a share of the largest value, so that noise is flat", () => {
    expect(sparkline([100, 101, 99, 100])).toBe("████");
    expect(sparkline([0, 5, 10])).toBe("▁▅█");
    expect(sparkline([0, 0])).toBe("▁▁");
  });

  it("says least, most and newest of each metric it has", () => {
    const section = historySection(baseSide(20).runs, judgement({}));
    expect(section?.title).toBe("History of the base (9 runs)");
    expect(section?.table?.rows.map(([id]) => id)).toEqual([
      "p50",
      "p95",
      "failure-rate",
      "lambda-duration",
      "required-concurrency",
    ]);
    expect(section?.table?.rows[0]?.[1]).toHaveLength(9);
  });

  it("begins with what decides, and has the head behind the base's runs on the same scale", () => {
    const head = judged("fail", "beyond", evidence(7.2, 72, null, null));
    const section = historySection(baseSide(20).runs, judgement({ metrics: [metric("lambda-duration", head)] }));
    const [first] = section?.table?.rows ?? [];
    expect(first?.[0]).toBe("lambda-duration");
    expect(first?.[1]).toMatch(/^[▁▂]{9} █$/);
    expect(first?.at(-1)).toBe("72.0 ms");
  });

  it("one run is no history", () => {
    expect(historySection(baseSide(20).runs.slice(0, 1), judgement({}))).toBeNull();
    expect(historySection([], judgement({}))).toBeNull();
  });
});
