import type { LoadProgress, ProgressFigures, TaskProgress } from "../load/result.ts";
import { cutToWidth, leastWidth, renderTextTable, type TextColumn, textWidth } from "../text-layout.ts";
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
  const [heading = "", ...lines] = tableOf(rows, width);
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

/** What a table of one width has; those of Locust's columns that the docs name are in all of them. */
type Layout = {
  readonly gap: number;
  readonly titles: "long" | "short";
  /** The share of failures beside their number. */
  readonly shares: boolean;
  readonly average: boolean;
  readonly type: boolean;
  readonly shortestName: number;
  /** Large figures in thousands and millions. */
  readonly rounded: boolean;
};

const FULL: Layout = {
  gap: 2,
  titles: "long",
  shares: true,
  average: true,
  type: true,
  shortestName: 16,
  rounded: false,
};
const PLAIN: Layout = { ...FULL, shares: false };
const CLOSE: Layout = { ...PLAIN, gap: 1 };
const SHORT: Layout = { ...CLOSE, titles: "short" };
const NO_AVERAGE: Layout = { ...SHORT, average: false };
const NO_TYPE: Layout = { ...NO_AVERAGE, type: false };
const NARROW: Layout = { ...NO_TYPE, shortestName: 10 };
const NARROWEST: Layout = { ...NARROW, shortestName: 4, rounded: true };

/** Blanks, titles and what matters least are given up before a column of Locust's is. */
const LAYOUTS: readonly Layout[] = [FULL, PLAIN, CLOSE, SHORT, NO_AVERAGE, NO_TYPE, NARROW, NARROWEST];

const tableOf = (rows: readonly Row[], width: number): readonly string[] => {
  const layouts = LAYOUTS.filter(({ shares }) => !shares || width >= WIDE);
  const fits = layouts.find((one) => leastWidth(columnsOf(rows, one), one.gap) <= width) ?? NARROWEST;
  return renderTextTable(columnsOf(rows, fits), width, fits.gap);
};

const columnsOf = (rows: readonly Row[], layout: Layout): readonly TextColumn[] => {
  const { titles, shares, average, type, rounded, shortestName } = layout;
  const column = (title: string, worth: number, cellOf: (row: Row) => string): TextColumn => ({
    title,
    align: title === "Type" ? "left" : "right",
    worth,
    cells: rows.map(cellOf),
  });
  const count = rounded ? roundedCount : formatCount;
  const rate = rounded ? roundedRate : formatFigure;
  const time = rounded ? roundedMillis : millisText;
  const failuresOf = ({ failures, requests }: Row): string =>
    shares && failures > 0 ? `${count(failures)} (${formatShare(failures / requests)})` : count(failures);
  const nameOf = (row: Row): string => (type ? withoutMethod(row) : escapeLog(row.name));
  const long = titles === "long";
  return [
    ...(type ? [column("Type", 2, ({ method }) => method)] : []),
    { title: "Name", align: "left", worth: 10, cells: rows.map(nameOf), shortest: shortestName },
    column(long ? "# reqs" : "reqs", 9, ({ requests }) => count(requests)),
    column(long ? "# fails" : "fails", 8, failuresOf),
    ...(average ? [column("Avg", 1, ({ mean }) => time(mean))] : []),
    column("p50", 4, ({ p50 }) => time(p50)),
    column("p95", 7, ({ p95 }) => time(p95)),
    column("p99", 3, ({ p99 }) => time(p99)),
    column("req/s", 6, ({ requestsPerSecond }) => rate(requestsPerSecond)),
    column(long ? "failures/s" : "fails/s", 5, ({ failuresPerSecond }) => rate(failuresPerSecond)),
  ];
};

/** An unnamed step is called by its method and path, and the method stands beside it already. */
const withoutMethod = ({ name, method }: Row): string => {
  const shown = escapeLog(name);
  return method !== "" && shown.startsWith(`${method} `) ? shown.slice(method.length + 1) : shown;
};

/** `99,999`, `123k`, `1.23M`. */
const roundedCount = (count: number): string => {
  if (count < 100_000) return formatCount(count);
  const [part, unit] = count < 999_500 ? [count / 1e3, "k"] : [count / 1e6, "M"];
  return `${Number(part.toPrecision(3))}${unit}`;
};

const roundedRate = (rate: number): string => (rate < 100_000 ? formatFigure(rate) : roundedCount(rate));

/** From 100 seconds in seconds: `30,000`, `120s`. */
const roundedMillis = (value: number | null): string =>
  value === null || value < 100_000 ? millisText(value) : `${roundedCount(value / 1000)}s`;

/** The unit stands in the first line. */
const millisText = (value: number | null): string => (value === null ? "-" : formatMs(value).replace(" ms", ""));

/** The longest of the wordings that fits. */
const statusLine = (progress: LoadProgress, width: number): string => {
  const { phase, elapsed, runTime } = progress;
  if (phase === "warm-up") return cutToWidth(`warm-up  ${formatDuration(Math.floor(elapsed))}  times in ms`, width);
  const wordings = wordingsOf(progress).map((parts) => [phase, ...parts].join("  "));
  const text = wordings.find((wording) => textWidth(wording) <= width) ?? wordings.at(-1) ?? "";
  return cutToWidth(`${text}${bar(width - textWidth(text) - 2, elapsed / runTime)}`, width);
};

const wordingsOf = ({ phase, elapsed, runTime, users, usersAsked }: LoadProgress): readonly (readonly string[])[] => {
  const now = formatDuration(Math.floor(Math.min(elapsed, runTime)));
  const all = formatDuration(runTime);
  const left = `${formatDuration(Math.ceil(Math.max(0, runTime - elapsed)))} left`;
  const manyUsers = `${formatCount(users)}/${formatCount(usersAsked)} users`;
  const shortLeft = phase === "drain" ? "in flight" : left;
  return [
    [
      `${formatCount(users)} of ${formatCount(usersAsked)} users`,
      `${now} of ${all}`,
      phase === "drain" ? "requests in flight" : left,
      "times in ms",
    ],
    [manyUsers, `${now}/${all}`, shortLeft, "times in ms"],
    [manyUsers, shortLeft, "times in ms"],
  ];
};

const LONGEST_BAR = 40;
const SHORTEST_BAR = 6;

const bar = (room: number, share: number): string => {
  const length = Math.min(room, LONGEST_BAR);
  if (length < SHORTEST_BAR) return "";
  const done = Math.round(length * Math.min(1, Math.max(0, share)));
  return `  ${"█".repeat(done)}${"░".repeat(length - done)}`;
};
