/** One data point per bucket, as CloudWatch computes it. */
import type { Sample } from "./samples.ts";

export type Point = { readonly atMs: number; readonly value: number };
export type Statistic = (sortedValues: readonly number[]) => number;

/** Epoch milliseconds, and the length of a bucket. */
export type Window = { readonly startMs: number; readonly endMs: number; readonly periodMs: number };

const minuteMs = 60_000;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

const simple: ReadonlyMap<string, Statistic> = new Map<string, Statistic>([
  ["Sum", sum],
  ["Average", (values) => sum(values) / values.length],
  ["Minimum", (values) => values[0] ?? Number.NaN],
  ["Maximum", (values) => values.at(-1) ?? Number.NaN],
  ["SampleCount", (values) => values.length],
]);

/** The statistic of a name; percentiles by nearest rank. Nothing for a name CloudWatch does not know. */
export function statisticOf(name: string): Statistic | undefined {
  const level = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (level === undefined) return simple.get(name);
  return (values) => values[Math.max(0, Math.ceil((Number(level) / 100) * values.length) - 1)] ?? Number.NaN;
}

/**
 * Buckets counted from the start, which is floored to the minute; only buckets with samples appear, oldest first.
 * Lambda publishes by the minute, so a sample stands at the start of its minute: the end is exclusive for the minute.
 * All times are epoch milliseconds.
 */
export function pointsOf(samples: readonly Sample[], window: Window, statistic: Statistic): readonly Point[] {
  const startMs = Math.floor(window.startMs / minuteMs) * minuteMs;
  const buckets = new Map<number, number[]>();
  for (const { atMs, value } of samples) {
    const stampMs = Math.floor(atMs / minuteMs) * minuteMs;
    if (stampMs < startMs || stampMs >= window.endMs) continue;
    const bucketMs = startMs + Math.floor((stampMs - startMs) / window.periodMs) * window.periodMs;
    const values = buckets.get(bucketMs) ?? [];
    values.push(value);
    buckets.set(bucketMs, values);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([atMs, values]) => ({ atMs, value: statistic(values.sort((a, b) => a - b)) }));
}
