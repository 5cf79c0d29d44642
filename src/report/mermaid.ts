import type { CoarseLatency, MarkdownChart, RoundMedians } from "./chart.ts";

/**
 * A chart in Mermaid, which GitHub draws in comments and summaries. Holds our own words and plain decimals only: its grammar
 * has no escape for a quotation mark and knows no exponent (reference/github-runtime.md section 5). There is no legend, so
 * the title names the lines.
 */
export const renderMermaid = (chart: MarkdownChart): string => {
  const drawn = chart.kind === "latency" ? latencyLines(chart) : roundLines(chart);
  const top = roundUp(Math.max(...drawn.lines.flat()) * 1.05);
  return [
    "```mermaid",
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${drawn.colours.join(", ")}"}}}}%%`,
    "xychart-beta",
    `  title "${drawn.title}"`,
    `  x-axis "${drawn.x.label}" ${decimal(drawn.x.from)} --> ${decimal(drawn.x.to)}`,
    `  y-axis "ms" 0 --> ${decimal(top)}`,
    ...drawn.lines.map((values) => `  line [${values.map(decimal).join(", ")}]`),
    "```",
  ].join("\n");
};

type Lines = {
  readonly title: string;
  readonly x: { readonly label: string; readonly from: number; readonly to: number };
  readonly lines: readonly (readonly number[])[];
  readonly colours: readonly string[];
};

const latencyLines = ({ from, to, p50, p95 }: CoarseLatency): Lines => ({
  title: "Response time: p95 (upper line), p50 (lower line)",
  x: { label: "seconds", from, to },
  lines: [p50, p95],
  colours: [BLUE, RED],
});

const roundLines = ({ base, head }: RoundMedians): Lines => ({
  title: "p50 by round: head (blue), base (violet)",
  x: { label: "round", from: 1, to: base.length },
  lines: [base, head],
  colours: [VIOLET, BLUE],
});

/** Mermaid's own first colour cannot be seen on white. These can, on white and on black. */
const BLUE = "#1f78d1";
const RED = "#d9534f";
const VIOLET = "#9a6ddb";

/** Two significant digits, upwards: a round number at the top of the axis, and above 0 whatever was measured. */
const roundUp = (value: number): number => {
  if (!(value > 0)) return 1;
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step) * step;
};

/** Never with an exponent: `1e-7` would be a parse error, and a chart shows four digits at most. */
const decimal = (value: number): string => {
  const decimals = value >= 100 ? 0 : value >= 1 ? 2 : 4;
  return value
    .toFixed(decimals)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
};
