import type { Bars, Chart, CoarseLatency } from "../chart.ts";
import type { ReportInput, Table } from "../report.ts";
import { openSlices } from "./buckets.ts";
import { distributionCharts, sidesOf } from "./distribution.ts";
import { levelBars } from "./levels.ts";
import { chartsOverTime, coarseLatency, overTimeTable } from "./over-time.ts";

export type Charts = {
  readonly charts: readonly Chart[];
  readonly bars: readonly Bars[];
  /** For a chart in Markdown, with a short table beside it; `null` when the run is too short for one. */
  readonly overTime: { readonly latency: CoarseLatency | null; readonly table: Table } | null;
};

/** Rows of the table that stands beside the chart in Markdown. */
const SHORT = 12;

/** Everything that is drawn about a run; nothing is drawn of a run that sent nothing. */
export const buildCharts = ({ judgement, record, base }: ReportInput): Charts => {
  if (record === null) return { charts: [], bars: [], overTime: null };
  const slices = openSlices(record.slices);
  const [latency, ...others] = chartsOverTime(slices);
  const table = overTimeTable(slices, SHORT);
  return {
    charts: [
      ...(latency === undefined ? [] : [latency]),
      ...distributionCharts(sidesOf(record, base?.record ?? null)),
      ...others,
    ],
    bars: levelBars(judgement, record),
    overTime: table === null ? null : { latency: coarseLatency(slices), table },
  };
};
