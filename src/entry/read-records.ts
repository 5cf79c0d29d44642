import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { type BaselineFile, readBaselineFile } from "../gate/baseline-file.ts";
import type { Files } from "../ports.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { RunRecord } from "../record/record.ts";

const MAX_RECORD_BYTES = 20 * 1024 * 1024;

/** One run record, or every problem in it, each with the file's name. */
export const readRecord = async (path: string, files: Files): Promise<Parsed<RunRecord>> => {
  const read = await files.read(path, MAX_RECORD_BYTES);
  const hint = "Give the path of a run record, such as the run.json of swarmgate run.";
  if (read.kind === "absent")
    return refused([usageProblem("record-unreadable", `The file ${path} does not exist.`, hint)]);
  if (read.kind === "refused")
    return refused([usageProblem("record-unreadable", `The file ${path} cannot be read: ${read.reason}.`, hint)]);
  const record = parseRecord(read.text);
  return record.ok
    ? record
    : refused(record.problems.map((problem) => ({ ...problem, message: `${path}: ${problem.message}` })));
};

/** Several run records or histories, to be read as one baseline. */
export const readBaselines = async (
  paths: readonly string[],
  files: Files,
): Promise<Parsed<readonly BaselineFile[]>> => {
  const read = await Promise.all(paths.map((path) => readBaselineFile(path, files)));
  const problems = read.flatMap((one) => (one.ok ? [] : one.problems));
  return problems.length > 0 ? refused(problems) : parsed(read.flatMap((one) => (one.ok ? [one.value] : [])));
};
