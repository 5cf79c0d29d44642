import type { Parsed } from "../errors.ts";
import type { Measured, Reading } from "./measured.ts";

/** One kind of file of one tool. */
export type Format = {
  /** As the tool's users call it, for sentences: `k6 NDJSON (--out json)`. */
  readonly name: string;
  /** In the fingerprint: runs of different tools are not compared. */
  readonly tool: string;
  /** In the fingerprint: how the times were taken and the percentiles made; two different ones are not compared. */
  readonly percentiles: string;
  readonly shape: RowsOfJson | RowsOfCsv | WholeDocument;
};

/** One JSON value a line, read as a stream. */
export type RowsOfJson = { readonly kind: "json-lines"; readonly open: () => Reading<unknown> };

/** A table, read as a stream. */
export type RowsOfCsv = {
  readonly kind: "csv";
  /** Column names for files without a header, `null` when the first row is the header. */
  readonly columns: readonly string[] | null;
  readonly open: (columns: Columns) => Reading<readonly string[]>;
};

/** One JSON document, read whole: summaries are small. */
export type WholeDocument = { readonly kind: "document"; readonly read: (value: unknown) => Parsed<Measured> };

/** Column names in lower case to their place. */
export type Columns = ReadonlyMap<string, number>;

export const columnsOf = (header: readonly string[]): Columns =>
  new Map(header.map((name, at) => [name.trim().toLowerCase(), at]));

/** The field of a row, `undefined` when the file has no such column. */
export const fieldOf = (row: readonly string[], columns: Columns, name: string): string | undefined => {
  const at = columns.get(name);
  return at === undefined ? undefined : row[at];
};

/**
 * Percentiles of all `ok` requests from our histogram, whatever the tool printed; the rest says from where to where the
 * tool's clock runs.
 */
export const fromRaw = (clock: string): string => `hdr3-rank-ceil; ${clock}`;
