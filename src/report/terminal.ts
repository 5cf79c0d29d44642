import type { Problem } from "../errors.ts";
import type { Verdict } from "../judge/verdict.ts";
import type { LoadProgress } from "../load/result.ts";
import { renderTextTable, type TextColumn, wrap } from "../text-layout.ts";
import { clip, escapeLog } from "./escape.ts";
import { formatCount, formatDuration, formatFigure, formatMs, formatShare } from "./format.ts";
import { type Block, fitRows } from "./one-screen.ts";
import type { MetricRow, ReportModel } from "./report.ts";

export type TerminalOptions = {
  readonly width: number;
  /** Of the terminal; `null` leaves nothing out. */
  readonly rows: number | null;
  readonly colour: boolean;
  /** A command that shows the same judgement with nothing left out; without one the same command into a file does. */
  readonly whole?: string;
};

/** The closing summary: one screen, with a line to spare for the prompt. Ends with a newline. */
export const renderTerminal = (model: ReportModel, options: TerminalOptions): string => {
  const { width, rows, colour, whole } = options;
  const paint = colour ? painted : (_: Verdict | null, text: string): string => text;
  const word = model.verdict.toUpperCase();
  const [first = "", ...others] = wrap(say(model.headline), width, `${word}  `);
  const blocks = [
    block(STAYS, [first.replace(word, paint(model.verdict, word)), ...others]),
    ...model.top.map((line) => block(STAYS, wrap(say(line), width))),
    block(4, wrap(model.provenance.map(say).join(" | "), width)),
    block(STAYS, [""]),
    ...table(rowsFor(model), width, paint),
    block(STAYS, [""]),
    ...model.moved.map((line) => block(5, wrap(say(line), width, "- "))),
    ...model.next.map((line, index) => block(6, wrap(say(line), width, index === 0 ? "next: " : "      "))),
    ...model.problems.map((problem) => block(problem.severity === "invalid" ? 7 : 2, problemLines(problem, width))),
    ...model.notes.map((line) => block(1, wrap(say(line), width, "note: "))),
    block(3, model.detectable === "" || model.verdict === "fail" ? [] : wrap(say(model.detectable), width)),
    block(3, model.totals === "" ? [] : wrap(say(model.totals), width)),
    block(STAYS, model.runRecord === null ? [] : [`run record: ${say(model.runRecord)}`]),
  ];
  const where = whole === undefined ? INTO_A_FILE : escapeLog(whole);
  return `${fitRows(blocks, { width, rows: rows === null ? null : rows - 1 }, where).join("\n")}\n`;
};

const INTO_A_FILE = 'add "> report.txt" to the command';
const STAYS = Number.POSITIVE_INFINITY;
const block = (worth: number, lines: readonly string[]): Block => ({ worth, lines });

/** One line of live progress in Locust's words. Holds nothing from outside. */
export const progressLine = (progress: LoadProgress): string => {
  const { phase, elapsed, runTime, users, requests, failures } = progress;
  const share = requests > 0 ? formatShare(failures / requests) : "0 %";
  return [
    `${formatDuration(Math.floor(elapsed))}/${formatDuration(runTime)} ${phase}`,
    `users ${formatCount(users)}`,
    `requests ${formatCount(requests)}`,
    `failures ${formatCount(failures)} (${share})`,
    ...(progress.dropped > 0 ? [`dropped ${formatCount(progress.dropped)}`] : []),
    `${formatFigure(progress.requestsPerSecond)} req/s`,
    `${formatFigure(progress.failuresPerSecond)} failures/s`,
    `p50 ${progress.p50 === null ? "-" : formatMs(progress.p50)}`,
    `p95 ${progress.p95 === null ? "-" : formatMs(progress.p95)}`,
  ].join("  ");
};

const LONGEST_LINE = 400;

/** A terminal's output is also a job's log, so both kinds of commands are taken out. */
const say = (text: string): string => escapeLog(clip(text, LONGEST_LINE));

/** One screen: a proved regression leaves no room for what does not gate. */
const rowsFor = ({ rows, verdict }: ReportModel): readonly MetricRow[] =>
  verdict === "fail" ? rows.filter(({ role }) => role === "gate") : rows;

const problemLines = ({ severity, message, hint, code }: Problem, width: number): readonly string[] => {
  const lead = `${severity}: `;
  return [...wrap(say(`${message} (${code})`), width, lead), ...wrap(say(hint), width, " ".repeat(lead.length))];
};

type Paint = (verdict: Verdict | null, text: string) => string;

/** The id of every metric of ours is shorter, and so are most names of tasks behind it. */
const SHORTEST_NAME = 31;

/** A block a line: a table that is too long loses what does not gate, then what holds. */
const table = (rows: readonly MetricRow[], width: number, paint: Paint): readonly Block[] => {
  if (rows.length === 0) return [];
  const column = (title: string, align: TextColumn["align"], worth: number, cellOf: (row: MetricRow) => string) => ({
    title,
    align,
    worth,
    cells: rows.map(cellOf),
  });
  const columns = [
    column("verdict", "left", 7, ({ verdict }) => verdict ?? "informs"),
    { ...column("metric", "left", 8, ({ id }) => escapeLog(id)), shortest: SHORTEST_NAME },
    column("base", "right", 4, ({ base }) => base),
    column("head", "right", 6, ({ head }) => head),
    column("change", "right", 5, ({ change }) => change),
    column("95 % CI", "right", 2, ({ interval }) => interval),
    column("limit", "left", 3, ({ limit }) => say(limit)),
  ];
  const telling = columns.filter(({ cells }) => cells.some((cell) => cell !== "" && cell !== "-"));
  const [title = "", ...lines] = renderTextTable(telling, width);
  const lineOf = (text: string, row: MetricRow | undefined): Block =>
    block(rowWorth(row), [coloured(text, row?.verdict ?? null, paint)]);
  return [block(STAYS, [title]), ...lines.map((line, index) => lineOf(line, rows[index]))];
};

const rowWorth = (row: MetricRow | undefined): number => {
  if (row?.role !== "gate") return 3;
  return row.verdict === "pass" || row.verdict === "improved" ? 8 : 9;
};

const coloured = (line: string, verdict: Verdict | null, paint: Paint): string =>
  verdict !== null && line.startsWith(verdict) ? `${paint(verdict, verdict)}${line.slice(verdict.length)}` : line;

const SGR: Readonly<Record<Verdict, number>> = {
  pass: 32,
  improved: 32,
  warn: 33,
  fail: 31,
  inconclusive: 33,
  invalid: 31,
  "no-baseline": 36,
};

const painted: Paint = (verdict, text) => (verdict === null ? text : `\u001b[${SGR[verdict]}m${text}\u001b[0m`);
