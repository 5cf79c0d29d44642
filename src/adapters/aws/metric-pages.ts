import type { GetMetricDataCommandOutput, MessageData, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { EpochMs } from "../../units.ts";

/** What the pages of one poll add up to. */
export type Collected = {
  readonly values: ReadonlyMap<string, number | null>;
  /** Ids whose newest answer was `InternalError`. */
  readonly failed: ReadonlySet<string>;
  readonly forbidden: boolean;
  readonly messages: ReadonlySet<string>;
};

const MAX_MESSAGES = 10;
const MAX_MESSAGE_LENGTH = 300;

export const collected = (queries: readonly { readonly id: string }[]): Collected => ({
  values: new Map(queries.map(({ id }) => [id, null])),
  failed: new Set(),
  forbidden: false,
  messages: new Set(),
});

/**
 * Adds one page. Each series has one bucket, the whole window, and its datapoint carries the window's start; it may stand
 * on any page, and other pages name the same series without points. A datapoint of another bucket would be a statistic
 * over something else and is not taken.
 */
export const collectPage = (before: Collected, page: GetMetricDataCommandOutput, start: EpochMs): Collected => {
  const values = new Map(before.values);
  const failed = new Set(before.failed);
  const messages = (page.Messages ?? []).map(messageText);
  let forbidden = before.forbidden;
  for (const result of page.MetricDataResults ?? []) {
    const id = result.Id ?? "";
    messages.push(...(result.Messages ?? []).map(messageText));
    if (result.StatusCode === "Forbidden") forbidden = true;
    if (result.StatusCode === "InternalError") failed.add(id);
    else failed.delete(id);
    const value = valueAt(result, start);
    if (value !== null) values.set(id, value);
    else if (!isAbout(result, start)) messages.push("it answered with other time buckets than it was asked for.");
  }
  const all = new Set([...before.messages, ...messages]);
  return { values, failed, forbidden, messages: new Set([...all].slice(0, MAX_MESSAGES)) };
};

const valueAt = ({ Timestamps = [], Values = [] }: MetricDataResult, start: EpochMs): number | null => {
  const value = Values[Timestamps.findIndex((time) => time.getTime() === start)];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};

/** Whether the points, if there are any, are of the bucket asked for; one of them may still have no number. */
const isAbout = ({ Timestamps = [], Values = [] }: MetricDataResult, start: EpochMs): boolean =>
  Values.length === 0 || Timestamps.some((time) => time.getTime() === start);

const messageText = ({ Code, Value }: MessageData): string =>
  [Code, Value]
    .filter((part) => part !== undefined && part !== "")
    .join(": ")
    .replace(/\s+/g, " ")
    .slice(0, MAX_MESSAGE_LENGTH);
