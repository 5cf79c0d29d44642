import type { CoarseLatency } from "./chart.ts";

/**
 * A chart in Mermaid, which GitHub draws in comments and summaries. Holds our own words and plain decimals only: its grammar
 * has no escape for a quotation mark and knows no exponent (reference/github-runtime.md section 5). There is no legend, so
 * the title names the lines.
 */
export const renderMermaid = ({ from, to, p50, p95 }: CoarseLatency): string => {
  const top = roundUp(Math.max(...p50, ...p95) * 1.05);
  return [
    "```mermaid",
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${P50_COLOUR}, ${P95_COLOUR}"}}}}%%`,
    "xychart-beta",
    '  title "Response time: p95 (upper line), p50 (lower line)"',
    `  x-axis "seconds" ${decimal(from)} --> ${decimal(to)}`,
    `  y-axis "ms" 0 --> ${decimal(top)}`,
    `  line [${p50.map(decimal).join(", ")}]`,
    `  line [${p95.map(decimal).join(", ")}]`,
    "```",
  ].join("\n");
};

/** Mermaid's own first colour cannot be seen on white. These two can, on white and on black. */
const P50_COLOUR = "#1f78d1";
const P95_COLOUR = "#d9534f";

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
