import type { Verdict } from "../../judge/verdict.ts";
import { clip, keepUnits, linkTarget } from "../escape.ts";
import type { Listing, MetricRow, ReportModel, Section } from "../report.ts";
import { element } from "./element.ts";
import { escapeHtml } from "./escape-html.ts";
import { renderRange } from "./range-picture.ts";
import { renderTable, scrollable } from "./table.ts";

const LONGEST_LINE = 2000;

/** What a reader has three seconds for: the verdict, what it does to the merge, and why. */
export const renderBanner = (model: ReportModel): string => {
  const href = model.runUrl === null ? null : linkTarget(model.runUrl);
  return element(
    "header",
    // Nothing seen is no warning; suspected or unmeasured is one.
    { class: `banner ${model.face ?? model.verdict}` },
    element(
      "p",
      { class: "verdict" },
      element("strong", {}, WORDS[model.verdict]),
      " ",
      element("span", { class: "gate" }, model.gateOpen ? "gate open" : "gate closed"),
    ),
    element("h1", {}, keepUnits(escapeHtml(model.headline))),
    ...model.top.map((line) => element("p", {}, escapeHtml(clip(line, LONGEST_LINE)))),
    element(
      "ul",
      { class: "provenance" },
      ...model.provenance.map((part) => element("li", {}, escapeHtml(part))),
      href === null ? "" : element("li", {}, element("a", { href, rel: "noreferrer" }, "workflow run")),
    ),
  );
};

/** The table of gating metrics with their intervals drawn, and what follows from it. */
export const renderJudgement = (model: ReportModel): string =>
  element(
    "section",
    { "aria-labelledby": "metrics" },
    element("h2", { id: "metrics" }, "Metrics"),
    model.rows.length === 0 ? element("p", {}, "No metric was judged.") : metricsTable(model.rows),
    model.rows.some(({ range }) => range !== null) ? element("p", { class: "legend" }, RANGE_LEGEND) : "",
    list("moved", model.movedTitle, model.moved),
    list("next", "Next", model.next),
    model.detectable === "" ? "" : element("p", {}, keepUnits(escapeHtml(model.detectable))),
    model.totals === "" ? "" : element("p", {}, keepUnits(escapeHtml(model.totals))),
  );

/** Problems with what mends them, then what is only worth knowing. */
export const renderProblems = ({ problems, notes }: ReportModel): string => {
  if (problems.length === 0 && notes.length === 0) return "";
  const items = problems.map(({ severity, code, message, hint }) =>
    element(
      "li",
      { class: severity },
      element("strong", {}, severity),
      ` ${escapeHtml(clip(message, LONGEST_LINE))} `,
      element("em", {}, escapeHtml(clip(hint, LONGEST_LINE))),
      " (",
      element("code", {}, escapeHtml(code)),
      ")",
    ),
  );
  return element(
    "section",
    { "aria-labelledby": "problems" },
    element("h2", { id: "problems" }, problems.length > 0 ? "Problems" : "Notes"),
    items.length === 0 ? "" : element("ul", { class: "problems" }, ...items),
    notes.length === 0 ? "" : element("ul", {}, ...notes.map((note) => item(note))),
  );
};

/** The table of tasks is open, can be sorted and filtered; everything else is one click away. */
export const renderDetails = (details: readonly Section[]): string =>
  details
    .filter(({ id }) => !DRAWN_ABOVE.has(id))
    .map((section) =>
      element(
        "details",
        { class: "part", open: section.id === "tasks" ? true : null },
        element("summary", {}, element("h2", { id: section.id }, escapeHtml(section.title))),
        section.lines.length === 0 ? "" : element("ul", {}, ...section.lines.map((line) => item(line))),
        section.table === null
          ? ""
          : renderTable(section.table, { label: section.title, tools: section.id === "tasks" ? section.title : null }),
        ...(section.listings ?? []).map(renderListing),
      ),
    )
    .join("\n");

/** Wrapped where the screen ends; its indentation stays, because it says what belongs together. */
const renderListing = ({ title, lines }: Listing): string =>
  element(
    "details",
    { class: "listing" },
    element("summary", {}, escapeHtml(title)),
    element("pre", {}, lines.map(indented).join("\n")),
  );

/** Blanks at the beginning are part of what a line says. */
const indented = (line: string): string => `${/^ */.exec(line)?.[0] ?? ""}${escapeHtml(clip(line, LONGEST_LINE))}`;

/** Shown as charts with tables of their own. */
const DRAWN_ABOVE: ReadonlySet<Section["id"]> = new Set(["over-time"]);

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: "PASS",
  improved: "IMPROVED",
  warn: "WARN",
  fail: "FAIL",
  inconclusive: "INCONCLUSIVE",
  invalid: "INVALID",
  "no-baseline": "NO BASELINE",
};

const RANGE_LEGEND =
  "Pictures: dashed line = no change (0 for a fixed limit), solid line = limit, dot = estimate, bar = 95 % interval; right is worse, an arrow goes on beyond the picture.";

/** Columns without a figure are left out, as in the comment. */
const metricsTable = (rows: readonly MetricRow[]): string => {
  const figures = FIGURES.filter(({ key }) => rows.some((row) => row[key] !== "" && row[key] !== "-"));
  const drawn = rows.some(({ range }) => range !== null);
  const heads = [
    headCell("metric"),
    headCell("verdict"),
    ...figures.map(({ title }) => headCell(title, "number")),
    ...(drawn ? [headCell("against the limit")] : []),
    headCell("limit"),
  ];
  return scrollable(
    "Table of metrics",
    element(
      "table",
      { class: "metrics" },
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows.map((row) => metricRow(row, figures, drawn))),
    ),
  );
};

type Figure = { readonly title: string; readonly key: "base" | "head" | "change" | "interval" };

/** A narrow screen shows each title beside its figure. */
const FIGURES: readonly Figure[] = [
  { title: "base", key: "base" },
  { title: "head", key: "head" },
  { title: "change", key: "change" },
  { title: "95 % CI", key: "interval" },
];

const headCell = (title: string, style: string | null = null): string =>
  element("th", { scope: "col", class: style }, title);

const metricRow = (row: MetricRow, figures: readonly Figure[], drawn: boolean): string => {
  const verdict = row.verdict ?? "informs";
  return element(
    "tr",
    {},
    element("th", { scope: "row", class: "name" }, element("code", {}, escapeHtml(row.id))),
    element(
      "td",
      {},
      element("span", { class: `badge ${verdict}` }, verdict),
      row.role === "gate" ? "" : element("small", {}, " not gating"),
    ),
    ...figures.map(({ title, key }) =>
      element("td", { class: "number", "data-title": title }, keepUnits(escapeHtml(row[key] === "" ? "-" : row[key]))),
    ),
    drawn ? element("td", { class: "drawn" }, renderRange(row)) : "",
    element("td", { "data-title": "limit" }, escapeHtml(row.limit)),
  );
};

const list = (id: string, title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `${element("h3", { id }, title)}${element("ul", {}, ...lines.map((line) => item(line)))}`;

const item = (text: string): string => element("li", {}, keepUnits(escapeHtml(clip(text, LONGEST_LINE))));
