import type { LogFacts } from "./facts.ts";
import { redact } from "./redact.ts";
import { type ErrorLine, parseErrorLine, parseReport, type Report } from "./report-line.ts";

type Errors = LogFacts["errors"];

const EXAMPLES = 3;

/** Figures of all REPORT lines among the lines; the same invocation reported twice counts once. */
export const factsOfLines = (name: string, lines: readonly string[], errors: Errors): LogFacts => {
  const reports = unique(lines.flatMap((line) => parseReport(line) ?? []));
  const durations = sorted(reports.map((one) => one.durationMs));
  const inits = sorted(reports.flatMap((one) => one.initMs ?? []));
  const billed = reports.flatMap((one) => one.billedMs ?? []);
  const memory = reports.flatMap((one) => one.memoryUsedMb ?? []);
  return {
    function: name,
    reports: reports.length,
    coldStarts: inits.length,
    initMs: inits.length === 0 ? null : { mean: mean(inits), p95: rankValue(inits, 0.95) },
    billedMs: billed.length === 0 ? null : mean(billed),
    memoryUsedMb: memory.reduce<number | null>((most, one) => Math.max(most ?? 0, one), null),
    durationMs: {
      p50: rankValue(durations, 0.5),
      p90: rankValue(durations, 0.9),
      p95: rankValue(durations, 0.95),
      p99: rankValue(durations, 0.99),
      max: durations.at(-1) ?? null,
    },
    errors,
  };
};

/** One row of the query of `insightsQuery`; `null` when it holds no count. */
export const factsOfRow = (name: string, row: Readonly<Record<string, string>>, errors: Errors): LogFacts | null => {
  const number = (field: string): number | null => {
    const value = row[field] === undefined || row[field] === "" ? Number.NaN : Number(row[field]);
    return Number.isFinite(value) ? value : null;
  };
  const reports = number("reports");
  if (reports === null) return null;
  const [inits, restores] = [number("inits") ?? 0, number("restores") ?? 0];
  const start = inits > 0 ? "init" : "restore";
  const startMean = number(`${start}Mean`);
  return {
    function: name,
    reports,
    coldStarts: inits + restores,
    initMs: inits + restores === 0 || startMean === null ? null : { mean: startMean, p95: number(`${start}P95`) },
    billedMs: number("billedMean"),
    memoryUsedMb: number("memoryMb"),
    durationMs: {
      p50: number("p50"),
      p90: number("p90"),
      p95: number("p95"),
      p99: number("p99"),
      max: number("longest"),
    },
    errors,
  };
};

/**
 * Failed invocations by type, most frequent first, each with its first examples. One invocation may be told by several
 * lines: by the runtime, with the message, and by Lambda's own report.
 */
export const errorsOfLines = (lines: readonly string[]): Errors => {
  const seen = new Map<string, ErrorLine>();
  lines.forEach((line, index) => {
    const found = parseErrorLine(line) ?? reportedError(line);
    if (found === null) return;
    const key = found.requestId ?? `line ${index}`;
    const before = seen.get(key);
    if (before === undefined || (before.message === "" && found.message !== "")) seen.set(key, found);
  });
  const types = Map.groupBy(seen.values(), ({ type }) => redact(type));
  return [...types]
    .map(([type, found]) => ({
      type,
      count: found.length,
      examples: [...new Set(found.flatMap(({ message }) => (message === "" ? [] : [redact(message)])))].slice(
        0,
        EXAMPLES,
      ),
    }))
    .toSorted((a, b) => b.count - a.count);
};

const reportedError = (line: string): ErrorLine | null => {
  const report = parseReport(line);
  return report === null || report.error === null
    ? null
    : { requestId: report.requestId === "" ? null : report.requestId, type: report.error, message: "" };
};

const unique = (reports: readonly Report[]): readonly Report[] => {
  const named = new Map(reports.map((one, index) => [one.requestId === "" ? `line ${index}` : one.requestId, one]));
  return [...named.values()];
};

/** The value at rank ceil(q x n) of an ascending list (SPEC 12.1, "Percentile"). */
const rankValue = (ascending: readonly number[], q: number): number | null =>
  ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? null;

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
