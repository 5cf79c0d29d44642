/** The HTML report: one file that needs nothing else, and can do nothing else (its policy allows no connection at all). */
import { clip } from "../escape.ts";
import type { ReportModel } from "../report.ts";
import { renderBars } from "./bars.ts";
import { chartData, renderChart } from "./chart-figure.ts";
import { element, emptyElement } from "./element.ts";
import { escapeHtml, jsonForScript } from "./escape-html.ts";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, PAGE_STYLE, PAGE_STYLE_HASH } from "./page-assets.ts";
import { renderBanner, renderDetails, renderJudgement, renderProblems } from "./sections.ts";

/** The run record inside the page: as JSON, or packed (gzip, base64) when it is large. `null` when nothing was sent. */
export type EmbeddedRecord =
  | { readonly kind: "json"; readonly fileName: string; readonly json: string }
  | { readonly kind: "gzip"; readonly fileName: string; readonly base64: string };

/** From this length on a record is packed before it is embedded: a usual report stays below 1 MB. */
export const PACK_FROM = 500_000;

export const renderHtml = (model: ReportModel, record: EmbeddedRecord | null): string =>
  [
    "<!doctype html>",
    '<html lang="en">',
    head(model),
    "<body>",
    renderBanner(model),
    "<main>",
    renderJudgement(model),
    renderProblems(model),
    drawings(model),
    renderDetails(model.details),
    recordSection(record),
    "</main>",
    footer(model),
    `<script type="application/json" id="charts">${chartData(model.charts)}</script>`,
    `<script>${PAGE_SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ]
    .filter((block) => block !== "")
    .join("\n");

/** Hashes instead of a nonce: the same page always has the same policy. `data:` lets the empty icon be. */
const POLICY = [
  "default-src 'none'",
  `script-src '${PAGE_SCRIPT_HASH}'`,
  `style-src '${PAGE_STYLE_HASH}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const LONGEST_TITLE = 150;

const head = (model: ReportModel): string =>
  [
    "<head>",
    '<meta charset="utf-8">',
    emptyElement("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    '<link rel="icon" href="data:,">',
    element("title", {}, entityText(`${model.verdict}: ${clip(model.headline, LONGEST_TITLE)}`)),
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
  ].join("\n");

/** A title holds text only, so nothing is isolated in it. */
const entityText = (text: string): string => escapeHtml(text).replace(/<\/?bdi>/g, "");

const drawings = ({ charts, bars }: ReportModel): string =>
  charts.length + bars.length === 0
    ? ""
    : element(
        "section",
        { "aria-labelledby": "drawings" },
        element("h2", { id: "drawings" }, "Charts"),
        charts.length === 0
          ? ""
          : "<noscript><p>Charts are drawn by the page's script; the figures under each are the same.</p></noscript>",
        element("div", { class: "grid" }, ...charts.map(renderChart), ...bars.map(renderBars)),
      );

const recordSection = (record: EmbeddedRecord | null): string => {
  if (record === null) return "";
  const type = record.kind === "json" ? "application/json" : "application/gzip;base64";
  const content = record.kind === "json" ? jsonForScript(record.json) : record.base64.replace(/[^A-Za-z0-9+/=]/g, "");
  return element(
    "section",
    { "aria-labelledby": "record" },
    element("h2", { id: "record" }, "Run record"),
    element(
      "p",
      {},
      "Everything above can be judged again from it: ",
      element("code", {}, "swarmgate compare --base BASE --head run.json"),
      ".",
    ),
    element("p", {}, element("button", { type: "button", id: "download", hidden: true }, "Download the run record")),
    "<noscript><p>The download needs the page's script.</p></noscript>",
    `<script type="${type}" id="run-record" data-file="${entityText(record.fileName)}">${content}</script>`,
  );
};

const footer = ({ tool, window }: ReportModel): string =>
  tool === null || window === null ? "" : element("footer", {}, escapeHtml(`${tool}; measured ${spanText(window)}`));

const spanText = ({ start, seconds }: NonNullable<ReportModel["window"]>): string =>
  `${start === null ? "" : `from ${start} `}for ${Math.round(seconds)} s`;
