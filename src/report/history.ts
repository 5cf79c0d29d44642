import { metricInfo } from "../config/metric-catalog.ts";
import type { Judgement } from "../judge/verdict.ts";
import type { RunSummary } from "../record/summary.ts";
import { plainText } from "./escape.ts";
import { countOf, formatValue } from "./format.ts";
import type { Section } from "./report.ts";
import { headOf, inOrder } from "./rows.ts";

/** Runs in one line of a table. */
const MOST_RUNS = 30;
const SHOWN = ["p50", "p95", "failure-rate", "lambda-duration", "required-concurrency"];
/** Lines of the table: what decides, then what is usually asked for. */
const MOST_METRICS = 10;

/** The base's last runs and the head behind them, one line a metric; `null` when there are too few to be a course. */
export const historySection = (runs: readonly RunSummary[], judgement: Judgement): Section | null => {
  const last = runs.slice(-MOST_RUNS);
  const judged = inOrder(judgement);
  const deciding = judged.filter(({ gates }) => gates).map(({ id }) => id);
  const ids = [...new Set([...deciding, ...SHOWN])].slice(0, MOST_METRICS);
  const rows = ids.flatMap((id) => {
    const values = last.map((run) => levelOf(run, id)).filter((value) => value !== null);
    const newest = values.at(-1);
    const metric = judged.find((one) => one.id === id);
    const unit = metric?.unit ?? metricInfo(id)?.unit;
    if (values.length < 2 || newest === undefined || unit === undefined) return [];
    const head = metric === undefined ? null : headOf(metric);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [
      [
        metric === undefined ? id : plainText(metric.id),
        sparkline(values, head),
        ...[low, high, newest].map((value) => formatValue(unit, value)),
        head === null ? "-" : formatValue(unit, head),
      ],
    ];
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
        { title: "oldest to newest, then head", kind: "text" },
        ...["least", "most", "newest", "head"].map((title) => ({ title, kind: "number" as const })),
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
export const sparkline = (values: readonly number[], head: number | null = null): string => {
  const most = Math.max(...values, head ?? 0);
  const height = (value: number): string => STEPS[most > 0 ? Math.round((value / most) * (STEPS.length - 1)) : 0] ?? "";
  return `${values.map(height).join("")}${head === null ? "" : ` ${height(head)}`}`;
};
