import type { Judgement } from "../../judge/verdict.ts";
import type { RunRecord } from "../../record/record.ts";
import type { Bars, Chart, CoarseLatency } from "../chart.ts";
import { isLacking } from "../imported.ts";
import type { ReportInput, Table } from "../report.ts";
import { openSlices } from "./buckets.ts";
import { distributionCharts, sidesOf } from "./distribution.ts";
import { levelBars } from "./levels.ts";
import { chartsOverTime, coarseLatency, overTimeTable } from "./over-time.ts";
import { roundsChart } from "./rounds.ts";

export type Charts = {
  readonly charts: readonly Chart[];
  readonly bars: readonly Bars[];
  /** For a chart in Markdown, with a short table beside it; `null` when the run is too short for one. */
  readonly overTime: { readonly latency: CoarseLatency | null; readonly table: Table } | null;
};

/** Rows of the table that stands beside the chart in Markdown. */
const SHORT = 12;

/** A column of zeros where nothing was measured would be a claim. */
const without = ({ columns, rows }: Table, title: string): Table => {
  const at = columns.findIndex((column) => column.title === title);
  const kept = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, index) => index !== at);
  return { columns: kept(columns), rows: rows.map(kept) };
};

/** Why the base has no curve where there is a base. */
const missingBase = ({ mode, baseline }: Judgement, { rounds }: RunRecord): string =>
  mode === "absolute" || baseline === null || rounds !== undefined
    ? ""
    : " The base's curve is missing: its run record is not at hand, and its history keeps no histogram.";

/** Everything that is drawn about a run; nothing is drawn of a run that sent nothing. */
export const buildCharts = ({ judgement, record, base }: ReportInput): Charts => {
  if (record === null) return { charts: [], bars: [], overTime: null };
  const slices = openSlices(record.slices);
  const [latency, ...others] = chartsOverTime(slices);
  const whole = overTimeTable(slices, SHORT);
  const table = whole !== null && isLacking(record, "failure-rate") ? without(whole, "failures") : whole;
  return {
    charts: [
      ...(latency === undefined ? [] : [latency]),
      ...[roundsChart(record)].filter((chart) => chart !== null),
      ...distributionCharts(sidesOf(record, base?.record ?? null), missingBase(judgement, record)),
      ...others,
    ],
    bars: levelBars(judgement, record),
    overTime: table === null ? null : { latency: coarseLatency(slices), table },
  };
};
