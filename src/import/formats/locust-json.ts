import { type Parsed, parsed, refused } from "../../errors.ts";
import { BucketCounter } from "../../load/bucket-counts.ts";
import { sumCounts, summarise } from "../../load/histogram.ts";
import { addOutcomes, noOutcomes } from "../../load/outcome.ts";
import { epochMs, type Micros } from "../../units.ts";
import { type FieldRead, fieldsOf, readCount, readNumber, readTime, textOf } from "../fields.ts";
import type { Format } from "../format.ts";
import type { Measured } from "../measured.ts";
import { taskName } from "../names.ts";
import { importProblem } from "../problems.ts";
import { failedIncluded, lacksOf, NO_LATENCY, outcomesOf, tooManyFailed } from "../summary-measured.ts";

/** More requests than any file of Locust's; a forged count must not keep the reader busy. */
const MOST_REQUESTS = 50_000_000;

/** `locust --json-file`: whole distributions, rounded by Locust to about two digits. */
export const locustJson: Format = {
  name: "Locust JSON (--json-file)",
  tool: "locust",
  percentiles: "hdr3-rank-ceil of locust-rounded times, all requests; call to last byte, connect included",
  shape: { kind: "document", read: (value) => readEntries(value) },
};

type Entry = {
  readonly name: string;
  readonly method: string;
  readonly requests: number;
  readonly failures: number;
  /** Times with how often each was seen. */
  readonly times: readonly { readonly time: Micros; readonly count: number }[];
  /** Seconds since 1970. */
  readonly start: number;
  readonly last: number;
};

const readEntries = (value: unknown): Parsed<Measured> => {
  const read = (Array.isArray(value) ? value : []).map(readEntry);
  const wrong = read.flatMap((entry) => (entry.ok ? [] : [importProblem(entry.says)]));
  if (wrong.length > 0) return refused(wrong.slice(0, 20));
  const entries = read.flatMap((entry) => (entry.ok ? [entry.value] : []));
  const total = entries.reduce((sum, { requests }) => sum + requests, 0);
  if (total > MOST_REQUESTS) return refused([importProblem(`it counts ${total} requests`)]);
  return parsed(measured(entries));
};

const readEntry = (value: unknown, index: number): FieldRead<Entry> => {
  const fields = fieldsOf(value) ?? {};
  const where = `entry ${index + 1}`;
  const requests = readCount("num_requests", fields["num_requests"]);
  const failures = readCount("num_failures", fields["num_failures"]);
  const start = readNumber("start_time", fields["start_time"]);
  const last = readNumber("last_request_timestamp", fields["last_request_timestamp"] ?? fields["start_time"]);
  const times = Object.entries(fieldsOf(fields["response_times"]) ?? {}).map(([ms, count]) => ({
    time: readTime("response time", ms, 1000),
    count: readCount("count", count),
  }));
  const fault = [requests, failures, start, last, ...times.flatMap(({ time, count }) => [time, count])].find(
    (one) => !one.ok,
  );
  if (fault?.ok === false) return { ok: false, says: `${where} ${fault.says}` };
  const entry = {
    name: textOf(fields["name"]),
    method: textOf(fields["method"]),
    requests: valueOr(requests, 0),
    failures: valueOr(failures, 0),
    start: valueOr(start, 0),
    last: valueOr(last, 0),
    times: times.flatMap(({ time, count }) => (time.ok && count.ok ? [{ time: time.value, count: count.value }] : [])),
  };
  const seen = entry.times.reduce((sum, { count }) => sum + count, 0);
  if (entry.failures > entry.requests || seen > entry.requests)
    return { ok: false, says: `${where} has more failures or times than requests` };
  return { ok: true, value: entry };
};

const valueOr = (read: FieldRead<number>, otherwise: number): number => (read.ok ? read.value : otherwise);

const measured = (entries: readonly Entry[]): Measured => {
  const outcomes = noOutcomes();
  for (const { requests, failures } of entries) addOutcomes(outcomes, outcomesOf(requests, failures));
  const start = entries.reduce((first, one) => Math.min(first, one.start), Number.POSITIVE_INFINITY);
  const last = entries.reduce((latest, one) => Math.max(latest, one.last), 0);
  const mixed = tooManyFailed("Locust", outcomes);
  const names = entries.map(({ name }) => taskName(name));
  return {
    window: {
      start: Number.isFinite(start) && start > 0 ? epochMs(start * 1000) : null,
      seconds: Number.isFinite(start) ? Math.max(0, last - start) : 0,
    },
    outcomes,
    bytes: { sent: 0, received: 0 },
    latency: summaryOf(entries),
    tasks: entries.map((entry) => {
      const name = taskName(entry.name);
      const alone = names.filter((other) => other === name).length === 1;
      return {
        name: alone ? name : `${entry.method} ${name}`,
        requests: entry.requests,
        outcomes: outcomesOf(entry.requests, entry.failures),
        response: summaryOf([entry]),
        examples: {},
      };
    }),
    slices: [],
    users: 0,
    lacks: mixed === null ? {} : lacksOf(NO_LATENCY, mixed),
    notes: ["Locust rounds times to about two digits.", ...failedIncluded("Locust", outcomes)],
  };
};

const summaryOf = (entries: readonly Entry[]): Measured["latency"] => {
  const counter = new BucketCounter();
  for (const { times } of entries)
    for (const { time, count } of times) for (let n = 0; n < count; n += 1) counter.record(time);
  return summarise(sumCounts([counter.take()]));
};
