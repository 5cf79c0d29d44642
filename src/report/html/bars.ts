import type { Bars } from "../chart.ts";
import { keepUnits } from "../escape.ts";
import { element } from "./element.ts";
import { escapeHtml } from "./escape-html.ts";

const WIDTH = 240;
const HEIGHT = 16;

/** Figures with a bar each. It is a table, so that it needs neither scripts nor eyes. */
export const renderBars = ({ id, title, text, rows }: Bars): string =>
  element(
    "figure",
    { class: "card", id: `bars-${id}` },
    element("figcaption", {}, element("h3", {}, escapeHtml(title)), element("p", {}, keepUnits(escapeHtml(text)))),
    element("table", { class: "bars" }, element("tbody", {}, ...rows.map(barRow))),
  );

const barRow = ({ label, figure, share, limit, tone }: Bars["rows"][number]): string =>
  element(
    "tr",
    {},
    element("th", { scope: "row" }, escapeHtml(label)),
    element("td", { class: "drawn" }, share === null ? "" : picture(share, limit, tone)),
    element("td", { class: "number" }, escapeHtml(figure)),
  );

/** The figure stands beside it in words, so it is hidden from a screen reader. */
const picture = (share: number, limit: number | null, tone: string): string =>
  element(
    "svg",
    { class: `level ${tone}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    element("rect", { class: "rail", width: WIDTH, height: HEIGHT }),
    element("rect", { class: "fill", width: share > 0 ? Math.max(1, Math.round(share * WIDTH)) : 0, height: HEIGHT }),
    limit === null
      ? ""
      : element("rect", { class: "limit", x: Math.round(limit * WIDTH) - 1, width: 2, height: HEIGHT }),
  );
