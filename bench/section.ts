import type { Series } from "./statistics.ts";

export type Column = {
  /** Names the value in `Row.values`. */
  readonly key: string;
  readonly title: string;
  /** Digits behind the point. */
  readonly digits: number;
};

export type Row = { readonly name: string; readonly values: Readonly<Record<string, Series | null>> };

/** What one scenario found: kept in results.json, printed as one chapter of RESULTS.md. */
export type Section = {
  readonly title: string;
  /** Sentences before the table: what was done. */
  readonly setting: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sentences below the table: what was missing, went wrong or was noisy. */
  readonly notes: readonly string[];
};
