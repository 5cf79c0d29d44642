/** A CSV text as rows of texts, or what is wrong and on which line. */
export type CsvRead =
  | { readonly ok: true; readonly rows: readonly (readonly string[])[]; readonly lines: readonly number[] }
  | { readonly ok: false; readonly line: number; readonly says: string };

/**
 * RFC 4180: commas, quotes doubled inside quotes, line breaks inside quotes, CRLF or LF, a byte order mark in front. Spaces
 * belong to the value. Strict where a lenient reader guesses: a quote inside an unquoted value, text behind a closing
 * quote and a quote that never closes are refused. Empty lines are skipped. `lines` says where each row begins.
 */
export const readCsv = (input: string): CsvRead => {
  const text = input.startsWith("\uFEFF") ? input.slice(1) : input;
  const rows: string[][] = [];
  const lines: number[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row = readRow(text, at, line);
    if ("says" in row) return { ok: false, ...row };
    if (row.values.length > 1 || row.values[0] !== "") {
      rows.push(row.values);
      lines.push(line);
    }
    at = row.next;
    line = row.nextLine;
  }
  return { ok: true, rows, lines };
};

type Row = { readonly values: string[]; readonly next: number; readonly nextLine: number };
type Wrong = { readonly line: number; readonly says: string };
type Value = { readonly value: string; readonly end: number; readonly line: number };

const readRow = (text: string, start: number, startLine: number): Row | Wrong => {
  const values: string[] = [];
  let at = start;
  let line = startLine;
  for (;;) {
    const field = text[at] === '"' ? quoted(text, at, line) : unquoted(text, at, line);
    if ("says" in field) return field;
    values.push(field.value);
    line = field.line;
    if (text[field.end] === ",") at = field.end + 1;
    else return { values, next: behindLineEnd(text, field.end), nextLine: line + 1 };
  }
};

const VALUE_END = /[,\r\n]/g;

const unquoted = (text: string, start: number, line: number): Value | Wrong => {
  VALUE_END.lastIndex = start;
  const end = VALUE_END.exec(text)?.index ?? text.length;
  const value = text.slice(start, end);
  return value.includes('"') ? { line, says: "has a quote inside a value without quotes" } : { value, end, line };
};

const quoted = (text: string, start: number, line: number): Value | Wrong => {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) return { line, says: "has a quote that never closes" };
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const raw = text.slice(start + 1, end);
  const lastLine = line + (raw.match(/\r\n|\r|\n/g)?.length ?? 0);
  const next = text[end + 1];
  if (next !== undefined && next !== "," && next !== "\r" && next !== "\n") {
    return { line: lastLine, says: "has text behind a closing quote" };
  }
  return { value: raw.replaceAll('""', '"'), end: end + 1, line: lastLine };
};

const behindLineEnd = (text: string, at: number): number => (text.startsWith("\r\n", at) ? at + 2 : at + 1);
