import type { Problem } from "../errors.ts";
import { wrap } from "../text-layout.ts";
import {
  clip,
  codeSpan,
  escapeMarkdown,
  escapeMarkdownLine,
  escapePreformatted,
  keepUnits,
  linkTarget,
} from "./escape.ts";
import { renderRows, renderTable } from "./markdown-table.ts";
import { renderMermaid } from "./mermaid.ts";
import type { Listing, ReportModel, Section } from "./report.ts";

/** GitHub refuses a comment beyond 65,536 characters and a job summary beyond 1 MiB; both budgets are in bytes of UTF-8. */
export const COMMENT_BUDGET = 60_000;
export const SUMMARY_BUDGET = 1_000_000;

/** The comment's first line, by which it is found again: one comment per key. */
export const commentMarker = (key: string): string =>
  `<!-- swarmgate:v1:${key.replace(/[^\p{L}\p{N}_./: ()[\],=@+-]/gu, "_").replace(/--+/g, "-")} -->`;

/** The pull-request comment: within the budget, short when everything passed. */
export const renderComment = (
  model: ReportModel,
  { marker, budget = COMMENT_BUDGET }: { readonly marker: string; readonly budget?: number },
): string => withinBudget(model, COMMENT_STEPS, (extent) => `${marker}\n${renderBody(model, extent)}`, budget);

/** The job summary: the same report with nothing left out that fits. */
export const renderSummary = (
  model: ReportModel,
  { budget = SUMMARY_BUDGET }: { readonly budget?: number } = {},
): string => withinBudget(model, SUMMARY_STEPS, (extent) => renderBody(model, extent), budget);

/** The job summary of a run that could not start: every problem with its hint. */
export const renderUsageErrors = (problems: readonly Problem[]): string => {
  const lines = problems.map(
    ({ message, hint, code }) => `- ${escapeMarkdown(message)} *${escapeMarkdown(hint)}* (${codeSpan(code)})`,
  );
  return ["### ❌ Nothing was sent: the configuration has to be mended", "", ...lines, ""].join("\n");
};

/** How much of the report is rendered. */
type Extent = {
  /** Collapsed sections, counted from the first. */
  readonly sections: number;
  /** Rows per collapsed table, rows of the visible table, lines per list. */
  readonly sectionRows: number;
  readonly rows: number;
  readonly lines: number;
  readonly compact: boolean;
};

const ALL = Number.MAX_SAFE_INTEGER;
const LESS: readonly Partial<Extent>[] = [
  { sectionRows: 20 },
  { sectionRows: 5 },
  ...[3, 2, 1, 0].map((sections) => ({ sectionRows: 5, sections })),
  ...[20, 5, 1].map((count) => ({ sections: 0, sectionRows: 0, rows: count, lines: count })),
];
const FULL: Extent = { sections: ALL, sectionRows: ALL, rows: ALL, lines: ALL, compact: false };
const COMMENT_STEPS: readonly Extent[] = [{ sectionRows: 100 }, ...LESS].map((less) => ({
  ...FULL,
  ...less,
  compact: true,
}));
const SUMMARY_STEPS: readonly Extent[] = [{}, { sectionRows: 1000 }, ...LESS].map((less) => ({ ...FULL, ...less }));

/** Details go first, then rows; the last step is so short that only its lines can be too long, and those are cut. */
const withinBudget = (
  model: ReportModel,
  steps: readonly Extent[],
  render: (extent: Extent) => string,
  budget: number,
): string => {
  let text = "";
  for (const extent of steps) {
    text = render(isQuiet(model) && extent.compact ? { ...extent, sections: 0 } : extent);
    if (bytes(text) <= budget) return text;
  }
  return cutLines(text, budget);
};

const renderBody = (model: ReportModel, extent: Extent): string =>
  [
    `### ${model.icon} ${keepUnits(escapeMarkdown(model.headline))}`,
    model.top.map((line) => `> ${escapeMarkdownLine(clip(line, LONGEST_LINE))}`).join("\n>\n"),
    provenanceLine(model),
    model.rows.length === 0 ? "" : renderRows(model.rows.slice(0, extent.rows)),
    model.moved.length === 0 ? "" : `**${model.movedTitle}**\n\n${bullets(model.moved, extent.lines)}`,
    model.next.length === 0 ? "" : `**Next**\n\n${bullets(model.next, extent.lines)}`,
    problemList(model, extent.lines),
    model.notes.length === 0 ? "" : `**Notes**\n\n${bullets(model.notes, extent.lines)}`,
    keepUnits(escapeMarkdownLine(model.detectable)),
    ...model.details.slice(0, extent.sections).map((section) => renderSection(section, extent)),
    cutNotice(model, extent),
  ]
    .filter((block) => block !== "")
    .join("\n\n")
    .concat("\n");

const provenanceLine = ({ provenance, runUrl }: ReportModel): string => {
  const href = runUrl === null ? null : linkTarget(runUrl);
  const [gate = "", ...others] = provenance.map(escapeMarkdown);
  return [`**${gate}**`, ...others, ...(href === null ? [] : [`[run](${href})`])].join(" · ");
};

const bullets = (lines: readonly string[], count: number): string =>
  lines
    .slice(0, count)
    .map((line) => `- ${escapeMarkdownLine(clip(line, LONGEST_LINE))}`)
    .join("\n");

const LONGEST_LINE = 600;

const problemList = ({ problems }: ReportModel, count: number): string => {
  if (problems.length === 0) return "";
  const lines = problems.slice(0, count).map(({ code, message, hint }) => {
    const [said, mend] = [message, hint].map((text) => escapeMarkdownLine(clip(text, LONGEST_LINE)));
    return `- ${said} *${mend}* (${codeSpan(code)})`;
  });
  return ["**Problems**", lines.join("\n")].join("\n\n");
};

/** Collapsed; in the summary, which has the room, a chart is open. */
const renderSection = (section: Section, { compact, sectionRows: rowCount }: Extent): string => {
  const { title, chart, lines, table, listings = [] } = section;
  return [
    `<details${chart !== null && !compact ? " open" : ""}><summary>${escapeMarkdown(title)}</summary>`,
    chart === null ? "" : renderMermaid(chart),
    lines.map((line) => `- ${escapeMarkdownLine(clip(line, LONGEST_LINE))}`).join("\n"),
    table === null ? "" : renderTable(table.columns, table.rows.slice(0, rowCount)),
    table === null || table.rows.length <= rowCount
      ? ""
      : `${table.rows.length - rowCount} more rows are left out here.`,
    ...listings.slice(0, rowCount).map(renderListing),
    "</details>",
  ]
    .filter((block) => block !== "")
    .join("\n\n");
};

/** What GitHub shows of a `<pre>` without scrolling. */
const PRE_WIDTH = 96;

/** A line that is too long goes on below itself, further in. */
const hanging = (line: string): readonly string[] => {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const parts = wrap(line.trim(), PRE_WIDTH - indent.length - 2);
  return parts.length === 0 ? [""] : parts.map((part, index) => `${indent}${index === 0 ? "" : "  "}${part}`);
};

/** Ends with its own tag only, so that it may hold empty lines. */
const renderListing = ({ title, lines }: Listing): string => {
  const from = lines.findIndex((line) => line !== "");
  const wrapped = lines.slice(Math.max(0, from)).flatMap(hanging);
  const text = wrapped.map(escapePreformatted).join("\n");
  return `<details><summary>${escapeMarkdown(title)}</summary>\n\n<pre>\n${text}\n</pre>\n\n</details>`;
};

/** Says what is missing and where it can be read; nothing is dropped in silence. */
const cutNotice = (model: ReportModel, extent: Extent): string => {
  const left = [
    ...model.details.slice(extent.sections).map(({ title }) => title),
    ...(model.rows.length > extent.rows ? [`${model.rows.length - extent.rows} metrics`] : []),
    ...LISTS.flatMap((list) =>
      model[list].length > extent.lines ? [`${model[list].length - extent.lines} of ${LIST_NAME[list]}`] : [],
    ),
  ];
  const shortened = model.details
    .slice(0, extent.sections)
    .some(({ table }) => table !== null && table.rows.length > extent.sectionRows);
  if (left.length === 0 && !shortened) return "";
  const href = model.runUrl === null ? null : linkTarget(model.runUrl);
  const place = extent.compact ? (href === null ? "the job summary" : `the [job summary](${href})`) : "the run record";
  if (left.length === 0) return `All rows are in ${place}.`;
  // Nobody looks for more behind a pass, and who does finds all of it in one place.
  if (extent.compact && isQuiet(model)) return `Charts, tasks and how it was decided are in ${place}.`;
  return `Cut to fit: ${left.map(escapeMarkdown).join(", ")}, in ${place}.`;
};

const LISTS = ["moved", "next", "problems", "notes"] as const;
const LIST_NAME = { moved: "the causes", next: "the steps", problems: "the problems", notes: "the notes" } as const;

/** Everything passed and nothing wants attention: the comment is a few lines. */
const isQuiet = ({ verdict, problems, rows }: ReportModel): boolean =>
  verdict === "pass" && problems.length === 0 && rows.every((row) => row.role === "gate");

const cutLines = (text: string, budget: number): string => {
  const lines = text.split("\n");
  const kept: string[] = [];
  let size = bytes(CUT);
  for (const line of lines) {
    size += bytes(line) + 1;
    if (size > budget) break;
    kept.push(line);
  }
  return [...kept, CUT].join("\n");
};

const CUT = "Cut to fit: the rest is in the job summary and the run record.";

const bytes = (text: string): number => new TextEncoder().encode(text).length;
