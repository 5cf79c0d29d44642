import type { Baseline } from "../baseline/baseline.ts";
import type { BaselineConfig } from "../config/config.ts";
import type { Files } from "../ports.ts";
import type { BaseSide } from "../report/report.ts";
import { readRecord } from "./read-records.ts";

/** The file that the user named as baseline, if it was one. */
export const baselinePath = ({ source }: BaselineConfig): string | null =>
  source.kind === "file" ? source.path : null;

/**
 * What charts need of the base. `path` is the file of its last run, `null` when the base came from artifacts: then the
 * record of the newest run is at hand where it was downloaded. A history alone holds none.
 */
export const baseSide = async (baseline: Baseline, path: string | null, files: Files): Promise<BaseSide> => {
  const runs = baseline.kind === "found" ? baseline.runs : [];
  if (runs.length === 0) return { runs, record: null };
  if (path === null) return { runs, record: baseline.kind === "found" ? (baseline.record ?? null) : null };
  const record = await readRecord(path, files);
  return { runs, record: record.ok ? record.value : null };
};
