import { type Parsed, parsed, refused } from "../errors.ts";
import type { RunRecord } from "../record/record.ts";
import { createBadLines } from "./bad-lines.ts";
import { type BuildFacts, importedRecord } from "./build-imported.ts";
import { csvRows } from "./csv-rows.ts";
import { detectDocument } from "./detect.ts";
import { columnsOf, type Format } from "./format.ts";
import { type OnLine, splitLines } from "./lines.ts";
import type { Measured, Reading } from "./measured.ts";
import { importProblem } from "./problems.ts";

/** Takes a file piece by piece. */
export type Importing = {
  /** `false` as soon as nothing behind it can matter: a line is bad and bad lines are not tolerated. */
  readonly push: (chunk: string) => boolean;
  readonly end: () => Parsed<ImportedFile>;
};

export type ImportedFile = {
  readonly format: Format;
  readonly measured: Measured;
  readonly dropped: { readonly bad: number; readonly lines: number };
};

export type ImportOptions = {
  readonly separator: string;
  /** Tolerates up to 1 % of lines that cannot be read. */
  readonly dropBadLines: boolean;
};

/** A stream of lines or rows of a known format. */
export const startImport = (format: Format, options: ImportOptions): Importing => {
  const badLines = createBadLines(options.dropBadLines);
  const { shape } = format;
  if (shape.kind === "document") throw new Error("a document is not read by lines");
  const feed =
    shape.kind === "json-lines"
      ? jsonLines(shape.open(), badLines.take)
      : tableRows(shape, options.separator, badLines.take);
  const lines = splitLines(feed.line);
  return {
    push: (chunk) => {
      lines.push(chunk);
      return !badLines.isHopeless();
    },
    end: () => {
      lines.end();
      feed.end();
      const problem = badLines.problem();
      if (problem !== null) return refused([problem]);
      const reading = feed.reading();
      if (reading === null) return refused([importProblem("it is empty")]);
      const measured = reading.finish();
      return measured.ok ? parsed({ format, measured: measured.value, dropped: badLines.counts() }) : measured;
    },
  };
};

/** A run record from an imported file. */
export const toRecord = ({ format, measured, dropped }: ImportedFile, facts: BuildFacts): RunRecord => {
  const left = droppedText(dropped);
  return importedRecord(format, { ...measured, notes: [...measured.notes, ...(left === null ? [] : [left])] }, facts);
};

/** How many lines were left out; `null` when none was. */
export const droppedText = ({ bad, lines }: ImportedFile["dropped"]): string | null =>
  bad === 0 ? null : `${bad} of ${lines} lines could not be read and were dropped.`;

/** A whole JSON document; `own` when it is one of swarmgate's. */
export const importDocument = (text: string): Parsed<ImportedFile | "own" | "unknown"> => {
  const value = parseJson(text);
  if (!value.ok) return value;
  const format = detectDocument(value.value);
  if (!format.ok) return format;
  if (format.value === "own") return parsed("own");
  if (format.value === null || format.value.shape.kind !== "document") return parsed("unknown");
  const measured = format.value.shape.read(value.value);
  if (!measured.ok) return measured;
  return parsed({ format: format.value, measured: measured.value, dropped: { bad: 0, lines: 0 } });
};

const UNKNOWN = "its content is of no tool that is known";
const FORMATS = "docs/import.md lists the formats and how each tool writes them.";

export const unknownFile = importProblem(UNKNOWN, FORMATS);

/** The line of a syntax error is named by V8; at the end of a cut-off document it is the last. */
const parseJson = (text: string): Parsed<unknown> => {
  try {
    return parsed(JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text));
  } catch (error) {
    const says = error instanceof Error ? error.message : "";
    const line = /\(line (\d+) column/.exec(says)?.[1] ?? String(text.trimEnd().split("\n").length);
    return refused([importProblem(`line ${line} is not JSON, or the file ends before its JSON does`)]);
  }
};

type Feed = {
  readonly line: OnLine;
  readonly end: () => void;
  /** `null` while there was no line at all. */
  readonly reading: () => { readonly finish: () => Parsed<Measured> } | null;
};

type OnRow = (line: number, lines: number, says: string | null) => void;

const jsonLines = (reading: Reading<unknown>, onRow: OnRow): Feed => {
  let any = false;
  return {
    line: (line, number, { tooLong }) => {
      if (line.trim() === "") return;
      any = true;
      onRow(number, 1, tooLong ? "is too long" : takeJson(reading, line));
    },
    end: () => {},
    reading: () => (any ? reading : null),
  };
};

const takeJson = (reading: Reading<unknown>, line: string): string | null => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "is not JSON, or the file ends in the middle of it";
  }
  return reading.take(value);
};

const tableRows = (shape: Extract<Format["shape"], { kind: "csv" }>, separator: string, onRow: OnRow): Feed => {
  let header = shape.columns;
  let before = "";
  let reading = header === null ? null : shape.open(columnsOf(header));
  const rows = csvRows(separator, (row) => {
    if (row.kind === "bad") onRow(row.line, row.lines, row.says);
    else if (header === null || reading === null) {
      header = row.fields;
      reading = shape.open(columnsOf(header));
    } else if (row.fields.length !== header.length) {
      onRow(row.line, row.lines, `does not have the ${header.length} columns of its table but ${row.fields.length}`);
    } else {
      const last = row.fields.at(-1) ?? "";
      const isCut = !row.ended && isBeginning(last, before);
      onRow(row.line, row.lines, isCut ? "is cut off: the file ends in the middle of it" : reading.take(row.fields));
      before = last;
    }
  });
  return { line: rows.line, end: rows.end, reading: () => reading };
};

/**
 * A last row without a line end may be whole, or cut in its last value, where no count of columns shows it: then that value
 * is the beginning of the one above it. Numbers do not tell, and none of those that stand last is used.
 */
const isBeginning = (value: string, of: string): boolean =>
  value !== "" && !/^\d+$/.test(value) && value.length < of.length && of.startsWith(value);
