/**
 * A run in InfluxDB's line protocol, timestamps in nanoseconds: `swarmgate_second` for each second of the window,
 * `swarmgate_task` for each row, and `swarmgate_run` for the whole. Response times in milliseconds.
 */
import { decodeHistogram, quantile } from "../../load/histogram.ts";
import { countFailures, OUTCOME_CLASSES, type OutcomeCounts } from "../../load/outcome.ts";
import type { LatencySummary, Slice } from "../../load/result.ts";
import type { RunRecord } from "../../record/record.ts";
import { plainText } from "../escape.ts";

/** `null` leaves a tag or a field out: an empty tag is not allowed, and there is no field without a value. */
type Tags = Readonly<Record<string, string | null>>;
type Field = number | boolean | { readonly count: number } | null;

export const renderInflux = (record: RunRecord): string => {
  const { id, name, git, window, totals, response, service, tasks, slices, validity } = record;
  const tags = { name, run: id, branch: git.branch, sha: git.sha };
  const end = nanos(Date.parse(window.end));
  const lines = [
    ...slices.map((slice) => point("swarmgate_second", tags, secondFields(slice), secondTime(window.start, slice))),
    ...tasks.map((task) =>
      point("swarmgate_task", { ...tags, task: task.name }, { ...countFields(task), ...timeFields(task) }, end),
    ),
    point(
      "swarmgate_run",
      { ...tags, stopped: validity.stopped },
      {
        ...countFields(totals),
        ...timeFields({ response, service }),
        dropped: { count: totals.dropped },
        rate: totals.rate,
        seconds: window.seconds,
        valid: validity.valid,
      },
      end,
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
};

const countFields = (counted: { readonly requests: number; readonly outcomes: OutcomeCounts }) => ({
  requests: { count: counted.requests },
  failures: { count: countFailures(counted.outcomes) },
  ...Object.fromEntries(
    OUTCOME_CLASSES.map((outcome) => [outcome.replaceAll("-", "_"), { count: counted.outcomes[outcome] }]),
  ),
});

const timeFields = ({
  response,
  service,
}: {
  readonly response: LatencySummary;
  readonly service: LatencySummary;
}): Readonly<Record<string, Field>> => ({
  response_mean: response.mean,
  response_p50: response.p50,
  response_p90: response.p90,
  response_p95: response.p95,
  response_p99: response.p99,
  response_max: response.max,
  service_p50: service.p50,
  service_p95: service.p95,
});

const secondFields = (slice: Slice): Readonly<Record<string, Field>> => {
  const histogram = slice.response === null ? null : decodeHistogram(slice.response);
  const at = (q: number): number | null => {
    const value = histogram === null ? null : quantile(histogram, q);
    return value === null ? null : value / 1000;
  };
  return {
    users: { count: slice.users },
    dropped: { count: slice.dropped },
    ...countFields(slice),
    response_p50: at(0.5),
    response_p95: at(0.95),
    response_p99: at(0.99),
  };
};

const secondTime = (start: string, { second }: Slice): string => nanos(Date.parse(start) + second * 1000);

/** Milliseconds as nanoseconds, in text: they are beyond what a number holds exactly. */
const nanos = (ms: number): string => `${ms}000000`;

const point = (measurement: string, tags: Tags, fields: Readonly<Record<string, Field>>, time: string): string => {
  const tagText = Object.entries(tags).flatMap(([key, value]) => tagPair(key, value));
  const fieldText = Object.entries(fields).flatMap(([key, value]) => fieldPair(key, value));
  return `${[measurement, ...tagText].join(",")} ${fieldText.join(",")} ${time}`;
};

const tagPair = (key: string, value: string | null): readonly string[] => {
  const text = tagValue(value ?? "");
  return text === "" ? [] : [`${key}=${text}`];
};

/** Commas, blanks and equals signs are escaped; a backslash at the end would escape what follows, so there is none. */
const tagValue = (text: string): string => plainText(text).replace(/\\+$/, "").replace(/[,= ]/g, "\\$&");

const fieldPair = (key: string, value: Field): readonly string[] => {
  if (value === null) return [];
  if (typeof value === "object") return [`${key}=${value.count}i`];
  return [`${key}=${value}`];
};
