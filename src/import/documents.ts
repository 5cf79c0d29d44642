import { type Parsed, parsed, refused } from "../errors.ts";
import { fieldsOf } from "./fields.ts";
import type { Format } from "./format.ts";
import { jmeterStatistics } from "./formats/jmeter-statistics.ts";
import { k6Exported, k6Handled, k6MachineReadable } from "./formats/k6-summaries.ts";
import { locustJson } from "./formats/locust-json.ts";
import { artilleryJson, autocannonJson, ohaJson, vegetaReport } from "./formats/reports.ts";
import { importRefused } from "./problems.ts";

type Keys = Readonly<Record<string, unknown>>;

/** The format of a document by its keys; `null` when nobody's. */
export const documentFormat = (value: unknown): Parsed<Format | null> => {
  const first = Array.isArray(value) ? fieldsOf(value[0]) : null;
  if (first !== null) return parsed("response_times" in first && "num_requests" in first ? locustJson : null);
  const keys = fieldsOf(value);
  if (keys === null) return parsed(null);
  if (isDlt(keys)) return refused([DLT]);
  return parsed(DOCUMENTS.find(({ is }) => is(keys))?.format ?? null);
};

const has = (value: unknown, ...names: readonly string[]): boolean => {
  const keys = fieldsOf(value);
  return keys !== null && names.every((name) => name in keys);
};

const DOCUMENTS: readonly { readonly is: (keys: Keys) => boolean; readonly format: Format }[] = [
  { is: (keys) => has(keys, "latencies", "status_codes", "requests"), format: vegetaReport },
  { is: (keys) => has(keys["state"], "testRunDurationMs") && has(keys, "metrics"), format: k6Handled },
  { is: (keys) => has(keys, "config", "metadata") && has(keys["results"], "metrics"), format: k6MachineReadable },
  { is: (keys) => has(keys, "root_group") && has(keys["metrics"], "http_reqs"), format: k6Exported },
  ...ohaJson.map(({ key, format }) => ({
    is: (keys: Keys) => has(keys[key], "p50") && has(keys, "statusCodeDistribution"),
    format,
  })),
  { is: (keys) => has(keys, "latency", "statusCodeStats", "connections"), format: autocannonJson },
  { is: (keys) => has(keys["aggregate"], "counters", "summaries"), format: artilleryJson },
  { is: (keys) => has(keys["Total"], "sampleCount", "pct1ResTime"), format: jmeterStatistics },
];

/** Distributed Load Testing on AWS, with or without the object around its totals. */
const isDlt = (keys: Keys): boolean =>
  [keys, keys["total"], fieldsOf(keys["results"])?.["total"]].some((value) =>
    has(value, "avg_rt", "p95_0", "throughput"),
  );

const DLT = importRefused(
  "Distributed Load Testing on AWS averages the percentiles of its tasks, which is the percentile of nothing",
  "Give the JTL of a task, from the bucket with the results.",
);
