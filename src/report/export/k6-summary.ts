/**
 * A run in the shape of `k6 run --summary-export`: values stand directly under the metric, and a rate is called `value`.
 * Only what was measured is in it. Times are in milliseconds from the send, of successful responses.
 */
import { decodeHistogram, type LatencyHistogram, quantile } from "../../load/histogram.ts";
import { countFailures } from "../../load/outcome.ts";
import type { LatencySummary } from "../../load/result.ts";
import type { RunRecord } from "../../record/record.ts";
import { escapeJson } from "../escape.ts";

type Values = Readonly<Record<string, number>>;

export const renderK6Summary = (record: RunRecord): string => {
  const { totals, service, window, slices, generator } = record;
  const rate = (count: number): Values => ({ count, rate: window.seconds > 0 ? count / window.seconds : 0 });
  const duration = trend(service);
  const users = slices.map((slice) => slice.users);
  const metrics: Readonly<Record<string, Values | null>> = {
    data_received: rate(totals.bytes.received),
    data_sent: rate(totals.bytes.sent),
    dropped_iterations: totals.dropped === 0 ? null : rate(totals.dropped),
    http_req_duration: duration,
    "http_req_duration{expected_response:true}": duration,
    http_req_failed: failedRate(record),
    http_reqs: rate(totals.requests),
    vus: users.length === 0 ? null : gauge(users),
    vus_max: { value: generator.usersAsked, min: generator.usersAsked, max: generator.usersAsked },
  };
  const present = Object.fromEntries(Object.entries(metrics).filter(([, values]) => values !== null));
  return `${escapeJson(JSON.stringify({ root_group: ROOT, metrics: present }, null, 4))}\n`;
};

/** The id is the MD5 of the path, which is empty. */
const ROOT = { name: "", path: "", id: "d41d8cd98f00b204e9800998ecf8427e", groups: {}, checks: {} };

const gauge = (values: readonly number[]): Values => ({
  value: values.at(-1) ?? 0,
  min: values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  max: values.reduce((a, b) => Math.max(a, b), 0),
});

/** k6 counts what the name says: a pass of `http_req_failed` is a request that failed. */
const failedRate = ({ totals: { outcomes } }: RunRecord): Values => {
  const failed = countFailures(outcomes);
  const counted = failed + outcomes.ok;
  return { passes: failed, fails: outcomes.ok, value: counted === 0 ? 0 : failed / counted };
};

/** The statistics of k6's `summaryTrendStats` by default, and p(99); `null` when nothing was measured. */
const trend = ({ mean, min, max, histogram }: LatencySummary): Values | null => {
  const values = decodeHistogram(histogram);
  if (values === null || mean === null || min === null || max === null) return null;
  return {
    avg: mean,
    min,
    med: at(values, 0.5),
    max,
    "p(90)": at(values, 0.9),
    "p(95)": at(values, 0.95),
    "p(99)": at(values, 0.99),
  };
};

const at = (histogram: LatencyHistogram, q: number): number => (quantile(histogram, q) ?? 0) / 1000;
