import { type Parsed, parsed, refused } from "../errors.ts";
import { splitFields } from "./csv-rows.ts";
import { documentFormat } from "./documents.ts";
import { fieldsOf } from "./fields.ts";
import type { Format } from "./format.ts";
import { jmeterCsv } from "./formats/jmeter.ts";
import { k6Csv, k6Ndjson } from "./formats/k6.ts";
import { locustRequests, locustStats } from "./formats/locust.ts";
import { abGnuplot, heyCsv, ohaCsv } from "./formats/one-url.ts";
import { vegetaCsv, vegetaJson } from "./formats/vegeta.ts";
import { importRefused } from "./problems.ts";

/** Characters at the beginning of a file that are looked at. */
export const HEAD = 64 * 1024;

/** What a file is, told by its content alone. */
export type Detected =
  | { readonly kind: "stream"; readonly format: Format; readonly separator: string }
  /** One JSON document: which, is told by its keys when all of it is there. */
  | { readonly kind: "document" }
  /** A run record or a history of swarmgate. */
  | { readonly kind: "own" }
  | { readonly kind: "unknown" };

/** Tells files apart by their first 64 KB. What is known and would lie is refused by name. */
export const detect = (head: string): Parsed<Detected> => {
  const text = head.startsWith("\uFEFF") ? head.slice(1) : head;
  const trimmed = text.trimStart();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return parsed(detectJson(trimmed));
  if (/^<(\?xml|testResults)/.test(trimmed)) {
    return refused([
      importRefused(
        "it is a JTL as XML",
        "Write it as CSV: jmeter -Jjmeter.save.saveservice.output_format=csv, which is JMeter's default.",
      ),
    ]);
  }
  return isBinary(text.slice(0, 1000)) ? refused([GOB]) : detectCsv(trimmed);
};

/** Zero bytes, and what a decoder makes of bytes that are no UTF-8. */
const isBinary = (head: string): boolean => head.includes("\u0000") || head.includes("\uFFFD");

const GOB = importRefused(
  "it is binary, as Vegeta's own results are",
  "Write them as text: vegeta encode --to json results.bin > results.json.",
);

const OWN = /"schema"\s*:\s*"swarmgate\./;

const detectJson = (text: string): Detected => {
  const lines = text.split("\n", 20);
  // The last one may be cut by the end of the head.
  for (const line of lines) {
    const format = lineFormat(line);
    if (format !== null) return { kind: "stream", format, separator: "" };
  }
  return OWN.test(text.slice(0, 1000)) ? { kind: "own" } : { kind: "document" };
};

/** By the parsed line, or by its beginning when it is not whole. */
const lineFormat = (line: string): Format | null => {
  const fields = fieldsOf(parseOrNull(line));
  if (fields !== null) {
    if ((fields["type"] === "Point" || fields["type"] === "Metric") && "data" in fields) return k6Ndjson;
    return "latency" in fields && "code" in fields && "timestamp" in fields ? vegetaJson : null;
  }
  if (/^\{"(type|metric)":"(Metric|Point|http_\w+)"/.test(line)) return k6Ndjson;
  return /^\{"attack":"(?:[^"\\]|\\.)*","seq":\d/.test(line) ? vegetaJson : null;
};

const parseOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const SEPARATORS = [",", ";", "\t", "|"] as const;

const detectCsv = (text: string): Parsed<Detected> => {
  const end = text.search(/\r?\n/);
  const line = end < 0 ? text : text.slice(0, end);
  for (const separator of SEPARATORS) {
    const fields = splitFields(line, separator);
    if (typeof fields === "string" || fields.length < 2) continue;
    const liar = LIARS.find(({ columns }) => columns.every((name, at) => fields[at] === name));
    if (liar !== undefined) return refused([importRefused(liar.says, liar.hint)]);
    const format = csvFormat(fields);
    if (format !== null) return parsed({ kind: "stream", format, separator });
  }
  return parsed({ kind: "unknown" });
};

const csvFormat = (first: readonly string[]): Format | null => {
  const found = HEADERS.find(({ columns }) => columns.every((name) => first.includes(name)));
  if (found !== undefined) return found.format;
  if (first.length === 12 && /^\d{19}$/.test(first[0] ?? "") && /^\d{1,3}$/.test(first[1] ?? "")) return vegetaCsv;
  const isJmeter = first.length === 17 && /^\d{13}$/.test(first[0] ?? "") && /^(true|false)$/.test(first[7] ?? "");
  return isJmeter ? jmeterCsv(false) : null;
};

const HEADERS: readonly { readonly columns: readonly string[]; readonly format: Format }[] = [
  { columns: ["elapsed", "label", "responseCode"], format: jmeterCsv(true) },
  { columns: ["elapsed", "label", "success"], format: jmeterCsv(true) },
  { columns: ["Type", "Name", "Request Count", "Failure Count"], format: locustStats },
  { columns: ["timestamp", "request_type", "name", "response_time_ms"], format: locustRequests },
  { columns: ["metric_name", "timestamp", "metric_value"], format: k6Csv },
  { columns: ["response-time", "DNS+dialup", "status-code", "offset"], format: heyCsv },
  { columns: ["request-start", "DNS+dialup", "request-duration", "status"], format: ohaCsv },
  { columns: ["starttime", "seconds", "ctime", "dtime", "ttime"], format: abGnuplot },
];

/** Files that are known and hold nothing that could be judged. */
const LIARS = [
  {
    columns: ["Timestamp", "User Count", "Type", "Name"],
    says: "Locust's stats history holds percentiles of ten seconds each, which do not add up",
    hint: "Give the file that ends in _stats.csv.",
  },
  {
    columns: ["Method", "Name", "Error", "Occurrences"],
    says: "Locust's failures file holds no times",
    hint: "Give the file that ends in _stats.csv.",
  },
  {
    columns: ["Count", "Message", "Traceback"],
    says: "Locust's exceptions file holds no times",
    hint: "Give the file that ends in _stats.csv.",
  },
  {
    columns: ["Percentage served", "Time in ms"],
    says: "ab -e writes percentiles and not of how many requests",
    hint: "Give the file that ab -g writes.",
  },
] as const;

/** The format of a whole JSON document by its keys; `null` when it is of nobody we know. */
export const detectDocument = (value: unknown): Parsed<Format | "own" | null> => {
  const schema = fieldsOf(value)?.["schema"];
  if (typeof schema === "string" && schema.startsWith("swarmgate.")) return parsed("own");
  return documentFormat(value);
};
