import { clip, clipMiddle } from "../escape.ts";
import type { Column, Table } from "../report.ts";
import { element } from "./element.ts";
import { escapeHtml } from "./escape-html.ts";

const LONGEST_CELL = 1000;

/**
 * A table that can be scrolled sideways with the keyboard on a narrow screen; on a phone each row of many columns is a card,
 * with the title above each figure. The first column is the row's header. With `tools` the page's script lets it be sorted and
 * filtered; without scripts it is the same table.
 */
export const renderTable = (
  { columns, rows }: Table,
  { label, tools = null }: { readonly label: string; readonly tools?: string | null },
): string => {
  const many = columns.length > FIT_A_PHONE;
  const bodyRow = (row: readonly string[]): string =>
    element("tr", {}, ...row.map((cell, i) => bodyCell(cell, columns[i], { header: i === 0, titled: many && i > 0 })));
  return scrollable(
    label,
    element(
      "table",
      { class: many ? "many" : null, "data-tools": tools },
      element("thead", {}, element("tr", {}, ...columns.map(headCell))),
      element("tbody", {}, ...rows.map(bodyRow)),
    ),
  );
};

/** Columns that a screen of 390 px has room for. */
const FIT_A_PHONE = 4;

/** A region with a name: a table that is cut by the screen's edge must be reachable without a mouse. */
export const scrollable = (label: string, content: string): string =>
  element("div", { class: "scroll", role: "region", "aria-label": label, tabindex: 0 }, content);

const headCell = ({ title, kind }: Column): string =>
  element("th", { scope: "col", class: kind === "number" ? "number" : null }, escapeHtml(title));

const bodyCell = (
  text: string,
  column: Column | undefined,
  { header, titled }: { readonly header: boolean; readonly titled: boolean },
): string => {
  const kind = column?.kind ?? "text";
  const said = escapeHtml((kind === "name" ? clipMiddle : clip)(text, LONGEST_CELL));
  const content = kind === "name" ? element("code", {}, said) : said;
  const style = kind === "number" ? "number" : kind === "name" ? "name" : null;
  const title = titled && column !== undefined && column.title !== "" ? column.title : null;
  return header
    ? element("th", { scope: "row", class: style }, content)
    : element("td", { class: style, "data-title": title }, content);
};
