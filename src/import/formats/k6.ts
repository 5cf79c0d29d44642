import type { OutcomeClass } from "../../load/outcome.ts";
import { type EpochMs, epochMs, type Micros } from "../../units.ts";
import { classifyImported } from "../classify-failure.ts";
import { collectSamples, type FileFacts } from "../collect.ts";
import {
  type FieldRead,
  fieldsOf,
  readEpoch,
  readInstant,
  readNumber,
  readStatus,
  readTime,
  textOf,
} from "../fields.ts";
import { type Columns, type Format, fieldOf, fromRaw } from "../format.ts";
import type { Reading } from "../measured.ts";
import { taskName } from "../names.ts";
import { bad, type LineRead, SKIP } from "../sample.ts";

const TOOL = "k6";
/** k6's http_req_duration is sending + waiting + receiving: look-up, connect and TLS are outside. */
const PERCENTILES = fromRaw("request written to last byte, without connect");

/** `k6 run --out json=FILE`. */
export const k6Ndjson: Format = {
  name: "k6 NDJSON (--out json)",
  tool: TOOL,
  percentiles: PERCENTILES,
  shape: { kind: "json-lines", open: () => collecting(readPoint) },
};

/** `k6 run --out csv=FILE`. */
export const k6Csv: Format = {
  name: "k6 CSV (--out csv)",
  tool: TOOL,
  percentiles: PERCENTILES,
  shape: {
    kind: "csv",
    columns: null,
    open: (columns) => collecting((row: readonly string[]) => readCsvRow(row, columns)),
  },
};

/** One point of a metric, from either format. */
type Point = {
  readonly metric: string;
  readonly value: unknown;
  readonly time: () => FieldRead<EpochMs | null>;
  readonly tag: (name: string) => string;
};

const readPoint = (row: unknown): Point | string | null => {
  const line = fieldsOf(row);
  const data = fieldsOf(line?.["data"]);
  if (line === null || data === null) return "is no line of k6";
  if (line["type"] !== "Point") return line["type"] === "Metric" ? null : "is neither a Metric nor a Point";
  const tags = fieldsOf(data["tags"]) ?? {};
  return {
    metric: textOf(line["metric"]),
    value: data["value"],
    time: () => readInstant("time", data["time"]),
    tag: (name) => textOf(tags[name]),
  };
};

const readCsvRow = (row: readonly string[], columns: Columns): Point => {
  const field = (name: string): string => fieldOf(row, columns, name) ?? "";
  return {
    metric: field("metric_name"),
    value: field("metric_value"),
    time: () => csvTime(field("timestamp")),
    tag: field,
  };
};

/** Seconds unless K6_CSV_TIME_FORMAT asks for milliseconds, microseconds, nanoseconds or RFC 3339. */
const csvTime = (text: string): FieldRead<EpochMs | null> =>
  [10, 13, 16, 19].includes(text.length) && /^\d+$/.test(text)
    ? readEpoch("timestamp", text, 10 ** (13 - text.length))
    : readInstant("timestamp", text);

const collecting = <Row>(read: (row: Row) => Point | string | null): Reading<Row> => {
  const dropped = { iterations: 0 };
  const facts = (): FileFacts => ({
    users: 0,
    lacks: {},
    notes:
      dropped.iterations === 0
        ? []
        : [`k6 dropped ${dropped.iterations} iterations because no VU was free; they are in no figure.`],
  });
  return collectSamples((row: Row) => {
    const point = read(row);
    if (point === null) return SKIP;
    if (typeof point === "string") return bad(point);
    if (point.metric === "http_req_duration") return readRequest(point);
    const value = readNumber("value", point.value);
    if (!value.ok) return bad(value.says);
    if (point.metric === "dropped_iterations") dropped.iterations += value.value;
    return SKIP;
  }, facts);
};

const readRequest = ({ value, time, tag }: Point): LineRead => {
  const took = readTime("value", value, 1000);
  if (!took.ok) return bad(took.says);
  const end = time();
  if (!end.ok) return bad(end.says);
  const status = readStatus("status", tag("status"));
  if (!status.ok) return bad(status.says);
  // What k6 did once for all users is no part of the load.
  if (/^::(setup|teardown)(::|$)/.test(tag("group"))) return SKIP;
  const text = tag("error");
  return {
    kind: "sample",
    sample: {
      name: taskName(tag("name") || tag("url")),
      start: startOf(end.value, took.value),
      time: took.value,
      outcome: outcomeOf({ status: status.value, tag }),
      status: status.value,
      text,
      sent: 0,
      received: 0,
    },
  };
};

/** k6 writes the time at which a request ended. */
const startOf = (end: EpochMs | null, took: Micros): EpochMs | null =>
  end === null ? null : epochMs(Math.max(0, end - took / 1000));

const outcomeOf = ({ status, tag }: { readonly status: number | null; readonly tag: Point["tag"] }): OutcomeClass => {
  const failed = status === null || tag("expected_response") === "false";
  const known = status === null ? BY_ERROR_CODE.find(([pattern]) => pattern.test(tag("error_code"))) : undefined;
  return known?.[1] ?? classifyImported({ status, failed, text: tag("error") });
};

/** Ranges of k6's error codes (k6 documentation, "Error codes"). */
const BY_ERROR_CODE: readonly (readonly [RegExp, OutcomeClass])[] = [
  [/^1050$/, "timeout"],
  [/^11\d\d$/, "dns-error"],
  [/^1220$/, "reset"],
  [/^12\d\d$/, "connect-error"],
  [/^13\d\d$/, "tls-error"],
  [/^16\d\d$/, "reset"],
];
