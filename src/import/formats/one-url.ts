/** Tools that hit one URL and write one row a response: what got no response is in none of these files. */
import { type EpochMs, epochMs } from "../../units.ts";
import { classifyImported } from "../classify-failure.ts";
import { collectSamples, type FileFacts } from "../collect.ts";
import { readEpoch, readNumber, readStatus, readTime } from "../fields.ts";
import { type Columns, type Format, fieldOf, fromRaw } from "../format.ts";
import { bad, type LineRead } from "../sample.ts";

/** `hey -o csv`; seconds. */
export const heyCsv: Format = {
  name: "hey CSV (-o csv)",
  tool: "hey",
  percentiles: fromRaw("send to last byte, tenths of a millisecond"),
  shape: {
    kind: "csv",
    columns: null,
    open: (columns) =>
      collectSamples(
        readSeconds(columns, { time: "response-time", start: "offset", status: "status-code" }),
        lacking("hey's file leaves out requests without a response"),
      ),
  },
};

/** `oha --output-format csv`; seconds. */
export const ohaCsv: Format = {
  name: "oha CSV (--output-format csv)",
  tool: "oha",
  percentiles: fromRaw("send to last byte"),
  shape: {
    kind: "csv",
    columns: null,
    open: (columns) =>
      collectSamples(
        readSeconds(columns, { time: "request-duration", start: "request-start", status: "status" }),
        lacking("oha's CSV leaves out requests without a response"),
      ),
  },
};

/** `ab -g`: whole milliseconds, no status. */
export const abGnuplot: Format = {
  name: "ab gnuplot file (-g)",
  tool: "ab",
  percentiles: fromRaw("connect to close, whole milliseconds, failed responses included"),
  shape: {
    kind: "csv",
    columns: null,
    open: (columns) =>
      collectSamples((row) => readAb(row, columns), lacking("ab's file does not say which requests failed")),
  },
};

const lacking = (why: string) => (): FileFacts => ({
  users: 0,
  lacks: { "failure-rate": why },
  notes: [`${why}: failure-rate is not judged.`],
});

const NAME = "all requests";

const readSeconds =
  (columns: Columns, names: { readonly time: string; readonly start: string; readonly status: string }) =>
  (row: readonly string[]): LineRead => {
    const time = readTime(names.time, fieldOf(row, columns, names.time), 1e6);
    if (!time.ok) return bad(time.says);
    const offset = readNumber(names.start, fieldOf(row, columns, names.start));
    if (!offset.ok) return bad(offset.says);
    if (offset.value < 0) return bad(`has a negative ${names.start}`);
    const status = readStatus(names.status, fieldOf(row, columns, names.status));
    if (!status.ok) return bad(status.says);
    return sample(time.value, status.value, epochMs(offset.value * 1000));
  };

const readAb = (row: readonly string[], columns: Columns): LineRead => {
  const time = readTime("ttime", fieldOf(row, columns, "ttime"), 1000);
  if (!time.ok) return bad(time.says);
  const start = readEpoch("seconds", fieldOf(row, columns, "seconds"), 1000);
  return start.ok ? sample(time.value, null, start.value) : bad(start.says);
};

type SampleOf = Extract<LineRead, { kind: "sample" }>["sample"];

const sample = (time: SampleOf["time"], status: number | null, start: EpochMs | null): LineRead => ({
  kind: "sample",
  sample: {
    name: NAME,
    start,
    time,
    outcome: classifyImported({ status, failed: false, text: "" }),
    status,
    text: "",
    sent: 0,
    received: 0,
  },
});
