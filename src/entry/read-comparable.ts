import { nodeFiles } from "../adapters/node/files.ts";
import { readText } from "../adapters/node/read-text.ts";
import { type Parsed, parsed, refused } from "../errors.ts";
import { type BaselineFile, readBaselineFile } from "../gate/baseline-file.ts";
import { type ImportReading, importFile } from "../gate/import-file.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import { readRecord } from "./read-records.ts";
import { VERSION } from "./version.ts";

/** How files of other tools are read from this machine. */
export const importReading = (dropBadLines: boolean): ImportReading => ({ readText, version: VERSION, dropBadLines });

/** A run record, or another tool's file as one; told apart by content. */
export const readComparable = async (path: string, reading: ImportReading): Promise<Parsed<RunRecord>> => {
  const read = await importFile(path, reading);
  if (!read.ok) return read;
  return read.value.kind === "imported" ? parsed(read.value.record) : await readRecord(path, nodeFiles());
};

/** Run records, histories and other tools' files, to be read as one baseline. */
export const readComparableBases = async (
  paths: readonly string[],
  reading: ImportReading,
): Promise<Parsed<readonly BaselineFile[]>> => {
  const read = await Promise.all(paths.map((path) => readBase(path, reading)));
  const problems = read.flatMap((one) => (one.ok ? [] : one.problems));
  return problems.length > 0 ? refused(problems) : parsed(read.flatMap((one) => (one.ok ? [one.value] : [])));
};

const readBase = async (path: string, reading: ImportReading): Promise<Parsed<BaselineFile>> => {
  const read = await importFile(path, reading);
  if (!read.ok) return read;
  if (read.value.kind !== "imported") return await readBaselineFile(path, nodeFiles());
  const { record, dropped } = read.value;
  return parsed({ path, runs: [summarise(record)], notes: dropped === null ? [] : [dropped] });
};
