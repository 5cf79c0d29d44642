import type { Architecture } from "./facts.ts";
import type { FrontEnd } from "./front-ends.ts";
import type { PriceTable, Tier } from "./prices.ts";

/** One function behind a request, as its price needs it. */
export type BilledFunction = {
  readonly memoryMb: number;
  readonly architecture: Architecture;
  /** Mean billed milliseconds of an invocation (`billedMs`). */
  readonly billedMs: number;
  /** Invocations per request of ours. */
  readonly callsPerRequest: number;
  /** `/tmp` in MB; 512 and below are free. */
  readonly ephemeralMb: number;
};

export type Workload = {
  readonly functions: readonly BilledFunction[];
  /** `null`: unknown, and then nothing is charged for it. */
  readonly frontEnd: FrontEnd | null;
  readonly region: string | null;
};

/** US dollars, by part. */
export type Cost = {
  readonly total: number;
  readonly duration: number;
  readonly requests: number;
  readonly frontEnd: number;
};

/** A month of 730 hours, as AWS's own calculator has it. */
export const SECONDS_PER_MONTH = 730 * 3600;
const MILLION = 1e6;
const FREE_EPHEMERAL_MB = 512;
/** Lambda bills whole milliseconds, rounded up: on average half a millisecond more than the mean. */
const ROUNDING_MS = 0.5;

/**
 * Mean billed milliseconds of an invocation. From the logs where they were read; else mean Duration, half a millisecond
 * of rounding, and cold share x mean Init, which is billed for all configurations since 2025-08-01 (AWS Compute Blog,
 * "AWS Lambda standardizes billing for INIT phase", April 2025). Half a millisecond and not `ceil(mean)`: a step at every
 * millisecond would make noise look like a change of price.
 */
export const billedMs = (known: {
  readonly logged: number | null;
  readonly durationMs: number;
  readonly coldShare: number | null;
  readonly initMs: number | null;
}): number => known.logged ?? known.durationMs + ROUNDING_MS + (known.coldShare ?? 0) * (known.initMs ?? 0);

/**
 * Cost of a million requests at the first tiers: requests + GB-seconds x rate + front end. Without free tier, discounts,
 * data transfer, logs and what the function itself uses.
 */
export const costPerMillion = (work: Workload, prices: PriceTable): Cost => costOf(work, MILLION, prices);

/** Cost of so many requests within one month, tier by tier. */
export const costOf = (work: Workload, requests: number, prices: PriceTable): Cost => {
  const factor = regionFactor(work.region, prices);
  const durations = work.functions.map((one) => {
    const seconds = (requests * one.callsPerRequest * one.billedMs) / 1000;
    const gbSeconds = (seconds * one.memoryMb) / 1024;
    const extraGb = Math.max(0, one.ephemeralMb - FREE_EPHEMERAL_MB) / 1024;
    const tiers = prices.lambda[one.architecture].duration;
    return factor * (tiered(tiers, gbSeconds) + seconds * extraGb * prices.ephemeralPerGbSecond);
  });
  const calls = sum(work.functions.map((one) => one.callsPerRequest)) * requests;
  const parts = {
    duration: sum(durations),
    requests: (calls / MILLION) * prices.requestsPerMillion,
    frontEnd: frontEndCost(work.frontEnd, requests, prices),
  };
  return { ...parts, total: parts.duration + parts.requests + parts.frontEnd };
};

/** What the load itself cost: its requests, the reads of CloudWatch, and the logs that were scanned. US dollars. */
export const runCost = (
  run: {
    readonly work: Workload;
    readonly requests: number;
    readonly metricsRequested: number;
    readonly logBytesScanned: number;
  },
  prices: PriceTable,
): number =>
  costOf(run.work, run.requests, prices).total +
  (run.metricsRequested / 1000) * prices.getMetricDataPerThousand +
  (run.logBytesScanned / 1e9) * prices.logsInsightsPerGb;

/** Lambda's duration price in a region against the table's region; 1 for a region that the table does not name. */
export const regionFactor = (region: string | null, prices: PriceTable): number =>
  region === null ? 1 : (prices.regionFactors[region] ?? 1);

/** The price table in words, with its age on the day of the run. */
export const pricesText = (prices: PriceTable, now: number, region: string | null): string => {
  const days = Math.floor((now - Date.parse(prices.asOf)) / DAY_MS);
  const age = days < 1 ? "" : `, ${days === 1 ? "1 day" : `${days} days`} old`;
  const factor = regionFactor(region, prices);
  const known = region !== null && region !== prices.region;
  const place = !known
    ? prices.region
    : factor === 1
      ? `${prices.region}, taken for ${region}`
      : `${prices.region} x ${factor} for ${region}`;
  return `list prices of ${prices.asOf}${age} (${place}), without free tier`;
};

const DAY_MS = 86_400_000;

/** Only API Gateway charges per request; a load balancer is paid by the hour and CloudFront by the byte. */
const frontEndCost = (frontEnd: FrontEnd | null, requests: number, prices: PriceTable): number => {
  if (frontEnd === "rest-api") return tiered(prices.restApiPerMillion, requests) / MILLION;
  return frontEnd === "http-api" ? tiered(prices.httpApiPerMillion, requests) / MILLION : 0;
};

const tiered = (tiers: readonly Tier[], units: number): number => {
  let cost = 0;
  let from = 0;
  for (const { upTo, usd } of tiers) {
    const until = Math.min(units, upTo ?? Number.POSITIVE_INFINITY);
    if (until > from) cost += (until - from) * usd;
    from = Math.max(from, until);
  }
  return cost;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
