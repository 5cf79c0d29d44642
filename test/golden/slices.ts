/** Seconds and histograms of the made-up runs: the same figures always, spread as latencies are. */
import { encodeHistogram, newHistogram, recordLatency } from "../../src/load/histogram.ts";
import { OUTCOME_CLASSES, type OutcomeCounts } from "../../src/load/outcome.ts";
import type { Slice } from "../../src/load/result.ts";
import type { RunSummary } from "../../src/record/summary.ts";
import { micros } from "../../src/units.ts";

const encoded = new Map<string, string>();

/** `count` response times around the median, log-normal: p95 is 2.2 times p50. */
export const histogramText = (p50Ms: number, count: number): string => {
  const key = `${p50Ms} ${count}`;
  const known = encoded.get(key);
  if (known !== undefined) return known;
  const histogram = newHistogram();
  for (let i = 0; i < count; i++)
    recordLatency(histogram, micros(p50Ms * 1000 * Math.exp(SIGMA * normal((i + 0.5) / count))));
  const text = encodeHistogram(histogram);
  encoded.set(key, text);
  return text;
};

const SIGMA = Math.log(2.2) / 1.645;

/** Quantile of the normal distribution, close enough for a picture (logistic approximation). */
const normal = (q: number): number => Math.log(q / (1 - q)) / 1.702;

/** One slice a second: users ramp up at `spawnRate`, the median wavers by a tenth. */
export const slicesOf = (run: {
  readonly seconds: number;
  readonly users: number;
  readonly spawnRate: number;
  readonly p50: number;
  readonly outcomes: OutcomeCounts;
}): readonly Slice[] =>
  Array.from({ length: run.seconds }, (_, second) => {
    const share = (count: number): number =>
      Math.floor(((second + 1) * count) / run.seconds) - Math.floor((second * count) / run.seconds);
    const outcomes = Object.fromEntries(OUTCOME_CLASSES.map((name) => [name, share(run.outcomes[name])])) as Record<
      keyof OutcomeCounts,
      number
    >;
    const requests = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    const median = Math.round(run.p50 * (1 + 0.1 * Math.sin(second / 3)) * 100) / 100;
    return {
      second,
      users: Math.min(run.users, Math.floor((second + 1) * run.spawnRate)),
      requests,
      outcomes,
      tasks: [requests],
      dropped: 0,
      bytesReceived: requests * 1450,
      response: outcomes.ok === 0 ? null : histogramText(median, outcomes.ok),
      service: null,
    };
  });

const BASE_SYSTEM = {
  region: "eu-west-1",
  frontEnd: "http-api",
  "functions.0.name": "orders-fn",
  "functions.0.memoryMb": 512,
  "functions.0.runtime": "nodejs24.x",
  "functions.0.codeSha256": "EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=",
};

/** The base's last runs around a median, as its history keeps them. */
export const baseRuns = (p50: number, count: number, test: RunSummary["fingerprint"]["test"]): readonly RunSummary[] =>
  Array.from({ length: count }, (_, i) => {
    const wave = 1 + 0.06 * Math.sin(i * 1.7);
    return {
      id: `base-${i}`,
      sha: null,
      runId: i,
      start: `2027-01-${String(i + 1).padStart(2, "0")}T08:00:00.000Z`,
      fingerprint: { test, system: BASE_SYSTEM },
      rate: 120,
      requests: 2400,
      failureShare: 0,
      valid: true,
      interrupted: false,
      values: {
        p50: p50 * wave,
        p95: p50 * 2.2 * wave,
        "lambda-duration": p50 * 0.36 * wave,
        "required-concurrency": 12,
      },
      samples: {},
      counts: { "failure-rate": { events: i % 3, trials: 2400, parts: null } },
      layers: null,
      functions: [],
      unmeasured: {},
    };
  });
