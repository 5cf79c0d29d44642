import { type Baseline, HISTORY_SCHEMA } from "../baseline/baseline.ts";
import type { Calibration } from "../baseline/calibration.ts";
import { loadDifferences } from "../baseline/compatible.ts";
import { isSound, parseHistory, uniteRuns } from "../baseline/history.ts";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import type { Files } from "../ports.ts";
import { MAX_DOCUMENT, schemaOf } from "../record/document.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import type { RunSummary } from "../record/summary.ts";
import { noiseOf } from "./calibrated-noise.ts";

/** A baseline given by path: one run record, or a history with any number of runs. */
export type BaselineFile = {
  readonly path: string;
  readonly runs: readonly RunSummary[];
  /** What `calibrate` measured, in histories. */
  readonly calibrations?: readonly Calibration[];
  /** What is to be said about the files themselves. */
  readonly notes?: readonly string[];
};

/**
 * Reads a baseline file before any load is sent: what is wrong with it is wrong usage (`record-unreadable`,
 * `record-invalid`), not a finding about the run.
 */
export const readBaselineFile = async (path: string, files: Files): Promise<Parsed<BaselineFile>> => {
  const read = await files.read(path, MAX_DOCUMENT);
  if (read.kind === "absent") return refused([unreadable(path, "does not exist")]);
  if (read.kind === "refused") return refused([unreadable(path, `cannot be read: ${read.reason}`)]);
  const found = schemaOf(read.text) === HISTORY_SCHEMA ? parseHistory(read.text) : recordRuns(read.text);
  if (!found.ok) return found;
  const { runs, calibrations } = found.value;
  return parsed({ path, runs, ...(calibrations === undefined ? {} : { calibrations }) });
};

/**
 * The baseline that a file is. Another load, or a run that is no valid measurement, makes the run `invalid`; a history
 * may hold runs of other loads, which are left out.
 */
export const baselineOfFile = (file: BaselineFile, head: RunSummary): Baseline => {
  const runs = uniteRuns([file.runs]);
  const flawed = file.runs.find((run) => !isSound(run));
  if (flawed !== undefined) return refusedBaseline(file.path, flawed);
  const differences = runs.map((run) => loadDifferences(run.fingerprint.test, head.fingerprint.test));
  const same = runs.filter((_, index) => differences[index]?.length === 0);
  const last = differences.at(-1);
  if (last === undefined) return emptyBaseline(file.path);
  if (same.length === 0) return mismatch(file.path, last);
  const left = runs.length - same.length;
  const calibrated = noiseOf(file.calibrations ?? [], head.fingerprint.test);
  return {
    kind: "found",
    state: "file",
    sha: same.at(-1)?.sha ?? null,
    runs: same,
    ...calibrated.noise,
    notes: [
      ...calibrated.notes,
      ...(file.notes ?? []),
      ...(left > 0 ? [`${left} of ${runs.length} runs in ${file.path} measured another load and are left out`] : []),
      ...(same.some((run) => run.id === head.id) ? ["same-record: the same run stands on both sides"] : []),
    ],
  };
};

/** The baseline of a comparison of files: all of them, on both sides, must have measured one load (SPEC 12.1, "Imports"). */
export const comparedFiles = (bases: BaselineFile, heads: readonly RunRecord[]): Baseline => {
  const candidates = heads.map(summarise);
  const first = candidates[0];
  if (first === undefined) return emptyBaseline(bases.path);
  for (const run of [...bases.runs, ...candidates]) {
    const differences = loadDifferences(run.fingerprint.test, first.fingerprint.test);
    if (differences.length > 0) return mismatch(bases.path, differences);
  }
  const both = candidates.find((head) => bases.runs.some((run) => run.id === head.id));
  return baselineOfFile(bases, both ?? first);
};

type Held = Pick<BaselineFile, "runs" | "calibrations">;

const recordRuns = (text: string): Parsed<Held> => {
  const record = parseRecord(text);
  return record.ok ? parsed({ runs: [summarise(record.value)] }) : record;
};

const unreadable = (path: string, what: string): Problem =>
  usageProblem(
    "record-unreadable",
    `The baseline file ${path} ${what}.`,
    "Give the path of a run record, or of a history.json.",
  );

const refusedBaseline = (path: string, run: RunSummary): Baseline => ({
  kind: "none",
  problem: {
    code: "baseline-refused",
    severity: "invalid",
    message: `The baseline ${path} is no valid measurement: it ${run.interrupted ? "was interrupted" : "is marked invalid"}.`,
    hint: "Measure the base again and give that run record.",
  },
  notes: [],
});

const emptyBaseline = (path: string): Baseline => ({
  kind: "none",
  problem: {
    code: "no-baseline",
    severity: "warning",
    message: `The baseline ${path} holds no run yet.`,
    hint: "Measure the base and give that run record.",
  },
  notes: [],
});

const mismatch = (path: string, differences: readonly string[]): Baseline => ({
  kind: "none",
  problem: {
    code: "fingerprint-mismatch",
    severity: "invalid",
    message: `The baseline ${path} measured another load: ${differences.join("; ")}.`,
    hint: "Compare runs of one configuration: measure the base again with these settings.",
  },
  notes: [],
});
