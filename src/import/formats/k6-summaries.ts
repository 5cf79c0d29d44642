import { type Fields, readDocument } from "../document-fields.ts";
import { fieldsOf, textOf } from "../fields.ts";
import type { Format } from "../format.ts";
import type { Measured } from "../measured.ts";
import { NO_LATENCY, outcomesOf, type PrintedLatency, printedMeasured } from "../summary-measured.ts";

const OK_ONLY = "http_req_duration{expected_response:true}";
const PERCENTILES = "k6-summary, expected responses; request written to last byte, without connect";

const format = (name: string, read: (fields: Fields) => Measured): Format => ({
  name,
  tool: "k6",
  percentiles: PERCENTILES,
  shape: { kind: "document", read: (value) => readDocument(value, read) },
});

/** `JSON.stringify(data)` in `handleSummary`. */
export const k6Handled = format("k6 summary (handleSummary)", (fields) =>
  fromMetrics(fields, {
    at: (metric) => ["metrics", metric, "values"],
    seconds: fields.amount("state", "testRunDurationMs") / 1000,
  }),
);

/** `k6 run --summary-export`: the values stand in the metric itself. */
export const k6Exported = format("k6 summary (--summary-export)", (fields) => {
  const rate = fields.amount("metrics", "http_reqs", "rate");
  const seconds = rate > 0 ? fields.count("metrics", "http_reqs", "count") / rate : 0;
  return fromMetrics(fields, { at: (metric) => ["metrics", metric], seconds });
});

/** `k6 run --new-machine-readable-summary`: metrics are a list, p99 is never in it. */
export const k6MachineReadable: Format = {
  name: "k6 summary (--new-machine-readable-summary)",
  tool: "k6",
  percentiles: PERCENTILES,
  shape: {
    kind: "document",
    read: (value) =>
      readDocument(asMap(value), (fields) =>
        fromMetrics(fields, { at: (metric) => ["metrics", metric], seconds: fields.amount("duration") }),
      ),
  },
};

/** The list of metrics as a map, with the names that the other two summaries use. */
const asMap = (value: unknown): unknown => {
  const document = fieldsOf(value);
  const list = fieldsOf(document?.["results"])?.["metrics"];
  const metrics = (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const metric = fieldsOf(one);
    const values = fieldsOf(metric?.["values"]);
    if (values === null) return [];
    const renamed = Object.entries(values).map(([key, number]) => [RENAMED[key] ?? key, number]);
    return [[textOf(metric?.["name"]), Object.fromEntries(renamed)]];
  });
  return { duration: fieldsOf(document?.["config"])?.["duration"], metrics: Object.fromEntries(metrics) };
};

const RENAMED: Readonly<Record<string, string>> = { p90: "p(90)", p95: "p(95)", p99: "p(99)", matches: "passes" };

type Place = { readonly at: (metric: string) => readonly string[]; readonly seconds: number };

const fromMetrics = (fields: Fields, { at, seconds }: Place): Measured => {
  const requests = fields.count(...at("http_reqs"), "count");
  // Of this rate the "passes" are the requests that failed.
  const failed = Math.min(requests, fields.count(...at("http_req_failed"), "passes"));
  const outcomes = outcomesOf(requests, failed);
  // Without the metric of expected responses only a run without failures has times of `ok` requests.
  const metric = fields.has(...at(OK_ONLY)) ? OK_ONLY : "http_req_duration";
  const usable = metric === OK_ONLY || failed === 0;
  const dropped = fields.count(...at("dropped_iterations"), "count");
  return printedMeasured({
    outcomes,
    latency: usable ? latencyOf(fields, at(metric)) : NO_LATENCY,
    why: usable
      ? "k6's summary does not hold it (summaryTrendStats decides)"
      : "k6's summary mixes the times of failed requests in",
    seconds,
    notes: [
      "k6's summary holds percentiles only; --out json holds every request.",
      ...(dropped === 0 ? [] : [`k6 dropped ${dropped} iterations because no VU was free; they are in no figure.`]),
    ],
  });
};

const latencyOf = (fields: Fields, metric: readonly string[]): PrintedLatency => {
  const ms = (name: string): number | null => fields.ms(1000, ...metric, name);
  return {
    p50: ms("med"),
    p90: ms("p(90)"),
    p95: ms("p(95)"),
    p99: ms("p(99)"),
    min: ms("min"),
    max: ms("max"),
    mean: ms("avg"),
  };
};
