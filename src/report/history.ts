import { metricInfo } from "../config/metric-catalog.ts";
import type { RunSummary } from "../record/summary.ts";
import { countOf, formatValue } from "./format.ts";
import type { Section } from "./report.ts";

/** Runs in one line of a table. */
const MOST_RUNS = 30;
const SHOWN = ["p50", "p95", "failure-rate", "lambda-duration", "required-concurrency"];

/** The base's last runs, one line a metric; `null` when there are too few to be a course. */
export const historySection = (runs: readonly RunSummary[]): Section | null => {
  const last = runs.slice(-MOST_RUNS);
  const rows = SHOWN.flatMap((id) => {
    const values = last.map((run) => levelOf(run, id)).filter((value) => value !== null);
    const newest = values.at(-1);
    const unit = metricInfo(id)?.unit;
    if (values.length < 2 || newest === undefined || unit === undefined) return [];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [[id, sparkline(values), formatValue(unit, low), formatValue(unit, high), formatValue(unit, newest)]];
  });
  if (rows.length === 0) return null;
  return {
    id: "history",
    title: `History of the base (${countOf(last.length, "run")})`,
    chart: null,
    lines: [],
    table: {
      columns: [
        { title: "metric", kind: "name" },
        { title: "oldest to newest", kind: "text" },
        { title: "least", kind: "number" },
        { title: "most", kind: "number" },
        { title: "newest", kind: "number" },
      ],
      rows,
    },
  };
};

const levelOf = (run: RunSummary, id: string): number | null => {
  const counts = run.counts[id];
  if (counts !== undefined) return counts.trials > 0 ? counts.events / counts.trials : null;
  return run.values[id] ?? null;
};

const STEPS = "▁▂▃▄▅▆▇█";

/** Heights from 0, not from the least value: noise of one per cent must not look like a mountain range. */
export const sparkline = (values: readonly number[]): string => {
  const most = Math.max(...values);
  return values.map((value) => STEPS[most > 0 ? Math.round((value / most) * (STEPS.length - 1)) : 0] ?? "").join("");
};
