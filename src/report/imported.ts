import type { RunRecord } from "../record/record.ts";

/** Why the file cannot say it, `null` where it can. */
export const lackOf = ({ imported }: Pick<RunRecord, "imported">, metric: string): string | null =>
  imported !== undefined && Object.hasOwn(imported.lacks, metric) ? (imported.lacks[metric] ?? null) : null;

/** Whether the file that a record was made from could not say it: then there is a 0 where nothing was measured. */
export const isLacking = (record: Pick<RunRecord, "imported">, metric: string): boolean =>
  lackOf(record, metric) !== null;

/** When the window began; `null` where an imported file does not say: its times count from 0, which is 1970. */
export const startOf = ({ imported, window }: Pick<RunRecord, "imported" | "window">): string | null =>
  imported !== undefined && Date.parse(window.start) < YEAR_MS ? null : window.start;

const YEAR_MS = 365 * 24 * 3600 * 1000;
