import { epochMs } from "../../units.ts";
import { classifyImported } from "../classify-failure.ts";
import { collectSamples } from "../collect.ts";
import { type FieldRead, readCount, readEpoch, readStatus, readTime } from "../fields.ts";
import { type Columns, type Format, fieldOf, fromRaw } from "../format.ts";
import { taskName } from "../names.ts";
import { bad, type LineRead, SKIP } from "../sample.ts";

/** What JMeter writes by default, in this order (CSVSaveService), for files that were written without their header. */
export const JMETER_COLUMNS = [
  "timeStamp",
  "elapsed",
  "label",
  "responseCode",
  "responseMessage",
  "threadName",
  "dataType",
  "success",
  "failureMessage",
  "bytes",
  "sentBytes",
  "grpThreads",
  "allThreads",
  "URL",
  "Latency",
  "IdleTime",
  "Connect",
] as const;

/** JMeter's result log as CSV; `elapsed` runs from before the connection is made to the last byte. */
export const jmeterCsv = (hasHeader: boolean): Format => ({
  name: "JMeter JTL (CSV)",
  tool: "jmeter",
  percentiles: fromRaw("connect to last byte, milliseconds"),
  shape: {
    kind: "csv",
    columns: hasHeader ? null : JMETER_COLUMNS,
    open: (columns) => collectSamples((row) => readRow(row, columns)),
  },
});

const readRow = (row: readonly string[], columns: Columns): LineRead => {
  const field = (name: string): string | undefined => fieldOf(row, columns, name);
  const message = field("responsemessage") ?? "";
  if (isTransaction(message, field("url"), field("datatype"))) return SKIP;
  const success = field("success")?.toLowerCase();
  if (success !== undefined && success !== "true" && success !== "false")
    return bad("has a success that is neither true nor false");
  const time = readTime("elapsed", field("elapsed"), 1000);
  if (!time.ok) return bad(time.says);
  const start = readTimeStamp(field("timestamp"));
  if (!start.ok) return bad(start.says);
  const received = readCount("bytes", field("bytes") ?? 0);
  if (!received.ok) return bad(received.says);
  const sent = readCount("sentBytes", field("sentbytes") ?? 0);
  if (!sent.ok) return bad(sent.says);
  const code = field("responsecode") ?? "";
  const status = /^\d{3}$/.test(code) ? readStatus("responseCode", code) : NO_STATUS;
  if (!status.ok) return bad(status.says);
  const failed = success === undefined ? status.value === null : success === "false";
  const text = status.value === null ? `${code} ${message}`.trim() : (field("failuremessage") ?? "");
  const outcome = classifyImported({ status: status.value, failed, text });
  return {
    kind: "sample",
    sample: {
      name: taskName(field("label") ?? ""),
      start: start.value,
      time: time.value,
      outcome,
      status: status.value,
      text: text === "" ? message : text,
      sent: sent.value,
      received: received.value,
    },
  };
};

const NO_STATUS: FieldRead<number | null> = { ok: true, value: null };

/** A transaction controller repeats the time of the requests in it: counting it would count them twice. */
const isTransaction = (message: string, url: string | undefined, dataType: string | undefined): boolean =>
  message.startsWith("Number of samples in transaction") || (url === "null" && dataType === "");

/** Milliseconds since 1970, or a date where `timestamp_format` asks for one; it names no zone and is read as UTC. */
const readTimeStamp = (value: string | undefined): FieldRead<ReturnType<typeof epochMs> | null> => {
  if (value === undefined) return { ok: true, value: null };
  const [, date, time] = /^(\d{4}[-/]\d\d[-/]\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)$/.exec(value) ?? [];
  if (date === undefined || time === undefined) return readEpoch("timeStamp", value, 1);
  const instant = Date.parse(`${date.replaceAll("/", "-")}T${time}Z`);
  return Number.isNaN(instant)
    ? { ok: false, says: "has a timeStamp that is no time" }
    : { ok: true, value: epochMs(instant) };
};
