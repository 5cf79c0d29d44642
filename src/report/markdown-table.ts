import { markdownTable } from "markdown-table";
import { clip, clipMiddle, codeSpan, escapeMarkdown, keepUnits } from "./escape.ts";
import type { Column, MetricRow } from "./report.ts";

const LONGEST_CELL = 300;

/**
 * The table of metrics: verdict in words beside its sign, so that nobody has to know the sign. Columns without a figure are left
 * out; what stands in brackets has a line of its own, so that no name and no limit is broken for it.
 */
export const renderRows = (rows: readonly MetricRow[]): string => {
  const cells = rows.map(({ icon, verdict, id, base, head, change, interval, limit, role }) => [
    `${icon} ${verdict ?? "informs"}${role === "gate" ? "" : " (not gating)"}`.trim(),
    id,
    base,
    head,
    interval === "" ? change : `${change} (${interval})`,
    limit,
  ]);
  const telling = METRIC_COLUMNS.map((_, index) => cells.some((row) => row[index] !== "-"));
  return renderTable(
    METRIC_COLUMNS.filter((_, index) => telling[index]),
    cells.map((row) => row.filter((_, index) => telling[index])),
    { stacked: true },
  );
};

/** A table of plain-text cells; names become code, everything is escaped. `stacked`: brackets at the end stand below. */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { stacked = false }: { readonly stacked?: boolean } = {},
): string =>
  markdownTable(
    [
      columns.map(({ title }) => escapeMarkdown(title)),
      ...rows.map((row) => columns.map(({ kind }, index) => cell(kind, row[index] ?? "", stacked))),
    ],
    { align: columns.map(({ kind }) => (kind === "number" ? "right" : null)), alignDelimiters: false },
  );

const METRIC_COLUMNS: readonly Column[] = [
  { title: "verdict", kind: "text" },
  { title: "metric", kind: "name" },
  { title: "base", kind: "number" },
  { title: "head", kind: "number" },
  { title: "change (95 % CI)", kind: "number" },
  { title: "limit", kind: "text" },
];

const unbroken = (text: string): string => text.replaceAll(" ", "&nbsp;");

const cell = (kind: Column["kind"], text: string, stacked: boolean): string => {
  if (kind === "name") return codeSpan(clipMiddle(text, LONGEST_CELL));
  const escaped = keepUnits(escapeMarkdown(clip(text, LONGEST_CELL))).replace(
    /^(?:\p{Extended_Pictographic}\ufe0f?) /u,
    unbroken,
  );
  if (stacked) return escaped.replace(/ (\([^)]*\))$/, (_, brackets: string) => `<br>${unbroken(brackets)}`);
  return kind === "number" ? escaped.replace(/\([^)]*\)/g, unbroken) : escaped;
};
