import type { LoadProgress, ProgressFigures, TaskProgress } from "../load/result.ts";
import { cutToWidth, renderTextTable, type TextColumn, textWidth } from "../text-layout.ts";
import { escapeLog } from "./escape.ts";
import { formatCount, formatDuration, formatFigure, formatMs, formatShare } from "./format.ts";

export type LiveOptions = {
  readonly width: number;
  readonly height: number;
  /** Marks rows with failures. */
  readonly colour: boolean;
};

/** Beside the rows of tasks: status, heading, Aggregated, a line for what is left out, and the line the cursor stays on. */
const OTHER_LINES = 5;
/** From here the share of failures stands beside their number. */
const WIDE = 100;

/**
 * The live view in Locust's columns: phase, users and time, a row for each task, and all together. Every line is at most
 * `width` cells, and there are fewer than `height` of them.
 */
export const renderLive = (progress: LoadProgress, { width, height, colour }: LiveOptions): readonly string[] => {
  const room = Math.max(1, height - OTHER_LINES);
  const shown = progress.tasks.slice(0, room);
  const hidden = progress.tasks.length - shown.length;
  const rows: readonly Row[] = [...shown, { ...progress, name: "Aggregated", method: "" }];
  const [heading = "", ...lines] = renderTextTable(columnsOf(rows, width), width);
  const marked = lines.map((line, index) =>
    colour && (rows[index]?.failures ?? 0) > 0 ? `\u001b[31m${line}\u001b[0m` : line,
  );
  return [
    statusLine(progress, width),
    heading,
    ...marked.slice(0, -1),
    ...(hidden > 0 ? [cutToWidth(`and ${hidden} more, which fit on a higher terminal`, width)] : []),
    ...marked.slice(-1),
  ];
};

type Row = ProgressFigures & Pick<TaskProgress, "name" | "method">;

const columnsOf = (rows: readonly Row[], width: number): readonly TextColumn[] => {
  const column = (title: string, worth: number, cellOf: (row: Row) => string): TextColumn => ({
    title,
    align: title === "Type" || title === "Name" ? "left" : "right",
    worth,
    cells: rows.map(cellOf),
  });
  const failures = ({ failures, requests }: Row): string =>
    width < WIDE || failures === 0
      ? formatCount(failures)
      : `${formatCount(failures)} (${formatShare(failures / requests)})`;
  const others = [
    column("# reqs", 9, ({ requests }) => formatCount(requests)),
    column("# fails", 8, failures),
    column("Avg", 1, ({ mean }) => millisText(mean)),
    column("p50", 4, ({ p50 }) => millisText(p50)),
    column("p95", 7, ({ p95 }) => millisText(p95)),
    column("p99", 3, ({ p99 }) => millisText(p99)),
    column("req/s", 6, ({ requestsPerSecond }) => formatFigure(requestsPerSecond)),
    column("failures/s", 5, ({ failuresPerSecond }) => formatFigure(failuresPerSecond)),
  ];
  const type = column("Type", 2, ({ method }) => method);
  const taken = [type, ...others].reduce((sum, one) => sum + 2 + widest(one), 0);
  const longest = Math.max(SHORTEST_NAME, width - taken);
  return [type, column("Name", 10, (row) => cutToWidth(shortName(row), longest)), ...others];
};

const SHORTEST_NAME = 16;

const widest = ({ title, cells }: TextColumn): number => Math.max(textWidth(title), ...cells.map(textWidth));

/** An unnamed step is called by its method and path, and the method stands beside it already. */
const shortName = ({ name, method }: Row): string => {
  const shown = escapeLog(name);
  return method !== "" && shown.startsWith(`${method} `) ? shown.slice(method.length + 1) : shown;
};

/** The unit stands in the first line. */
const millisText = (value: number | null): string => (value === null ? "-" : formatMs(value).replace(" ms", ""));

const statusLine = (progress: LoadProgress, width: number): string => {
  const { phase, elapsed, runTime, users, usersAsked } = progress;
  if (phase === "warm-up") return cutToWidth(`warm-up  ${formatDuration(Math.floor(elapsed))}  times in ms`, width);
  const left = Math.max(0, runTime - elapsed);
  const parts = [
    phase,
    `${formatCount(users)} of ${formatCount(usersAsked)} users`,
    `${formatDuration(Math.floor(Math.min(elapsed, runTime)))} of ${formatDuration(runTime)}`,
    phase === "drain" ? "requests in flight" : `${formatDuration(Math.ceil(left))} left`,
    ...(width < 70 ? [] : ["times in ms"]),
  ];
  const text = parts.join("  ");
  return cutToWidth(`${text}${bar(width - textWidth(text) - 2, elapsed / runTime)}`, width);
};

const LONGEST_BAR = 40;
const SHORTEST_BAR = 6;

const bar = (room: number, share: number): string => {
  const length = Math.min(room, LONGEST_BAR);
  if (length < SHORTEST_BAR) return "";
  const done = Math.round(length * Math.min(1, Math.max(0, share)));
  return `  ${"█".repeat(done)}${"░".repeat(length - done)}`;
};
