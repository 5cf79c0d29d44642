import { BucketCounter, type BucketCounts } from "./bucket-counts.ts";
import { type LatencyHistogram, quantile, sumCounts } from "./histogram.ts";
import { mostUsers, userProfile, usersAtEnd } from "./model.ts";
import { undelayedP95 } from "./own-delay.ts";
import type { GeneratorHealth, HealthSecond, Slice } from "./result.ts";
import { partOf } from "./shard.ts";
import type { RunFacts } from "./tally.ts";
import type { LoopReport, WorkerReport } from "./worker-report.ts";

/** What the main thread saw of the process and the machine in one second of the window. */
export type HostSecond = { readonly second: number; readonly memoryMb: number; readonly steal: number | null };

/** Utilisation of the busiest worker, the worst loop delay of any, the lag of all requests, and the same by second. */
export const sumHealth = (
  reports: readonly WorkerReport[],
  facts: RunFacts,
  load: { readonly slices: readonly Slice[]; readonly p95: number | null },
): GeneratorHealth => {
  const busiest = busiestWorker(reports, facts.workers);
  const lag = sumCounts(reports.map((report) => report.scheduleLag));
  return {
    workers: facts.workers,
    utilisation: utilisationOf(busiest),
    loopDelayMs: worstDelay(reports, facts.workers),
    cpuShare: mean(busiest.map((loop) => loop.cpuShare)),
    scheduleLagMs: { p50: atQuantile(lag, 0.5), p99: atQuantile(lag, 0.99), max: atQuantile(lag, 1) },
    memoryMb: facts.memoryMb,
    usersAsked: partOf(mostUsers(facts.plan), facts.plan.shard),
    usersReached: load.slices.reduce((most, slice) => Math.max(most, slice.users), 0),
    p95OwnMs: ownDelay(reports, load.p95),
    linkMbit: facts.linkMbit,
    series: healthBySecond(reports, facts),
  };
};

const loopsOf = (reports: readonly WorkerReport[], worker: number): readonly LoopReport[] =>
  reports.flatMap((report) => (report.worker === worker && report.loop !== null ? [report.loop] : []));

const busiestWorker = (reports: readonly WorkerReport[], workers: number): readonly LoopReport[] =>
  Array.from({ length: workers }, (_, worker) => loopsOf(reports, worker)).reduce<readonly LoopReport[]>(
    (worst, next) => (utilisationOf(next).mean > utilisationOf(worst).mean ? next : worst),
    [],
  );

const utilisationOf = (loops: readonly LoopReport[]): GeneratorHealth["utilisation"] => {
  const values = loops.map((loop) => loop.utilisation);
  return {
    mean: mean(values),
    max: most(values),
    shareAbove80: values.filter((value) => value > 0.8).length / Math.max(1, values.length),
  };
};

/** Of the worker that was late most. */
const worstDelay = (reports: readonly WorkerReport[], workers: number): GeneratorHealth["loopDelayMs"] => {
  const delays = Array.from({ length: workers }, (_, worker) => {
    const late = sumCounts(loopsOf(reports, worker).map((loop) => loop.late));
    return { p50: atQuantile(late, 0.5), p99: atQuantile(late, 0.99), max: atQuantile(late, 1) };
  });
  const worst = (pick: (delay: GeneratorHealth["loopDelayMs"]) => number): number => most(delays.map(pick));
  return { p50: worst((d) => d.p50), p99: worst((d) => d.p99), max: worst((d) => d.max) };
};

/** What lies between the reported p95, from the intended start, and p95 without our own delays. */
const ownDelay = (reports: readonly WorkerReport[], responseP95: number | null): number | null => {
  const service = new BucketCounter();
  for (const report of reports)
    for (const slice of report.slices) if (slice.service !== null) service.add(slice.service);
  const loops = reports.flatMap(({ loop }) => (loop === null ? [] : [loop]));
  const undelayed = undelayedP95(service.take(), loops);
  return undelayed === null || responseP95 === null ? null : Math.max(0, responseP95 - undelayed);
};

const healthBySecond = (reports: readonly WorkerReport[], { host, plan }: RunFacts): readonly HealthSecond[] => {
  const profile = userProfile(plan);
  const bySecond = new Map<number, WorkerReport[]>();
  for (const report of reports) {
    if (report.loop === null) continue;
    const known = bySecond.get(report.second);
    if (known === undefined) bySecond.set(report.second, [report]);
    else known.push(report);
  }
  return [...bySecond.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([second, parts]) => {
      const seen = host.find((one) => one.second === second);
      return { ...healthSecond(second, parts, seen), usersPlanned: partOf(usersAtEnd(profile, second), plan.shard) };
    });
};

/** The worst of all workers: one that is held up spoils its share of the requests whatever the others do. */
const healthSecond = (
  second: number,
  parts: readonly WorkerReport[],
  host: HostSecond | undefined,
): Omit<HealthSecond, "usersPlanned"> => {
  const loops = parts.flatMap(({ loop }) => (loop === null ? [] : [loop]));
  const busiest = loops.reduce((a, b) => (b.utilisation > a.utilisation ? b : a), NO_LOOP);
  const waits = loops.flatMap(({ waiting }) => (waiting === null ? [] : [waiting]));
  return {
    second,
    utilisation: rounded(busiest.utilisation),
    cpuShare: rounded(busiest.cpuShare),
    waiting: waits.length === 0 ? null : rounded(most(waits)),
    steal: host === undefined || host.steal === null ? null : rounded(host.steal),
    loopDelayMs: rounded(most(loops.map((loop) => loop.delayMs))),
    lagMs: tailOf(parts.map((part) => part.scheduleLag)),
    gcMs: rounded(most(loops.map((loop) => loop.gcMs))),
    heapShare: rounded(most(loops.map((loop) => loop.heapShare))),
    memoryMb: Math.round(host?.memoryMb ?? 0),
    bytes: parts.reduce((sum, part) => sum + part.bytesSent + part.bytesReceived, 0),
  };
};

const NO_LOOP: Pick<LoopReport, "utilisation" | "cpuShare"> = { utilisation: 0, cpuShare: 0 };

const tailOf = (parts: readonly (BucketCounts | null)[]): number | null => {
  if (parts.every((part) => part === null)) return null;
  const tail = quantile(sumCounts(parts), 0.99);
  return tail === null ? null : rounded(tail / 1000);
};

/** Milliseconds; 0 when there is nothing. */
const atQuantile = (histogram: LatencyHistogram, q: number): number => (quantile(histogram, q) ?? 0) / 1000;

/** To a thousandth, so that a record of an hour stays small. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
