import type { Chart } from "../chart.ts";
import { keepUnits } from "../escape.ts";
import { element } from "./element.ts";
import { escapeHtml, jsonForScript } from "./escape-html.ts";
import { renderTable } from "./table.ts";

/** A place for the page's script to draw in, the figures in words, and as a table for whoever has no scripts or no eyes for it. */
export const renderChart = (chart: Chart): string =>
  element(
    "figure",
    { class: "card chart", id: `chart-${chart.id}` },
    element(
      "figcaption",
      {},
      element("h3", {}, escapeHtml(chart.title)),
      element("p", {}, keepUnits(escapeHtml(chart.text))),
    ),
    element("div", {
      class: "plot",
      role: "img",
      tabindex: 0,
      "data-chart": chart.id,
      "aria-label": `${chart.title}. ${chart.text} Arrow keys read the points; the table below has the figures.`,
    }),
    element("p", { class: "said", "aria-live": "polite" }),
    element(
      "details",
      { class: "figures" },
      element("summary", {}, "Figures", element("span", { class: "unseen" }, ` of: ${escapeHtml(chart.title)}`)),
      renderTable(chart.table, { label: `Figures: ${chart.title}` }),
    ),
  );

/** What the page's script draws: the charts without their tables, figures to four digits. */
export const chartData = (charts: readonly (Omit<Chart, "table"> & Partial<Pick<Chart, "table">>)[]): string =>
  jsonForScript(
    JSON.stringify(
      charts.map(({ table: _, ...chart }) => ({
        ...chart,
        x: { ...chart.x, values: chart.x.values.map(fourDigits) },
        series: chart.series.map((series) => ({
          ...series,
          values: series.values.map((value) => (value === null ? null : fourDigits(value))),
        })),
      })),
    ),
  );

const fourDigits = (value: number): number => Number(value.toPrecision(4));
