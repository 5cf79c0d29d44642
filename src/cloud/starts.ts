/**
 * When invocations started, by their REPORT lines, and which segment of paired mode they belong to. A line is stamped when
 * its invocation ends, so that the handler started Duration earlier (ADR 0022). Pure.
 */
import type { OutcomeCounts } from "../load/outcome.ts";
import { type EpochMs, epochMs, type Millis, millis } from "../units.ts";
import { expectedOf } from "./expectation.ts";
import { type LogLine, parseReport } from "./report-line.ts";
import type { Span } from "./window.ts";

/** Invocations that started at one moment, or in one short slot of time: how many, and their Durations added up. */
export type Starts = { readonly at: number; readonly invocations: number; readonly sumMs: number };

/** Slots of equal width into which a query sorts the starts; the first begins at `from`. */
export type Slots = { readonly from: EpochMs; readonly width: Millis };

/** Rows that Logs Insights returns at most, so that no more slots can be asked for. */
export const MAX_SLOTS = 10_000;

/** The narrowest whole milliseconds that fit: 90 ms over a quarter of an hour. */
export const slotsOver = ({ start, end }: Span): Slots => ({
  from: start,
  width: millis(Math.max(1, Math.ceil((end - start) / MAX_SLOTS))),
});

/** Rows of `startsQuery`; a slot stands for its middle. */
export const startsOfRows = (
  rows: readonly Readonly<Record<string, string>>[],
  { from, width }: Slots,
): readonly Starts[] =>
  rows.flatMap(({ slot = "", reports = "", duration = "" }) => {
    const found = { at: from + (Number(slot) + 0.5) * width, invocations: Number(reports), sumMs: Number(duration) };
    const isWhole = slot !== "" && duration !== "" && Object.values(found).every(Number.isFinite);
    return isWhole && found.invocations > 0 ? [found] : [];
  });

/** Lines as they are; of an invocation that is reported twice the last one. `versions` as for `startsQuery`. */
export const startsOfLines = (lines: readonly LogLine[], versions: readonly string[] | null): readonly Starts[] => {
  const found = new Map<string, Starts>();
  lines.forEach(({ at, stream, message }, index) => {
    if (versions !== null && !versions.some((version) => stream.includes(inStream(version)))) return;
    const report = parseReport(message);
    if (report === null) return;
    const key = report.requestId === "" ? `line ${index}` : report.requestId;
    found.set(key, { at: at - report.durationMs, invocations: 1, sumMs: report.durationMs });
  });
  return [...found.values()];
};

/** How the name of a log stream carries the version that wrote it. */
export const inStream = (version: string): string => `[${version}]`;

/** What the invocations that started in a window took: mean Duration in milliseconds, `null` without any. */
export type MeanDuration = { readonly invocations: number; readonly durationMs: number | null };

/** Windows are half open and may not overlap: a start is in one of them or in none. */
export const durationsIn = (starts: readonly Starts[], windows: readonly Span[]): readonly MeanDuration[] =>
  windows.map(({ start, end }) => {
    const own = starts.filter(({ at }) => at >= start && at < end);
    const invocations = own.reduce((sum, one) => sum + one.invocations, 0);
    const sumMs = own.reduce((sum, one) => sum + one.sumMs, 0);
    return { invocations, durationMs: invocations === 0 ? null : sumMs / invocations };
  });

/** Requests under way at a segment's edges, and clocks that differ by a second, move no more than this share of its lines. */
const TOLERATED = { share: 0.05, count: 2 };

const slackOf = (expected: number): number => Math.max(TOLERATED.count, TOLERATED.share * expected);

/** Whether a segment has fewer lines than its requests must have left: they are late, lost, or outside its window. */
export const isShortOfLines = (outcomes: OutcomeCounts, invocations: number): boolean => {
  const { atLeast } = expectedOf(outcomes);
  return invocations === 0 || invocations < atLeast - slackOf(atLeast);
};

/** Whether it has more than its requests can have left: somebody else called the function. */
export const hasForeignLines = (outcomes: OutcomeCounts, invocations: number): boolean => {
  const { atMost } = expectedOf(outcomes);
  return invocations > atMost + slackOf(atMost);
};

/** The measured seconds of a segment. */
export const measuredSpan = (window: { readonly start: EpochMs; readonly seconds: number }): Span => ({
  start: window.start,
  end: epochMs(window.start + window.seconds * 1000),
});
