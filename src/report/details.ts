import type { Judgement, MetricJudgement } from "../judge/verdict.ts";
import { OUTCOME_CLASSES, type OutcomeClass } from "../load/outcome.ts";
import type { RunRecord } from "../record/record.ts";
import type { Charts } from "./charts/charts.ts";
import { cloudSections } from "./cloud-sections.ts";
import { configurationSection } from "./configuration-section.ts";
import { decisionsSection } from "./decisions.ts";
import { clip, clipMiddle, plainText } from "./escape.ts";
import { formatCount, formatMs, formatShare } from "./format.ts";
import { generatorSection } from "./generator-section.ts";
import { historySection } from "./history.ts";
import { isLacking, lackOf } from "./imported.ts";
import { concurrencySentence } from "./moved.ts";
import type { Column, ReportInput, Section } from "./report.ts";
import { roundsSection } from "./rounds-section.ts";
import { buildRow, inOrder } from "./rows.ts";
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
    record === null ? null : roundsSection(record),
    otherMetrics(judgement, shown),
    ...(record === null
      ? []
      : [
          tasks(record),
          outcomes(record),
          functions(record),
          ...cloudSections(record, input.context),
          generatorSection(record),
          configurationSection(record, base?.runs.at(-1) ?? null),
        ]),
    base === undefined ? null : historySection(base.runs, judgement),
    decisionsSection(judgement),
    record === null ? null : run(record, input),
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

/** Of a file that does not name its failures, `ok` is only what it did not say; the classes that it has are told. */
const outcomes = (record: RunRecord): Section | null => {
  const { totals } = record;
  const lack = lackOf(record, "failure-rate");
  const happened = entriesOf(totals.outcomes).filter(([, count]) => count > 0);
  const rows = happened.map(([outcome, count]) => [
    outcome,
    formatCount(count),
    totals.requests > 0 ? formatShare(count / totals.requests) : "-",
    examplesOf(record, outcome),
  ]);
  if (lack !== null && happened.every(([outcome]) => outcome === "ok")) return null;
  const built = section("outcomes", "Outcomes", rows, [
    text("class"),
    number("requests"),
    number("share"),
    text("first examples"),
  ]);
  return built === null || lack === null
    ? built
    : { ...built, lines: [`Not complete: ${clip(lack, LONGEST_EXAMPLE)}`] };
};

const examplesOf = ({ tasks }: RunRecord, outcome: OutcomeClass): string =>
  tasks
    .flatMap((task) => (task.examples[outcome] ?? []).map((example) => ({ task: task.name, ...example })))
    .slice(0, EXAMPLES)
    .map(({ task, status, text }) =>
      [clipMiddle(task, LONGEST_NAME), status === null ? "" : ` ${status}`, ": ", clip(text, LONGEST_EXAMPLE)].join(""),
    )
    .join("; ");

const tasks = (record: RunRecord): Section | null => {
  const rows = record.tasks.map((task) => {
    const { ok, aborted, "local-error": local } = task.outcomes;
    return [
      plainText(task.name),
      formatCount(task.requests),
      isLacking(record, "failure-rate") ? "-" : formatCount(task.requests - ok - aborted - local),
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
    plainText(fn.function),
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
