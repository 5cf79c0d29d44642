import { type EpochMs, epochMs } from "../../units.ts";
import { classifyImported } from "../classify-failure.ts";
import { collectSamples } from "../collect.ts";
import { type FieldRead, fieldsOf, readCount, readInstant, readStatus, readTime, textOf } from "../fields.ts";
import { type Columns, type Format, fieldOf, fromRaw } from "../format.ts";
import { requestName } from "../names.ts";
import { bad, type LineRead } from "../sample.ts";

const TOOL = "vegeta";
const PERCENTILES = fromRaw("start of the hit, connect included, to last byte");

/** `vegeta encode --to json`. */
export const vegetaJson: Format = {
  name: "Vegeta JSON (vegeta encode --to json)",
  tool: TOOL,
  percentiles: PERCENTILES,
  shape: { kind: "json-lines", open: () => collectSamples(readJsonHit) },
};

/** `vegeta encode --to csv`: it has no header. */
export const vegetaCsv: Format = {
  name: "Vegeta CSV (vegeta encode --to csv)",
  tool: TOOL,
  percentiles: PERCENTILES,
  shape: {
    kind: "csv",
    columns: [
      "timestamp",
      "code",
      "latency",
      "bytes_out",
      "bytes_in",
      "error",
      "body",
      "attack",
      "seq",
      "method",
      "url",
      "headers",
    ],
    open: (columns) => collectSamples((row) => readCsvHit(row, columns)),
  },
};

type Hit = {
  readonly field: (name: string) => unknown;
  readonly start: FieldRead<EpochMs>;
};

const readJsonHit = (row: unknown): LineRead => {
  const hit = fieldsOf(row);
  if (hit === null) return bad("is no line of Vegeta");
  return readHit({ field: (name) => hit[name], start: readInstant("timestamp", hit["timestamp"]) });
};

const readCsvHit = (row: readonly string[], columns: Columns): LineRead =>
  readHit({ field: (name) => fieldOf(row, columns, name), start: readNanos(fieldOf(row, columns, "timestamp") ?? "") });

const readHit = ({ field, start }: Hit): LineRead => {
  if (!start.ok) return bad(start.says);
  const time = readTime("latency", field("latency"), 1e-3);
  if (!time.ok) return bad(time.says);
  const status = readStatus("code", field("code"));
  if (!status.ok) return bad(status.says);
  const sent = readCount("bytes_out", field("bytes_out") ?? 0);
  if (!sent.ok) return bad(sent.says);
  const received = readCount("bytes_in", field("bytes_in") ?? 0);
  if (!received.ok) return bad(received.says);
  const text = textOf(field("error"));
  return {
    kind: "sample",
    sample: {
      name: requestName(textOf(field("method")), textOf(field("url"))),
      start: start.value,
      time: time.value,
      // Code 0 without an error is a hit that never began.
      outcome: classifyImported({ status: status.value, failed: text !== "" || status.value === null, text }),
      status: status.value,
      text,
      sent: sent.value,
      received: received.value,
    },
  };
};

/** Nanoseconds since 1970: too many digits for a number, so the last six are taken apart. */
const readNanos = (text: string): FieldRead<EpochMs> => {
  const [, ms, rest] = /^(\d{10,15})(\d{6})$/.exec(text) ?? [];
  return ms === undefined || rest === undefined
    ? { ok: false, says: `has timestamp ${JSON.stringify(text.slice(0, 60))}, which is no time in nanoseconds` }
    : { ok: true, value: epochMs(Number(ms) + Number(rest) / 1e6) };
};
