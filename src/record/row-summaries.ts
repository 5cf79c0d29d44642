/** What a summary keeps of each row of the result, so that tasks of one side only can be left out of its totals later. */
import { coarsen } from "../load/histogram.ts";
import { countFailures, countRequests } from "../load/outcome.ts";
import type { Slice, TaskResult } from "../load/result.ts";
import { eventsOf, partsOf } from "./failure-counts.ts";
import type { RunRecord } from "./record.ts";
import type { Counts, RowSummary, RunSummary } from "./summary.ts";

/** A history holds rows of about 2 KB each: of a run with more of them it keeps the totals only. */
export const MOST_ROWS_KEPT = 50;

/**
 * The rows with the tasks whose requests they hold; `null` where that is not known of each (rows that appear while the load
 * runs, records of an earlier version). The histograms of a single row are those of the whole and are left out.
 */
export const rowSummaries = (record: RunRecord): readonly RowSummary[] | null => {
  const owners = rowOwners(record);
  const single = record.tasks.length === 1;
  const rows = record.tasks.map((task, at): RowSummary => {
    const counts = { ...eventsOf(task.outcomes), parts: rowParts(record, at) };
    return {
      name: task.name,
      tasks: owners.get(task.name) ?? [],
      requests: countRequests(task.outcomes),
      ok: task.outcomes.ok,
      counts: single ? { ...counts, parts: null } : counts,
      response: single ? null : task.response.histogram,
      service: single ? null : task.service.histogram,
    };
  });
  return rows.length > 0 && rows.every(({ tasks }) => tasks.length > 0) ? rows : null;
};

/** The summary as a history keeps it: latencies to two digits, which a merge of rows needs; the figures stay as they are. */
export const forHistory = (run: RunSummary): RunSummary => {
  const { rows, ...rest } = run;
  if (rows === undefined || rows.length > MOST_ROWS_KEPT) return rest;
  return {
    ...rest,
    rows: rows.map((row) => ({ ...row, response: coarsened(row.response), service: coarsened(row.service) })),
  };
};

const coarsened = (text: string | null): string | null => (text === null ? null : coarsen(text));

/** Failures of one row in ten equal parts of the window; `null` where the slices do not say which requests failed. */
export const rowParts = (record: RunRecord, at: number): Counts["parts"] => {
  const knows = (slice: Slice): boolean =>
    slice.tasks.length === record.tasks.length && (slice.failures !== undefined || countFailures(slice.outcomes) === 0);
  if (record.tasks.length < 2 || !record.slices.every(knows)) return null;
  return partsOf(record, ({ tasks, failures }) => ({ events: failures?.[at] ?? 0, trials: tasks[at] ?? 0 }));
};

/** Row name to the tasks of the fingerprint whose requests it holds. A task whose rows are not told has one of its own name. */
const rowOwners = ({ plan, tasks, fingerprint }: RunRecord): ReadonlyMap<string, readonly string[]> => {
  const rowsOf = (name: string): readonly string[] => {
    const told = plan.tasks.filter((task) => task.name === name).flatMap(({ rows }) => rows ?? []);
    return told.length === 0 ? [name] : told;
  };
  const names = Object.keys(fingerprint.test.tasks);
  return new Map(
    tasks.map(({ name: row }: TaskResult) => [row, names.filter((task) => rowsOf(task).includes(row))] as const),
  );
};
