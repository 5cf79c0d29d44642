/** The renderings of a calibration: terminal, job summary, JSON. */

import { renderTextTable, type TextColumn, wrap } from "../text-layout.ts";
import type { CalibrationReport, DeploymentRow, NoiseRow, ProposalRow } from "./calibration.ts";
import { codeSpan, escapeJson, escapeLog, escapeMarkdown } from "./escape.ts";
import { formatShare, formatValue, sixDigits } from "./format.ts";
import { renderTable } from "./markdown-table.ts";
import type { Column } from "./report.ts";

const SCHEMA = "swarmgate.calibration/v1";

export const renderCalibration = (report: CalibrationReport, width: number): string => {
  const text = (line: string, lead = ""): readonly string[] => wrap(escapeLog(line), width, lead);
  const lines = [
    ...text(`${report.headline}.`),
    ...report.refused.flatMap(({ attempt, reason }) => text(`measurement ${attempt} does not count: ${reason}`, "  ")),
    ...report.problems.flatMap(({ message, hint }) => text(`${message} ${hint}`, "  ")),
    ...section("Spread of the logarithm", noiseTable(wholes(report.rows)), width),
    ...section(DEPLOYMENTS, deploymentTable(report.deployments), width),
    ...section("Limits for runs apart (history mode)", proposalTable(report.history), width),
    ...section(`Limits for paired mode, ${report.pairedRounds} rounds`, proposalTable(report.paired), width),
    ...pasteable("To paste into the config file, history mode:", report.limits),
    ...pasteable(
      report.limits.length > 0 ? "Or for paired mode:" : "To paste into the config file:",
      report.pairedLimits,
    ),
    ...(report.notes.length === 0 ? [] : ["", ...report.notes.flatMap((note) => text(note, "- "))]),
    ...(report.writtenTo === null ? [] : ["", `History: ${escapeLog(report.writtenTo)}`]),
  ];
  return `${lines.join("\n")}\n`;
};

/** The job summary. */
export const renderCalibrationSummary = (report: CalibrationReport): string => {
  const table = (columns: readonly TextColumn[]): string =>
    renderTable(
      columns.map(asColumn),
      columns[0]?.cells.map((_, row) => columns.map(({ cells }) => cells[row] ?? "")) ?? [],
    );
  const part = (title: string, rows: readonly unknown[], body: () => string): readonly string[] =>
    rows.length === 0 ? [] : [`#### ${title}`, "", body(), ""];
  return [
    `### ${report.state === "too-few" ? "❌" : "📏"} ${escapeMarkdown(report.headline)}`,
    "",
    ...report.problems.map(
      ({ message, hint, code }) => `- ${escapeMarkdown(message)} *${escapeMarkdown(hint)}* (${codeSpan(code)})`,
    ),
    ...report.refused.map(
      ({ attempt, reason }) => `- Measurement ${attempt} does not count: ${escapeMarkdown(reason)}`,
    ),
    "",
    ...part("Spread of the logarithm", wholes(report.rows), () => table(noiseTable(wholes(report.rows)))),
    ...part(DEPLOYMENTS, report.deployments, () => table(deploymentTable(report.deployments))),
    ...part("Limits for runs apart (history mode)", report.history, () => table(proposalTable(report.history))),
    ...part(`Limits for paired mode, ${report.pairedRounds} rounds`, report.paired, () =>
      table(proposalTable(report.paired)),
    ),
    ...part("To paste into the config file, history mode", report.limits, () => yaml(report.limits)),
    ...part(
      report.limits.length > 0 ? "Or for paired mode" : "To paste into the config file",
      report.pairedLimits,
      () => yaml(report.pairedLimits),
    ),
    ...report.notes.map((note) => `- ${escapeMarkdown(note)}`),
    "",
  ].join("\n");
};

/** For programs; figures to six significant digits, spreads as standard deviations of the natural log. */
export const calibrationJson = (report: CalibrationReport): string => {
  const { state, headline, rounds, seconds, refused, notes, problems, limits, pairedLimits, writtenTo } = report;
  const value = {
    schema: SCHEMA,
    state,
    headline,
    rounds,
    seconds: sixDigits(seconds),
    refused,
    metrics: report.rows.map((row) => ({
      id: row.id,
      unit: row.unit,
      level: row.level === null ? null : sixDigits(row.level),
      runToRun: {
        sd: sixDigits(row.runToRun.sd),
        low: sixDigits(row.runToRun.low),
        high: sixDigits(row.runToRun.high),
      },
      round: sixDigits(row.round),
      documented: row.documented,
      drifted: row.drifted,
    })),
    ...(report.deployments.length === 0 ? {} : { deployments: report.deployments.map(deploymentJson) }),
    proposals: { history: report.history.map(proposalJson), paired: report.paired.map(proposalJson) },
    limits,
    pairedLimits,
    problems,
    notes,
    history: writtenTo,
  };
  return `${escapeJson(JSON.stringify(value, null, 2))}\n`;
};

const deploymentJson = ({ id, log, error, documented, term }: DeploymentRow) => ({
  id,
  log: sixDigits(log),
  error: sixDigits(error),
  documented,
  term: { sd: sixDigits(term.sd), df: sixDigits(term.df) },
});

const proposalJson = ({ id, limit, detectable }: ProposalRow) => ({
  id,
  limit,
  detectable: detectable === null ? null : sixDigits(detectable),
});

/** Rows of tasks and functions are many: the JSON has them. */
const wholes = (rows: readonly NoiseRow[]): readonly NoiseRow[] => rows.filter(({ id }) => !id.includes("@"));

const noiseTable = (rows: readonly NoiseRow[]): readonly TextColumn[] => [
  { title: "metric", align: "left", worth: 9, cells: rows.map(({ id }) => id) },
  {
    title: "level",
    align: "right",
    worth: 5,
    cells: rows.map(({ unit, level }) => (level === null ? "-" : formatValue(unit, level))),
  },
  { title: "between runs", align: "right", worth: 8, cells: rows.map(({ runToRun }) => percent(runToRun.sd)) },
  {
    title: "95 % interval",
    align: "right",
    worth: 6,
    cells: rows.map(({ runToRun }) => `${percent(runToRun.low)} to ${percent(runToRun.high)}`),
  },
  { title: "neighbours", align: "right", worth: 4, cells: rows.map(({ round }) => percent(round)) },
  { title: "documented", align: "right", worth: 3, cells: rows.map(({ documented }) => percent(documented)) },
];

const DEPLOYMENTS = "Two deployments of the same code";

const deploymentTable = (rows: readonly DeploymentRow[]): readonly TextColumn[] => [
  { title: "metric", align: "left", worth: 9, cells: rows.map(({ id }) => id) },
  { title: "apart", align: "right", worth: 8, cells: rows.map(({ log }) => signed(Math.expm1(log))) },
  { title: "standard error", align: "right", worth: 5, cells: rows.map(({ error }) => percent(error)) },
  { title: "documented", align: "right", worth: 4, cells: rows.map(({ documented }) => percent(documented)) },
  { title: "now", align: "right", worth: 7, cells: rows.map(({ term }) => percent(term.sd)) },
  { title: "degrees of freedom", align: "right", worth: 3, cells: rows.map(({ term }) => term.df.toFixed(1)) },
];

const signed = (share: number): string => `${share < 0 ? "-" : "+"}${percent(Math.abs(share))}`;

const proposalTable = (rows: readonly ProposalRow[]): readonly TextColumn[] => [
  { title: "metric", align: "left", worth: 9, cells: rows.map(({ id }) => id) },
  { title: "detectable", align: "right", worth: 6, cells: rows.map(({ shown }) => shown ?? "-") },
  { title: "proposed limit", align: "left", worth: 8, cells: rows.map(({ limit }) => limit) },
];

/** A spread as a share of the value, to a tenth of a per cent. */
const percent = (sd: number): string => formatShare(Math.round(sd * 1000) / 1000);

const asColumn = ({ title, align }: TextColumn): Column => ({
  title,
  kind: title === "metric" ? "name" : align === "right" ? "number" : "text",
});

const section = (title: string, columns: readonly TextColumn[], width: number): readonly string[] =>
  (columns[0]?.cells.length ?? 0) === 0 ? [] : ["", title, ...renderTextTable(columns, width)];

const configLines = (limits: readonly string[]): readonly string[] => [
  "gate:",
  "  limits:",
  ...limits.map((limit) => `    ${limit}`),
];

const pasteable = (title: string, limits: readonly string[]): readonly string[] =>
  limits.length === 0 ? [] : ["", title, "", ...configLines(limits)];

const yaml = (limits: readonly string[]): string => ["```yaml", ...configLines(limits), "```"].join("\n");
