import type { ResultRow } from "../scenario/scenario.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import { addOutcomes, noOutcomes } from "./outcome.ts";
import { MOST_NAMED_ROWS, OTHER_NAMES } from "./rows.ts";
import type { RowReport, WorkerReport } from "./worker-report.ts";

export type RowMerger = {
  /** All rows so far, in the order in which they were told. */
  readonly rows: () => readonly ResultRow[];
  /** The report with its rows and tasks in the order of `rows`. */
  readonly merge: (report: WorkerReport) => WorkerReport;
};

/**
 * Workers of a module's scenario meet names in orders of their own; here they become one list. Reports of plans whose
 * rows are known before the load pass through as they are.
 */
export const rowMerger = (known: readonly ResultRow[]): RowMerger => {
  const rows: ResultRow[] = [...known];
  /** Place among the rows of the tasks, by row. */
  const places: number[] = [];
  const byName = new Map<string, number>();
  const workers = new Map<number, { readonly rows: number[]; readonly places: number[] }>();
  const add = ({ name, phase }: ResultRow): number => {
    const key = `${phase} ${name}`;
    const earlier = byName.get(key);
    if (earlier !== undefined) return earlier;
    if (byName.size >= MOST_NAMED_ROWS && name !== OTHER_NAMES) return add({ name: OTHER_NAMES, phase });
    const place = phase === "task" ? places.filter((one) => one >= 0).length : -1;
    const row = rows.push({ name, phase }) - 1;
    places[row] = place;
    byName.set(key, row);
    return row;
  };
  return {
    rows: () => rows,
    merge: (report) => {
      const own = workers.get(report.worker) ?? { rows: [], places: [] };
      workers.set(report.worker, own);
      for (const row of report.newRows ?? []) {
        const at = add(row);
        own.rows.push(at);
        if (row.phase === "task") own.places.push(places[at] ?? 0);
      }
      return own.rows.length === 0 ? report : arranged(report, own, rows.length);
    },
  };
};

const arranged = (
  report: WorkerReport,
  own: { readonly rows: readonly number[]; readonly places: readonly number[] },
  length: number,
): WorkerReport => {
  const rows: RowReport[] = Array.from({ length }, () => NOTHING);
  for (const [at, row] of report.rows.entries()) {
    const to = own.rows[at];
    const there = to === undefined ? undefined : rows[to];
    if (to === undefined || there === undefined || isEmpty(row)) continue;
    // Two names of one worker meet in one row when the list of all workers is full.
    rows[to] = there === NOTHING ? row : sumOf(there, row);
  }
  return {
    ...report,
    rows,
    slices: report.slices.map((slice) => ({
      ...slice,
      tasks: placed(slice.tasks, own.places),
      failures: placed(slice.failures ?? [], own.places),
    })),
  };
};

const sumOf = (a: RowReport, b: RowReport): RowReport => {
  const outcomes = noOutcomes();
  addOutcomes(outcomes, a.outcomes);
  addOutcomes(outcomes, b.outcomes);
  return {
    outcomes,
    response: sumOfCounts(a.response, b.response),
    service: sumOfCounts(a.service, b.service),
    examples: { ...b.examples, ...a.examples },
  };
};

const sumOfCounts = (a: BucketCounts | null, b: BucketCounts | null): BucketCounts | null => {
  if (a === null || b === null) return a ?? b;
  const counts = new Map<number, number>();
  for (const part of [a, b]) {
    for (let at = 0; at + 1 < part.length; at += 2) {
      const index = part[at] ?? 0;
      counts.set(index, (counts.get(index) ?? 0) + (part[at + 1] ?? 0));
    }
  }
  return Uint32Array.from([...counts].sort(([x], [y]) => x - y).flat());
};

const placed = (tasks: readonly (number | undefined)[], places: readonly number[]): readonly number[] => {
  const sums: number[] = [];
  for (const [at, count] of tasks.entries()) {
    const place = places[at] ?? 0;
    sums[place] = (sums[place] ?? 0) + (count ?? 0);
  }
  return Array.from(sums, (sum) => sum ?? 0);
};

const isEmpty = ({ outcomes }: RowReport): boolean => Object.values(outcomes).every((count) => count === 0);

const NOTHING: RowReport = { outcomes: noOutcomes(), response: null, service: null, examples: {} };
