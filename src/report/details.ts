import { type Judgement, type MetricJudgement, verdictOf } from "../judge/verdict.ts";
import { OUTCOME_CLASSES, type OutcomeClass } from "../load/outcome.ts";
import type { RunRecord } from "../record/record.ts";
import type { Charts } from "./charts/charts.ts";
import { cloudSections } from "./cloud-sections.ts";
import { clip } from "./escape.ts";
import { formatCount, formatMs, formatShare } from "./format.ts";
import { historySection } from "./history.ts";
import { effectOf } from "./leading.ts";
import { concurrencySentence } from "./moved.ts";
import type { Column, ReportInput, Section } from "./report.ts";
import { buildRow, evidenceOf, inOrder, nameOf, reasonOf } from "./rows.ts";
import { runLines } from "./run-lines.ts";

const LONGEST_NAME = 100;
const LONGEST_EXAMPLE = 240;
/** Examples shown per outcome class; the record has up to five per task. */
const EXAMPLES = 3;

/** The collapsed parts, the most asked for first: what does not fit a comment is cut from the end. */
export const buildDetails = (
  input: ReportInput,
  shown: ReadonlySet<MetricJudgement>,
  drawn: Charts["overTime"],
): readonly Section[] => {
  const { judgement, record, base } = input;
  const sections = [
    overTime(drawn),
    otherMetrics(judgement, shown),
    decisions(judgement),
    base === undefined ? null : historySection(base.runs),
    ...(record === null
      ? []
      : [
          outcomes(record),
          tasks(record),
          functions(record),
          ...cloudSections(record, input.context),
          run(record, input),
        ]),
  ];
  return sections.filter((section) => section !== null);
};

const overTime = (drawn: Charts["overTime"]): Section | null =>
  drawn === null
    ? null
    : { id: "over-time", title: "Response time over time", chart: drawn.latency, lines: [], table: drawn.table };

const otherMetrics = (judgement: Judgement, shown: ReadonlySet<MetricJudgement>): Section | null => {
  const rest = inOrder(judgement).filter((metric) => !shown.has(metric));
  const rows = rest.map((metric) => {
    const row = buildRow(metric);
    const change = row.interval === "" ? row.change : `${row.change} (${row.interval})`;
    return [`${row.icon} ${row.verdict ?? "informs"}`.trim(), row.id, row.base, row.head, change, row.limit];
  });
  return section("metrics", "Other metrics", rows, [
    text("verdict"),
    name("metric"),
    number("base"),
    number("head"),
    number("change (95 % CI)"),
    text("limit"),
  ]);
};

const decisions = (judgement: Judgement): Section | null => {
  const judged = inOrder(judgement).filter((metric) => verdictOf(metric.finding) !== null);
  const rows = judged.map((metric) => [
    nameOf(metric),
    verdictOf(metric.finding) ?? "",
    clip(reasonOf(metric) ?? "", LONGEST_EXAMPLE),
    effectOf(metric) ?? "-",
    samplesText(metric),
  ]);
  return section("decisions", "How it was decided", rows, [
    name("metric"),
    text("verdict"),
    text("reason"),
    number("could have seen"),
    text("observations, base / head"),
  ]);
};

const samplesText = (metric: MetricJudgement): string => {
  const evidence = evidenceOf(metric);
  if (evidence === null) return "-";
  const base = evidence.baseSamples === null ? "-" : `${formatCount(evidence.baseSamples)} in ${evidence.baseRuns}`;
  return `${base} / ${formatCount(evidence.headSamples)} in ${evidence.headRuns}`;
};

const outcomes = (record: RunRecord): Section | null => {
  const { totals } = record;
  const happened = entriesOf(totals.outcomes).filter(([, count]) => count > 0);
  const rows = happened.map(([outcome, count]) => [
    outcome,
    formatCount(count),
    totals.requests > 0 ? formatShare(count / totals.requests) : "-",
    examplesOf(record, outcome),
  ]);
  return section("outcomes", "Outcomes", rows, [
    text("class"),
    number("requests"),
    number("share"),
    text("first examples"),
  ]);
};

const examplesOf = ({ tasks }: RunRecord, outcome: OutcomeClass): string =>
  tasks
    .flatMap((task) => (task.examples[outcome] ?? []).map((example) => ({ task: task.name, ...example })))
    .slice(0, EXAMPLES)
    .map(({ task, status, text }) =>
      [clip(task, LONGEST_NAME), status === null ? "" : ` ${status}`, ": ", clip(text, LONGEST_EXAMPLE)].join(""),
    )
    .join("; ");

const tasks = (record: RunRecord): Section | null => {
  const rows = record.tasks.map((task) => {
    const { ok, aborted, "local-error": local } = task.outcomes;
    return [
      clip(task.name, LONGEST_NAME),
      formatCount(task.requests),
      formatCount(task.requests - ok - aborted - local),
      ...[task.response.p50, task.response.p95, task.response.p99, task.response.max].map(msOrDash),
    ];
  });
  return section("tasks", "Tasks", rows, [
    name("task"),
    ...["requests", "failures", "p50", "p95", "p99", "max"].map((title) => number(title)),
  ]);
};

const functions = ({ cloud }: RunRecord): Section | null => {
  const rows = (cloud?.functions ?? []).map((fn) => [
    clip(fn.function, LONGEST_NAME),
    ...[fn.invocations, fn.errors, fn.throttles].map(countOrDash),
    ...[fn.duration.average, fn.duration.p50, fn.duration.p95, fn.duration.max].map(msOrDash),
    countOrDash(fn.concurrencyMax),
  ]);
  return section("functions", "Functions", rows, [
    name("function"),
    ...["invocations", "errors", "throttles", "Duration average", "p50", "p95", "max", "concurrency max"].map((title) =>
      number(title),
    ),
  ]);
};

const run = (record: RunRecord, { judgement, context }: ReportInput): Section => {
  const concurrency = concurrencySentence(judgement, context);
  const lines = [...runLines(record), ...(concurrency === null ? [] : [concurrency])];
  return { id: "run", title: "Run", chart: null, lines, table: null };
};

const section = (
  id: Section["id"],
  title: string,
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
): Section | null =>
  rows.length === 0
    ? null
    : { id, title: `${title} (${formatCount(rows.length)})`, chart: null, lines: [], table: { columns, rows } };

const text = (title: string): Column => ({ title, kind: "text" });
const number = (title: string): Column => ({ title, kind: "number" });
const name = (title: string): Column => ({ title, kind: "name" });

const msOrDash = (ms: number | null): string => (ms === null ? "-" : formatMs(ms));
const countOrDash = (count: number | null): string => (count === null ? "-" : formatCount(count));

const entriesOf = (counts: RunRecord["totals"]["outcomes"]): readonly (readonly [OutcomeClass, number])[] =>
  OUTCOME_CLASSES.map((outcome) => [outcome, counts[outcome]]);
