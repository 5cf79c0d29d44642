import { costOfRun, headroomOf, logsOfRun } from "../record/insights.ts";
import type { RunRecord } from "../record/record.ts";
import { clip } from "./escape.ts";
import { countOf, formatCount, formatDuration, formatFigure, formatMs, formatShare, formatValue } from "./format.ts";
import { containerSection, frontEndSection } from "./front-end-sections.ts";
import type { Column, ReportContext, Section } from "./report.ts";

const LONGEST_NAME = 100;
const LONGEST_EXAMPLE = 240;

/** What AWS said beside the functions' metrics: front end, containers, head-room, cost, logs. Empty where nothing of it was asked. */
export const cloudSections = (record: RunRecord, context: ReportContext): readonly Section[] => {
  const rate = rateOf(record, context);
  return [
    frontEndSection(record),
    containerSection(record, { perSecond: rate.perSecond, text: rateText(rate) }),
    headroomSection(record, rate),
    costSection(record, rate),
    logSection(record),
  ].filter((one) => one !== null);
};

type Rate = { readonly perSecond: number; readonly whose: string };

/** Never the candidate's own where another is known: it falls as the code slows down. */
const rateOf = ({ totals }: RunRecord, { referenceRate }: ReportContext): Rate =>
  referenceRate === null
    ? { perSecond: totals.steadyRate ?? totals.rate, whose: "this run's own" }
    : { perSecond: referenceRate.perSecond, whose: referenceRate.from };

const rateText = ({ perSecond, whose }: Rate): string => `${formatFigure(perSecond)} requests/s (${whose})`;

const headroomSection = (record: RunRecord, rate: Rate): Section | null => {
  const found = headroomOf(record, rate.perSecond);
  if (found === null || found.rows.length + found.ramps.length === 0) return null;
  const ramps = found.ramps.map(({ function: name, environments, startable, feasible, shortestSeconds }) => {
    const asked = `ramp of ${clip(name, LONGEST_NAME)}: at most ${countOf(Math.ceil(environments), "environment")}, Lambda starts ${formatCount(startable)} in that time`;
    return feasible
      ? `${asked}: it can be followed`
      : `${asked}: it throttles, the shortest ramp is ${formatDuration(Math.ceil(shortestSeconds))}`;
  });
  const rows = found.rows.map(({ resource, needs, has, unit, fits, hard, from }) => {
    const figure = (value: number): string => (unit === "ms" ? formatMs(value) : `${formatCount(value)} ${unit}`);
    const share = has === null || has === 0 ? "-" : formatShare(Math.round((needs / has) * 1000) / 1000);
    const verdict = fits === null ? "not known" : fits ? "yes" : hard ? "no" : "no, the rest starts cold";
    const limit = has === null ? "-" : `${figure(has)}${from === "default" ? " (default)" : ""}`;
    return [clip(resource, LONGEST_NAME), figure(needs), limit, share, verdict];
  });
  return {
    id: "head-room",
    chart: null,
    title: `Head-room at ${rateText(rate)}`,
    lines: [...ramps, ...found.notes.map((note) => clip(note, LONGEST_EXAMPLE))],
    table: { columns: [name("resource"), number("needs"), number("has"), number("used"), text("fits")], rows },
  };
};

const costSection = (record: RunRecord, rate: Rate): Section | null => {
  const cost = costOfRun(record, rate.perSecond);
  if (cost === null) return null;
  const { perMillion, month } = cost;
  const frontEnd = perMillion.frontEnd === 0 ? "" : `, front end ${usd(perMillion.frontEnd)}`;
  const { provisioned } = month;
  return {
    id: "cost",
    chart: null,
    title: `Cost: ${usd(perMillion.total)} per million requests`,
    lines: [
      `Per million requests: duration ${usd(perMillion.duration)}, requests ${usd(perMillion.requests)}${frontEnd}`,
      `Per month at ${rateText(rate)}, day and night: ${usd(month.onDemand)} on demand`,
      ...(provisioned === null
        ? []
        : [
            `With ${countOf(provisioned.environments, "provisioned environment")}: ${usd(provisioned.usd)}, ${percent(provisioned.utilisation)} busy; cheaper than on demand above ${percent(month.breakEven)}`,
          ]),
      `This run: about ${usd(cost.run)}, reading CloudWatch and logs included`,
      `Prices: ${cost.prices}`,
    ],
    table: null,
  };
};

const logSection = (record: RunRecord): Section | null => {
  const logs = logsOfRun(record);
  if (logs.length === 0) return null;
  const rows = logs.map((log) => [
    clip(log.function, LONGEST_NAME),
    formatCount(log.reports),
    `${formatCount(log.coldStarts)}${log.reports === 0 ? "" : ` (${percent(log.coldStarts / log.reports)})`}`,
    log.initMs === null ? "-" : formatMs(log.initMs.mean),
    log.initMs === null || log.initMs.p95 === null ? "-" : formatMs(log.initMs.p95),
    log.billedMs === null ? "-" : formatMs(log.billedMs),
    memoryText(log.memoryUsedMb, log.memoryMb),
  ]);
  const errors = logs.flatMap((log) =>
    log.errors.map(({ type, count, examples }) => {
      const example = examples[0] === undefined ? "" : `: ${clip(examples[0], LONGEST_EXAMPLE)}`;
      return `${clip(log.function, LONGEST_NAME)}: ${formatCount(count)} x ${clip(type, LONGEST_NAME)}${example}`;
    }),
  );
  return {
    id: "logs",
    chart: null,
    title: `Logs (${formatCount(rows.length)})`,
    lines: errors,
    table: {
      columns: [
        name("function"),
        ...["reports", "cold starts", "init mean", "init p95", "billed mean", "memory used"].map(number),
      ],
      rows,
    },
  };
};

const memoryText = (used: number | null, configured: number | null): string => {
  if (used === null) return "-";
  return `${formatCount(used)}${configured === null ? "" : ` of ${formatCount(configured)}`} MB`;
};

const usd = (value: number): string => formatValue("usd", value);
const percent = (share: number): string => formatShare(Math.round(share * 1000) / 1000);
const text = (title: string): Column => ({ title, kind: "text" });
const number = (title: string): Column => ({ title, kind: "number" });
const name = (title: string): Column => ({ title, kind: "name" });
