import { explainMetric, type ToldMetric } from "../judge/explain.ts";
import { type Judgement, type MetricJudgement, verdictOf } from "../judge/verdict.ts";
import { clip, clipMiddle, plainText } from "./escape.ts";
import { formatCount } from "./format.ts";
import { toldMetric } from "./json.ts";
import { effectOf } from "./leading.ts";
import type { Listing, Section } from "./report.ts";
import { evidenceOf, inOrder, reasonOf } from "./rows.ts";

const LONGEST_LINE = 240;

/** Every metric that was judged in one line, and those that gate in the words of `swarmgate explain`. */
export const decisionsSection = (judgement: Judgement): Section | null => {
  const metrics = inOrder(judgement);
  const rows = metrics
    .filter((metric) => verdictOf(metric.finding) !== null)
    .map((metric) => [
      plainText(metric.id),
      verdictOf(metric.finding) ?? "",
      clip(reasonOf(metric) ?? "", LONGEST_LINE),
      effectOf(metric) ?? "-",
      samplesText(metric),
    ]);
  if (rows.length === 0) return null;
  return {
    id: "decisions",
    title: `How it was decided (${formatCount(rows.length)})`,
    chart: null,
    lines: [],
    table: {
      columns: [
        { title: "metric", kind: "name" },
        { title: "verdict", kind: "text" },
        { title: "reason", kind: "text" },
        { title: "could have seen", kind: "number" },
        { title: "observations, base / head", kind: "text" },
      ],
      rows,
    },
    listings: metrics.filter(({ gates }) => gates).map((metric) => listing(toldMetric(metric))),
  };
};

const samplesText = (metric: MetricJudgement): string => {
  const evidence = evidenceOf(metric);
  if (evidence === null) return "-";
  const base = evidence.baseSamples === null ? "-" : `${formatCount(evidence.baseSamples)} in ${evidence.baseRuns}`;
  return `${base} / ${formatCount(evidence.headSamples)} in ${evidence.headRuns}`;
};

const listing = (metric: ToldMetric): Listing => {
  const [title = metric.id, ...lines] = explainMetric(metric);
  return { title: clipMiddle(title, LONGEST_LINE), lines: lines.map((line) => clip(line, LONGEST_LINE)) };
};
