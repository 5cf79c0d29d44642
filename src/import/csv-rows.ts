import type { OnLine } from "./lines.ts";

/** A row of fields, or what is wrong with it; `line` is where it begins, `lines` how many lines it takes. */
export type CsvRow = { readonly line: number; readonly lines: number } & (
  | { readonly kind: "row"; readonly fields: readonly string[]; readonly ended: boolean }
  | { readonly kind: "bad"; readonly says: string }
);

/** A quote that never closes must not swallow the file: no honest field has more lines. */
const MOST_LINES = 1000;

/**
 * Rows of RFC 4180 from single lines: a field in quotes may hold separators, doubled quotes and line ends. A quote inside a
 * field without quotes and text behind a closing quote are said, not guessed at.
 */
export const csvRows = (
  separator: string,
  onRow: (row: CsvRow) => void,
): { readonly line: OnLine; readonly end: () => void } => {
  let held: string[] = [];
  let inQuotes = false;
  let from = 0;
  const give = (text: string, ended: boolean): void => {
    const at = { line: from, lines: held.length };
    held = [];
    inQuotes = false;
    const fields = splitFields(text, separator);
    onRow(typeof fields === "string" ? { kind: "bad", says: fields, ...at } : { kind: "row", fields, ended, ...at });
  };
  const giveUp = (says: string): void => {
    onRow({ kind: "bad", says, line: from, lines: held.length });
    held = [];
    inQuotes = false;
  };
  return {
    line: (line, number, { tooLong, ended }) => {
      if (held.length === 0) from = number;
      if (line === "" && !inQuotes) return;
      held.push(line);
      if (tooLong) return giveUp("is too long");
      if (hasOddQuotes(line)) inQuotes = !inQuotes;
      if (!inQuotes) give(held.length === 1 ? line : held.join("\n"), ended);
      else if (held.length >= MOST_LINES) giveUp("has a quote that never closes");
    },
    end: () => {
      if (held.length > 0) giveUp("has a quote that never closes: the file ends in the middle of a row");
    },
  };
};

const hasOddQuotes = (line: string): boolean => {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
};

/** The fields of one row, or what is wrong with it. */
export const splitFields = (text: string, separator: string): readonly string[] | string => {
  if (!text.includes('"')) return text.split(separator);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at, separator);
    if (typeof field === "string") return field;
    fields.push(field.value);
    if (field.end >= text.length) return fields;
    if (!text.startsWith(separator, field.end)) return "has text behind a closing quote";
    at = field.end + separator.length;
  }
};

type Field = { readonly value: string; readonly end: number };

const plainField = (text: string, start: number, separator: string): Field | string => {
  const found = text.indexOf(separator, start);
  const end = found < 0 ? text.length : found;
  const value = text.slice(start, end);
  return value.includes('"') ? "has a quote inside a value without quotes" : { value, end };
};

const quotedField = (text: string, start: number): Field | string => {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) return "has a quote that never closes";
  return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
};
