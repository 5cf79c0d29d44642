import { type Baseline, HISTORY_SCHEMA, type KnownNoise } from "../baseline/baseline.ts";
import { matchHistory, matchTasks, runDifferences, type TaskMatch, usableHistory } from "../baseline/common-tasks.ts";
import { staleNote } from "../baseline/describe.ts";
import { isSound, parseHistory, uniteNoise, uniteRuns } from "../baseline/history.ts";
import type { Config } from "../config/config.ts";
import { type Parsed, type Problem, parsed, refused, UserError, usageProblem } from "../errors.ts";
import type { Files } from "../ports.ts";
import { MAX_DOCUMENT, schemaOf } from "../record/document.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import type { RunSummary } from "../record/summary.ts";
import { epochMs } from "../units.ts";
import { noiseOf } from "./calibrated-noise.ts";

/** A baseline given by path: one run record, or a history with any number of runs. */
export type BaselineFile = {
  readonly path: string;
  readonly runs: readonly RunSummary[];
  /** What `calibrate` measured, in histories. */
  readonly known?: KnownNoise;
  /** A history may hold runs of other loads, which are left out. */
  readonly isHistory?: boolean;
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
  const isHistory = schemaOf(read.text) === HISTORY_SCHEMA;
  const held = isHistory ? parseHistory(read.text) : recordRuns(read.text);
  if (!held.ok) return held;
  const { runs, ...known } = held.value;
  return parsed({ path, runs, isHistory, ...(isHistory ? { known: uniteNoise([known]) } : {}) });
};

/** A malformed baseline file is wrong usage, so it is read before anything is sent. `null` when none is named. */
export const givenBaseline = async (
  { baseline }: Config,
  { files }: { readonly files: Files },
): Promise<BaselineFile | null> => {
  if (baseline.source.kind !== "file") return null;
  const file = await readBaselineFile(baseline.source.path, files);
  if (!file.ok) throw new UserError(file.problems);
  return file.value;
};

/**
 * The baseline that a file is. Another load, or a run that is no valid measurement, makes the run `invalid`; a history
 * may hold runs of other loads, which are left out.
 */
export const baselineOfFile = (file: BaselineFile, head: RunSummary): Baseline => {
  const flawed = flawOf(file);
  if (flawed !== null) return flawed;
  const own = ownRuns(file, head);
  if (own.kind === "none") return own.baseline;
  const match = matchHistory(own.runs, head);
  return match.kind === "different"
    ? mismatch(file.path, match.differences)
    : found([file], { ...match, head }, [...own.notes, ...besideHeads(own.runs, [head])]);
};

/** The baseline of a comparison of files: all of them, on both sides, must have measured one load (SPEC 12.1, "Imports"). */
export const comparedFiles = (files: readonly BaselineFile[], heads: readonly RunRecord[]): Baseline => {
  const candidates = heads.map(summarise);
  const path = files.map((file) => file.path).join(", ");
  const [head] = candidates;
  if (head === undefined) return emptyBaseline(path);
  const flawed = files.map(flawOf).find((one) => one !== null);
  if (flawed !== undefined) return flawed;
  const own = files.map((file) => (file.isHistory === true ? usedOfHistory(file, head) : allRuns(file)));
  const refused = own.find((one) => one.kind === "none");
  if (refused !== undefined) return refused.baseline;
  const runs = uniteRuns(own.map((one) => (one.kind === "runs" ? one.runs : [])));
  if (runs.length === 0) return emptyBaseline(path);
  const match = matchTasks(runs, candidates);
  if (match.kind === "different") return mismatch(path, match.differences);
  const notes = own.flatMap((one) => (one.kind === "runs" ? one.notes : []));
  return found(files, { ...match, head }, [...notes, ...besideHeads(runs, candidates)]);
};

type Held = Pick<BaselineFile, "runs"> & KnownNoise;

/** What of a file can be used, or the baseline that it is without any. */
type OwnRuns =
  | { readonly kind: "runs"; readonly runs: readonly RunSummary[]; readonly notes: readonly string[] }
  | { readonly kind: "none"; readonly baseline: Baseline };

const allRuns = (file: BaselineFile): OwnRuns => ({ kind: "runs", runs: file.runs, notes: [] });

const ownRuns = ({ path, runs: all }: BaselineFile, head: RunSummary): OwnRuns => {
  const runs = uniteRuns([all]);
  const differences = runs.map((run) => runDifferences(run, head));
  const last = differences.at(-1);
  if (last === undefined) return { kind: "none", baseline: emptyBaseline(path) };
  const same = runs.filter((_, index) => differences[index]?.length === 0);
  if (same.length === 0) return { kind: "none", baseline: mismatch(path, last) };
  const left = runs.length - same.length;
  const note = `${left} of ${runs.length} runs in ${path} measured another load and are left out`;
  return { kind: "runs", runs: same, notes: left > 0 ? [note] : [] };
};

/** Of a history beside other files the runs whose tasks its newest run has. */
const usedOfHistory = (file: BaselineFile, head: RunSummary): OwnRuns => {
  const own = ownRuns(file, head);
  if (own.kind === "none") return own;
  const { used, notes } = usableHistory(own.runs, head);
  return { kind: "runs", runs: used, notes: [...own.notes, ...notes] };
};

const found = (
  files: readonly BaselineFile[],
  { base, leftOut, notes, head }: Extract<TaskMatch, { readonly kind: "comparable" }> & { readonly head: RunSummary },
  more: readonly string[],
): Baseline => {
  const calibrated = noiseOf(uniteNoise(files.map(({ known = {} }) => known)), head.fingerprint.test);
  return {
    kind: "found",
    state: "file",
    sha: base.at(-1)?.sha ?? null,
    runs: base,
    ...calibrated.noise,
    notes: [...calibrated.notes, ...files.flatMap((file) => file.notes ?? []), ...notes, ...more],
    ...(leftOut === undefined ? {} : { leftOut }),
  };
};

const flawOf = ({ path, runs }: BaselineFile): Baseline | null => {
  const flawed = runs.find((run) => !isSound(run));
  return flawed === undefined ? null : refusedBaseline(path, flawed);
};

const besideHeads = (base: readonly RunSummary[], heads: readonly RunSummary[]): readonly string[] => {
  const last = Math.max(...heads.map(({ start }) => Date.parse(start)));
  return [...staleNote(base.at(-1), epochMs(last)), ...sameRecord(base, heads)];
};

const sameRecord = (base: readonly RunSummary[], heads: readonly RunSummary[]): readonly string[] =>
  heads.some((head) => base.some((run) => run.id === head.id))
    ? ["same-record: the same run stands on both sides"]
    : [];

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
