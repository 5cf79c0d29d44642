import type { GeneratorHealth } from "../load/result.ts";
import type { RunRecord } from "../record/record.ts";
import { countOf, formatCount, formatFigure, formatMs, formatShare } from "./format.ts";
import type { Section } from "./report.ts";

type Health = Omit<GeneratorHealth, "series">;

/** How well the load generator was, in one line per machine; `null` where another tool sent the load. */
export const generatorSection = ({ generator, shards, imported, totals }: RunRecord): Section | null => {
  if (imported !== undefined) return null;
  const parts = shards ?? [];
  const machines = parts.length > 0 ? countOf(parts.length, "shard") : countOf(generator.workers, "worker");
  return {
    id: "generator",
    title: `Load generator (${machines})`,
    chart: null,
    lines: parts.length > 0 ? [clockText(parts)] : [],
    table: {
      columns: COLUMNS.map((title, index) => ({ title, kind: index === 0 ? "text" : "number" })),
      rows: [
        ...parts.map(({ index, requests, generator: own }) => rowOf(`shard ${index}`, requests, own)),
        rowOf(parts.length > 0 ? "all" : "this machine", totals.requests, generator),
      ],
    },
  };
};

const COLUMNS = [
  "where",
  "requests",
  "users",
  "loop busy",
  "busiest second",
  "CPU",
  "loop late p99",
  "starts late p99",
  "memory",
];

const rowOf = (where: string, requests: number, health: Health): readonly string[] => [
  where,
  formatCount(requests),
  `${formatCount(health.usersReached)} of ${formatCount(health.usersAsked)}`,
  percent(health.utilisation.mean),
  percent(health.utilisation.max),
  percent(health.cpuShare),
  formatMs(health.loopDelayMs.p99),
  formatMs(health.scheduleLagMs.p99),
  `${formatFigure(health.memoryMb)} MB`,
];

const percent = (share: number): string => formatShare(Math.round(share * 100) / 100);

/** How far the machines were apart when they began, by GitHub's clock. */
const clockText = (parts: NonNullable<RunRecord["shards"]>): string => {
  const starts = parts.map(({ start }) => Date.parse(start));
  const apart = Math.max(...starts) - Math.min(...starts);
  const clocks = parts.filter(({ clockMs }) => clockMs !== 0).length;
  const corrected = clocks === 0 ? "" : `; ${countOf(clocks, "clock")} corrected by GitHub's`;
  return `They began within ${formatCount(apart)} ms${corrected}`;
};
