import { quote } from "../config/given.ts";
import type { Position, YamlNode } from "../config/read-yaml.ts";
import { didYouMean, nearest } from "../config/suggest.ts";
import { readCsv } from "./csv.ts";
import { fieldsOf, itemsOf } from "./fields.ts";
import { type FileReader, MOST_DATA_BYTES, readBytes } from "./read-file.ts";
import { complain, type Reading, scalarAt } from "./reading.ts";
import type { DataRow, DataSource, JsonValue } from "./scenario.ts";
import { NAME_PATTERN } from "./tokens.ts";

/** A data source and where it stands. */
export type PlacedSource = { readonly source: DataSource; readonly at: Position; readonly nameAt: Position };

export const DATA_KEYS = ["file", "as", "pick"] as const;
export const PICKS = ["sequential", "random", "unique"] as const;

/** The list `data`. A source that cannot be read keeps its name and has no rows, so that its uses are not problems too. */
export const readData = (reading: Reading, node: YamlNode, files: FileReader): readonly PlacedSource[] =>
  itemsOf(reading, node, "data").flatMap((item) => readSource(reading, item, files) ?? []);

const readSource = (reading: Reading, node: YamlNode, files: FileReader): PlacedSource | null => {
  const fields = fieldsOf(reading, node, { what: "a data source", keys: DATA_KEYS });
  if (fields === null) return null;
  const [fileNode, nameNode] = [fields.get("file"), fields.get("as")];
  for (const key of ["file", "as"]) {
    if (fields.get(key) !== null) continue;
    const hint = "Write { file: accounts.csv, as: account, pick: unique }.";
    complain(reading, fields.at, { code: "missing-value", says: `a data source has no ${key}.`, hint });
  }
  const pick = readPick(reading, fields.get("pick"));
  const file = fileNode === null ? null : scalarAt(reading, fileNode, "file");
  const rows = file === null ? null : readRows(reading, { path: file.text.trim(), at: file.at }, files);
  const name = nameNode === null ? null : readName(reading, nameNode, "as");
  if (name === null || nameNode === null) return null;
  return { source: { name, pick, rows: rows ?? [] }, at: fields.at, nameAt: nameNode.at };
};

/** A name that templates may use. */
export const readName = (reading: Reading, node: YamlNode, what: string): string | null => {
  const scalar = scalarAt(reading, node, what);
  if (scalar === null) return null;
  return checkName(reading, scalar.text, node.at) ? scalar.text : null;
};

/** Whether templates can name it. */
export const checkName = (reading: Reading, name: string, at: Position): boolean => {
  if (name === "random") {
    complain(reading, at, { says: "random is a name that templates need themselves.", hint: "Choose another name." });
    return false;
  }
  if (new RegExp(`^${NAME_PATTERN}$`).test(name) && name.length <= 64) return true;
  const hint = "Use letters, digits, underscores and hyphens, a letter first, at most 64.";
  complain(reading, at, { says: `${quote(name)} is not a name.`, hint });
  return false;
};

const readPick = (reading: Reading, node: YamlNode | null): DataSource["pick"] => {
  const scalar = node === null ? null : scalarAt(reading, node, "pick");
  if (scalar === null) return "sequential";
  const pick = PICKS.find((one) => one === scalar.text);
  if (pick !== undefined) return pick;
  const hint = didYouMean(nearest(scalar.text, PICKS), "Write sequential, random or unique.");
  complain(reading, scalar.at, { says: `${quote(scalar.text)} is not a way to pick rows.`, hint });
  return "sequential";
};

type FilePlace = { readonly path: string; readonly at: Position };

const readRows = (reading: Reading, { path, at }: FilePlace, files: FileReader): readonly DataRow[] | null => {
  const refuse = (says: string, hint: string): null => {
    complain(reading, at, { code: "unreadable-file", says: `${quote(path)} ${says}.`, hint });
    return null;
  };
  const form = /\.(csv|json)$/i.exec(path)?.[1]?.toLowerCase();
  if (form === undefined)
    return refuse("is neither a .csv nor a .json file", "Use CSV with a header, or a JSON array.");
  const bytes = readBytes(reading, { path, at, maxBytes: MOST_DATA_BYTES }, files);
  if (bytes === null) return null;
  const text = utf8(bytes);
  if (text === null) return refuse("is not UTF-8", "Save it in UTF-8.");
  const rows = form === "csv" ? csvRows(text) : jsonRows(text);
  if (typeof rows !== "string" && rows.length > MOST_ROWS) return refuse(TOO_MANY, "Use a part of it.");
  if (typeof rows === "string") return refuse(rows, form === "csv" ? CSV_HINT : JSON_HINT);
  return rows.length > 0 ? rows : refuse("has no rows", form === "csv" ? CSV_HINT : JSON_HINT);
};

/** Each worker holds them as objects: a hundred bytes and more each, however short the line. */
const MOST_ROWS = 500_000;
const TOO_MANY = "has more than 500,000 rows";

const CSV_HINT = "Write a line with the names of the columns, then one line a row (RFC 4180).";
const JSON_HINT = 'Write an array of objects: [{ "email": "a@b.example" }].';

/** Rows by column, or what is wrong. */
const csvRows = (text: string): readonly DataRow[] | string => {
  // Before reading: a file of empty quotes would be millions of lists by then.
  if (lineEnds(text) > 2 * MOST_ROWS) return TOO_MANY;
  const read = readCsv(text);
  if (!read.ok) return `${read.says} in line ${read.line}`;
  const [header = [], ...rows] = read.rows;
  const names = header.map((name) => name.trim());
  if (names.includes("")) return "has a column without a name";
  if (new Set(names).size < names.length) return "has two columns of the same name";
  const uneven = rows.findIndex((row) => row.length !== names.length);
  if (uneven >= 0)
    return `has ${rows[uneven]?.length} values instead of ${names.length} in line ${read.lines[uneven + 1]}`;
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ""])));
};

const lineEnds = (text: string): number => {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x0a || unit === 0x0d) count += 1;
  }
  return count;
};

const jsonRows = (text: string): readonly DataRow[] | string => {
  let value: JsonValue;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return "is not JSON";
  }
  if (!Array.isArray(value)) return "is not an array";
  const odd = value.findIndex((row) => typeof row !== "object" || row === null || Array.isArray(row));
  return odd < 0 ? value : `has something else than an object as item ${odd + 1}`;
};

const utf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};
