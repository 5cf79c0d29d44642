import { describe, expect, it } from "vitest";
import { rowMerger } from "../../../src/load/merge-rows.ts";
import { noOutcomes } from "../../../src/load/outcome.ts";
import { MOST_NAMED_ROWS, OTHER_NAMES } from "../../../src/load/rows.ts";
import type { RowReport, WorkerReport } from "../../../src/load/worker-report.ts";
import type { ResultRow } from "../../../src/scenario/scenario.ts";

const row = (ok: number, counts: readonly number[] = []): RowReport => ({
  outcomes: { ...noOutcomes(), ok },
  response: counts.length === 0 ? null : Uint32Array.from(counts),
  service: null,
  examples: {},
});
const task = (name: string): ResultRow => ({ name, phase: "task" });
const report = (
  worker: number,
  newRows: readonly ResultRow[],
  rows: readonly RowReport[],
  tasks: number[],
): WorkerReport => ({
  worker,
  second: 0,
  newRows,
  rows,
  slices: [
    {
      ...{ second: 0, spawned: 0, left: 0, dropped: 0, bytesReceived: 0, response: null, service: null },
      outcomes: noOutcomes(),
      tasks,
    },
  ],
  signs: { seen: 0, cacheHits: 0, aged: 0 },
  failedUsers: { setup: 0, teardown: 0 },
  bytesSent: 0,
  bytesReceived: 0,
  connections: { opened: 0, reopened: 0, resumed: 0, surplus: 0, dns: null, connect: null, tls: null },
  ttfb: null,
  download: null,
  scheduleLag: null,
  loop: null,
});
const ok = ({ rows }: WorkerReport) => rows.map(({ outcomes }) => outcomes.ok);

describe("rows of several workers", () => {
  it("become one list whatever the order in which each met them", () => {
    const merger = rowMerger([]);
    const first = merger.merge(
      report(0, [{ name: "in", phase: "setup" }, task("a"), task("b")], [row(9), row(1), row(2)], [1, 2]),
    );
    const second = merger.merge(
      report(1, [task("b"), { name: "in", phase: "setup" }, task("c")], [row(3), row(8), row(4)], [3, 4]),
    );
    expect(merger.rows().map(({ name }) => name)).toEqual(["in", "a", "b", "c"]);
    expect([ok(first), ok(second)]).toEqual([
      [9, 1, 2],
      [8, 0, 3, 4],
    ]);
    expect([first.slices[0]?.tasks, second.slices[0]?.tasks]).toEqual([
      [1, 2],
      [0, 3, 4],
    ]);
    // Later reports tell new names only.
    expect(ok(merger.merge(report(1, [], [row(1), row(0), row(0)], [1, 0])))).toEqual([0, 0, 1, 0]);
  });

  it("keep a row of the same name apart in setup and tasks", () => {
    const merger = rowMerger([]);
    const merged = merger.merge(report(0, [task("x"), { name: "x", phase: "setup" }], [row(1), row(2)], [1]));
    expect([ok(merged), merger.rows().map(({ phase }) => phase)]).toEqual([
      [1, 2],
      ["task", "setup"],
    ]);
  });

  it("are added up where the list is full", () => {
    const merger = rowMerger([]);
    const names = Array.from({ length: MOST_NAMED_ROWS }, (_, at) => task(`n${at}`));
    merger.merge(
      report(
        0,
        names,
        names.map(() => row(1)),
        names.map(() => 1),
      ),
    );
    const merged = merger.merge(report(1, [task("p"), task("q")], [row(2, [5, 1, 7, 1]), row(3, [7, 2])], [2, 3]));
    expect(merger.rows().at(-1)?.name).toBe(OTHER_NAMES);
    expect(merged.rows.at(-1)?.outcomes.ok).toBe(5);
    expect([...(merged.rows.at(-1)?.response ?? [])]).toEqual([5, 1, 7, 3]);
    expect(merged.slices[0]?.tasks.at(-1)).toBe(5);
  });

  it("that are known before the load pass through as they are", () => {
    const given = report(0, [], [row(1)], [1]);
    expect(rowMerger([task("a")]).merge(given)).toBe(given);
  });
});
