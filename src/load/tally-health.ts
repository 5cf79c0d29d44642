import { mergeEncoded, quantile } from "./histogram.ts";
import type { GeneratorHealth } from "./result.ts";
import type { RunFacts } from "./tally.ts";
import type { LoopReport, WorkerReport } from "./worker-report.ts";

/** Utilisation of the busiest worker, the worst loop delay of any, the lag of all requests. */
export const sumHealth = (reports: readonly WorkerReport[], facts: RunFacts): GeneratorHealth => ({
  workers: facts.workers,
  utilisation: busiest(reports, facts.workers),
  loopDelayMs: worstDelay(reports, facts.workers),
  cpuShare: facts.cpuShare,
  scheduleLagMs: sumLag(reports),
  memoryMb: facts.memoryMb,
  usersAsked: facts.plan.users,
  usersReached: reports.flatMap((report) => report.slices).reduce((sum, slice) => sum + slice.spawned, 0),
});

const busiest = (reports: readonly WorkerReport[], workers: number): GeneratorHealth["utilisation"] =>
  Array.from({ length: workers }, (_, worker) => utilisationOf(loopsOf(reports, worker))).reduce(
    (worst, next) => (next.mean > worst.mean ? next : worst),
    { mean: 0, max: 0, shareAbove80: 0 },
  );

const utilisationOf = (loops: readonly LoopReport[]): GeneratorHealth["utilisation"] => {
  const values = loops.map((loop) => loop.utilisation);
  const windows = Math.max(1, values.length);
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / windows,
    max: values.reduce((most, value) => Math.max(most, value), 0),
    shareAbove80: values.filter((value) => value > 0.8).length / windows,
  };
};

/** Delays are counted from the window's start, so that a worker's last report holds all of them. */
const worstDelay = (reports: readonly WorkerReport[], workers: number): GeneratorHealth["loopDelayMs"] => {
  const last = Array.from({ length: workers }, (_, worker) => loopsOf(reports, worker).at(-1)?.delayMs);
  const worst = (pick: (delay: LoopReport["delayMs"]) => number): number =>
    last.reduce((most, delay) => Math.max(most, delay === undefined ? 0 : pick(delay)), 0);
  return { p50: worst((d) => d.p50), p99: worst((d) => d.p99), max: worst((d) => d.max) };
};

const loopsOf = (reports: readonly WorkerReport[], worker: number): readonly LoopReport[] =>
  reports.flatMap((report) => (report.worker === worker && report.loop !== null ? [report.loop] : []));

const sumLag = (reports: readonly WorkerReport[]): GeneratorHealth["scheduleLagMs"] => {
  const lag = mergeEncoded(reports.flatMap((report) => (report.scheduleLag === null ? [] : [report.scheduleLag])));
  const at = (q: number): number => (quantile(lag, q) ?? 0) / 1000;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
};
