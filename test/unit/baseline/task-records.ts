import type { OutcomeCounts } from "../../../src/load/outcome.ts";
import type { Slice, TaskResult } from "../../../src/load/result.ts";
import type { RunRecord } from "../../../src/record/record.ts";
import { perSecond, seconds } from "../../../src/units.ts";
import { latency, load, outcomes, plan, record, slice, task } from "../record/sample-record.ts";

/** One row of a run: how many requests, around how many milliseconds, and of these how many failed. */
export type Row = {
  readonly name: string;
  readonly requests: number;
  readonly ms: number;
  readonly failed?: number;
};

const SECONDS = 20;

/** Times of one row, spread by a fifth around `ms`. */
export const timesOf = ({ requests, ms, failed = 0 }: Row): readonly number[] =>
  Array.from({ length: requests - failed }, (_, i) => ms * (0.8 + (0.4 * (i % 101)) / 100));

const outcomesOf = ({ requests, failed = 0 }: Row): OutcomeCounts =>
  outcomes({ ok: requests - failed, "server-error": failed });

/**
 * A record whose tasks are these rows, failures spread evenly over the window or all in the seconds named; `definitions`
 * replaces the fingerprint's tasks.
 */
export const taskRecord = (
  id: string,
  rows: readonly Row[],
  some: {
    readonly failIn?: readonly number[];
    readonly definitions?: RunRecord["fingerprint"]["test"]["tasks"];
    readonly planTasks?: RunRecord["plan"]["tasks"];
    readonly start?: string;
  } = {},
): RunRecord => {
  const all = rows.flatMap(timesOf);
  const failed = rows.reduce((sum, row) => sum + (row.failed ?? 0), 0);
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const sample = load();
  const built = record({
    id,
    plan: plan({
      tasks: rows.map(({ name }) => ({
        name,
        weight: 1,
        request: { method: "GET", path: `/${name}`, headers: {}, body: null },
      })),
      runTime: seconds(SECONDS),
      spawnRate: perSecond(4),
    }),
    load: load({
      totals: {
        ...sample.totals,
        requests,
        rate: requests / SECONDS,
        steadyRate: requests / SECONDS,
        outcomes: outcomes({ ok: requests - failed, "server-error": failed }),
      },
      response: latency(...all),
      service: latency(...all),
      tasks: rows.map((row): TaskResult => {
        const times = latency(...timesOf(row));
        return task(row.name, {
          requests: row.requests,
          outcomes: outcomesOf(row),
          response: times,
          service: times,
          examples: {},
        });
      }),
      slices: slicesOf(rows, some.failIn),
    }),
  });
  const { fingerprint, window } = built;
  return {
    ...built,
    plan: { ...built.plan, tasks: some.planTasks ?? built.plan.tasks },
    fingerprint: { ...fingerprint, test: { ...fingerprint.test, tasks: some.definitions ?? fingerprint.test.tasks } },
    window: { ...window, start: some.start ?? window.start },
  };
};

/** Requests and failures a second, whole numbers that add up. */
const slicesOf = (rows: readonly Row[], failIn: readonly number[] | undefined): readonly Slice[] => {
  const seconds = Array.from({ length: SECONDS }, (_, second) => second);
  const bad = failIn ?? seconds;
  return seconds.map((second) => {
    const tasks = rows.map(({ requests }) => partOf(requests, second, SECONDS));
    const place = bad.indexOf(second);
    const failures = rows.map(({ failed = 0 }) => (place < 0 ? 0 : partOf(failed, place, bad.length)));
    const failed = failures.reduce((a, b) => a + b, 0);
    const requests = tasks.reduce((a, b) => a + b, 0);
    const counted = slice(second, { ok: requests - failed, "server-error": failed });
    return { ...counted, tasks, ...(failed > 0 && rows.length > 1 ? { failures } : {}) };
  });
};

const partOf = (total: number, at: number, parts: number): number =>
  Math.floor(((at + 1) * total) / parts) - Math.floor((at * total) / parts);
