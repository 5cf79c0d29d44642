/** Reports that tools print as one JSON document: percentiles only. */
import { classifyStatus } from "../../load/classify.ts";
import { noOutcomes, type OutcomeCounter } from "../../load/outcome.ts";
import type { EpochMs } from "../../units.ts";
import { classifyText } from "../classify-failure.ts";
import { type Fields, readDocument } from "../document-fields.ts";
import { readInstant } from "../fields.ts";
import type { Format } from "../format.ts";
import type { Measured } from "../measured.ts";
import {
  failedIncluded,
  NO_LATENCY,
  ofAllRequests,
  type PrintedLatency,
  printedMeasured,
} from "../summary-measured.ts";

const report = (about: Pick<Format, "name" | "tool" | "percentiles">, read: (fields: Fields) => Measured): Format => ({
  ...about,
  shape: { kind: "document", read: (value) => readDocument(value, read) },
});

/** `vegeta report -type json`; nanoseconds. */
export const vegetaReport = report(
  {
    name: "Vegeta report (vegeta report -type json)",
    tool: "vegeta",
    percentiles: "t-digest, all requests; start of the hit, connect included, to last byte",
  },
  (fields) => {
    const outcomes = noOutcomes();
    const errors = fields.at("errors");
    const texts = (Array.isArray(errors) ? errors : []).filter(
      (text): text is string => typeof text === "string" && !/^\d{3} /.test(text),
    );
    addStatuses(outcomes, fields.counts("status_codes"), texts);
    const ms = (name: string): number | null => fields.ms(1e-3, "latencies", name);
    return printedMeasured({
      outcomes,
      ...ofAllRequests("Vegeta", outcomes, {
        latency: {
          p50: ms("50th"),
          p90: ms("90th"),
          p95: ms("95th"),
          p99: ms("99th"),
          min: ms("min"),
          max: ms("max"),
          mean: ms("mean"),
        },
        why: "Vegeta's report does not hold it",
      }),
      seconds: (fields.amount("duration") + fields.amount("wait")) / 1e9,
      start: startOf(fields, "earliest"),
      notes: [
        "Vegeta's report holds percentiles only; vegeta encode holds every request.",
        ...failedIncluded("Vegeta", outcomes),
      ],
    });
  },
);

/** `oha --output-format json`; seconds. Its success rate counts every response, a 500 too, and is not looked at. */
const ohaReport = (okOnly: string | null): Format =>
  report(
    {
      name: "oha JSON (--output-format json)",
      tool: "oha",
      percentiles: `oha-list, ${okOnly === null ? "all" : "successful"} responses; send to last byte`,
    },
    (fields) => {
      const outcomes = noOutcomes();
      addStatuses(outcomes, fields.counts("statusCodeDistribution"), []);
      for (const [text, count] of fields.counts("errorDistribution")) outcomes[classifyText(text)] += count;
      const ms = (name: string): number | null => fields.ms(1e6, okOnly ?? "latencyPercentiles", name);
      const whole = (name: string): number | null => fields.ms(1e6, "summary", name);
      const printed = {
        latency: {
          p50: ms("p50"),
          p90: ms("p90"),
          p95: ms("p95"),
          p99: ms("p99"),
          min: whole("fastest"),
          max: whole("slowest"),
          mean: whole("average"),
        },
        why: "oha's report does not hold it",
      };
      return printedMeasured({
        outcomes,
        ...(okOnly === null ? ofAllRequests("oha", outcomes, printed) : printed),
        seconds: fields.amount("summary", "total"),
        notes: ["oha's report holds percentiles only.", ...(okOnly === null ? failedIncluded("oha", outcomes) : [])],
      });
    },
  );

/** Newer versions print percentiles of successful responses beside; the code and the schema of oha spell them differently. */
export const ohaJson: readonly { readonly key: string; readonly format: Format }[] = [
  ...["latencyPercentilesSuccessful", "latencyPercentileSuccessful"].map((key) => ({ key, format: ohaReport(key) })),
  { key: "latencyPercentiles", format: ohaReport(null) },
];

/** `autocannon --json`; whole milliseconds, no p95. */
export const autocannonJson = report(
  {
    name: "autocannon JSON (--json)",
    tool: "autocannon",
    percentiles: "hdr-whole-milliseconds, all responses; write to last byte",
  },
  (fields) => {
    const outcomes = noOutcomes();
    const statuses = fields.at("statusCodeStats");
    const codes = Object.keys(typeof statuses === "object" && statuses !== null ? statuses : {});
    addStatuses(
      outcomes,
      codes.map((code) => [code, fields.count("statusCodeStats", code, "count")]),
      [],
    );
    const answered = codes.reduce((sum, code) => sum + fields.count("statusCodeStats", code, "count"), 0);
    const timeouts = fields.count("timeouts");
    outcomes.timeout += timeouts;
    outcomes.reset += Math.max(0, fields.count("errors") - timeouts);
    // More times than responses: --overallRate filled up what it thought was missing, with the wrong unit.
    const filledUp = fields.count("latency", "totalCount") > answered;
    const ms = (name: string): number | null => fields.ms(1000, "latency", name);
    const latency: PrintedLatency = {
      ...NO_LATENCY,
      p50: ms("p50"),
      p90: ms("p90"),
      p99: ms("p99"),
      min: ms("min"),
      max: ms("max"),
      mean: ms("mean"),
    };
    return printedMeasured({
      outcomes,
      ...ofAllRequests("autocannon", outcomes, {
        latency: filledUp ? NO_LATENCY : latency,
        why: filledUp ? "autocannon added times that it never measured" : "autocannon's report does not hold it",
      }),
      seconds: fields.amount("duration"),
      users: fields.count("connections"),
      start: startOf(fields, "start"),
      notes: [
        "autocannon's report holds percentiles in whole milliseconds only.",
        ...failedIncluded("autocannon", outcomes),
      ],
    });
  },
);

/** `artillery run --output`; milliseconds to the first byte. */
export const artilleryJson = report(
  {
    name: "Artillery JSON (--output)",
    tool: "artillery",
    percentiles: "ddsketch-1%, all responses; to first byte",
  },
  (fields) => {
    const outcomes = noOutcomes();
    const counters = fields.counts("aggregate", "counters");
    addStatuses(outcomes, startingWith(counters, "http.codes."), []);
    for (const [text, count] of startingWith(counters, "errors.")) outcomes[classifyText(text)] += count;
    const ms = (name: string): number | null => fields.ms(1000, "aggregate", "summaries", "http.response_time", name);
    const first = fields.amount("aggregate", "firstCounterAt");
    return printedMeasured({
      outcomes,
      ...ofAllRequests("Artillery", outcomes, {
        latency: {
          p50: ms("p50"),
          p90: ms("p90"),
          p95: ms("p95"),
          p99: ms("p99"),
          min: ms("min"),
          max: ms("max"),
          mean: ms("mean"),
        },
        why: "Artillery's report does not hold it",
      }),
      seconds: Math.max(0, fields.amount("aggregate", "lastCounterAt") - first) / 1000,
      notes: [
        "Artillery's times end at the first byte, and its report holds percentiles only.",
        ...failedIncluded("Artillery", outcomes),
      ],
    });
  },
);

const startingWith = (counts: readonly (readonly [string, number])[], prefix: string) =>
  counts.flatMap(([name, count]): (readonly [string, number])[] =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), count]] : [],
  );

/** Counts by status; 0 stands for no response, of the class that all error texts agree on. */
const addStatuses = (
  outcomes: OutcomeCounter,
  counts: readonly (readonly [string, number])[],
  texts: readonly string[],
): void => {
  const [unanswered = "reset", ...others] = new Set(texts.map(classifyText));
  for (const [code, count] of counts) {
    const status = Number(code);
    outcomes[status >= 100 ? classifyStatus(status) : others.length > 0 ? "reset" : unanswered] += count;
  }
};

const startOf = (fields: Fields, key: string): EpochMs | null => {
  const start = readInstant(key, fields.at(key));
  return start.ok ? start.value : null;
};
