import type { CloudResult, FunctionMetrics } from "../cloud/cloud.ts";
import { type BilledFunction, billedMs, costPerMillion, type Workload } from "../cloud/cost.ts";
import type { CloudFacts, FunctionFacts, LogFacts } from "../cloud/facts.ts";
import type { FrontEnd } from "../cloud/front-ends.ts";
import { PRICES } from "../cloud/prices.ts";
import type { ErrorCode } from "../errors.ts";
import type { Counts, FunctionSummary } from "./summary.ts";

type Gap = { readonly code: ErrorCode; readonly reason: string };
type Known<T> = { readonly kind: "known"; readonly value: T } | { readonly kind: "gap"; readonly gap: Gap } | null;

/** Logs that hold less of what Lambda counted are late or cut off, and their cold starts no fair sample. */
const LEAST_COVERAGE = 0.95;

/**
 * Cold starts of invocations, by the logs. A gap while the logs are short of what Lambda counted; `null` where no logs
 * were read.
 */
export const coldStarts = (functions: readonly FunctionMetrics[], facts: CloudFacts | undefined): Known<Counts> => {
  const logs = functions.map((one) => logsOf(facts, one.function));
  const read = logs.filter((one) => one !== null);
  if (read.length === 0) return null;
  const invocations = sum(functions.map((one) => one.invocations ?? 0));
  const reports = sum(read.map((one) => one.reports));
  if (read.length < functions.length || reports < LEAST_COVERAGE * invocations || reports === 0)
    return gap("cloud-incomplete", `the logs hold ${reports} of ${invocations} REPORT lines`);
  return known({ events: sum(read.map((one) => one.coldStarts)), trials: reports, parts: null });
};

/** What the logs and the configuration add to a function's summary; nothing where they do not know. */
export const factsOfFunction = (
  metrics: FunctionMetrics,
  facts: CloudFacts | undefined,
): Pick<FunctionSummary, "coldMs" | "perEnvironment"> => {
  const logs = logsOf(facts, metrics.function);
  const whole = logs !== null && logs.reports > 0 && logs.reports >= LEAST_COVERAGE * (metrics.invocations ?? 0);
  const managed = configOf(facts, metrics.function)?.managedInstances ?? null;
  const perEnvironment = managed === null || managed === "none" ? null : managed.perEnvironmentConcurrency;
  return {
    ...(whole ? { coldMs: (logs.coldStarts / logs.reports) * (logs.initMs?.mean ?? 0) } : {}),
    ...(perEnvironment === null || perEnvironment === 0 ? {} : { perEnvironment }),
  };
};

/** The functions and the front end as their price needs them; a gap where a memory size or a processor is not known. */
export const workloadOf = (cloud: CloudResult, frontEnd: FrontEnd | null): Known<Workload> => {
  const { facts, expected } = cloud;
  const called = cloud.functions.filter((one) => (one.invocations ?? 0) > 0);
  if (facts === undefined || facts.functions.length === 0 || called.length === 0 || expected === 0) return null;
  const billed: BilledFunction[] = [];
  for (const metrics of called) {
    const config = configOf(facts, metrics.function);
    // Managed Instances are paid as EC2 instances, which no duration tells.
    if (
      config?.managedInstances !== null &&
      config?.managedInstances !== undefined &&
      config.managedInstances !== "none"
    )
      return null;
    const one = billedFunction(metrics, config, logsOf(facts, metrics.function), expected);
    if (one === null)
      return gap(
        "cloud-denied",
        `the memory size or the processor of ${metrics.function} is not known, so it has no price`,
      );
    billed.push(one);
  }
  return known({ functions: billed, frontEnd, region: facts.region });
};

/** `cost-per-million` in US dollars, at the user's price table or the built-in one. */
export const costMetric = (cloud: CloudResult, frontEnd: FrontEnd | null): Known<number> => {
  const work = workloadOf(cloud, frontEnd);
  if (work === null || work.kind === "gap") return work;
  return known(costPerMillion(work.value, cloud.facts?.prices ?? PRICES).total);
};

const billedFunction = (
  { duration, invocations }: FunctionMetrics,
  config: FunctionFacts | null,
  logs: LogFacts | null,
  requests: number,
): BilledFunction | null => {
  if (config === null || config.memoryMb === null || config.architecture === null || duration.average === null)
    return null;
  const coldShare = logs === null || logs.reports === 0 ? null : logs.coldStarts / logs.reports;
  return {
    memoryMb: config.memoryMb,
    architecture: config.architecture,
    billedMs: billedMs({
      logged: logs?.billedMs ?? null,
      durationMs: duration.average,
      coldShare,
      initMs: logs?.initMs?.mean ?? null,
    }),
    callsPerRequest: (invocations ?? 0) / requests,
    ephemeralMb: config.ephemeralStorageMb ?? 0,
  };
};

export const configOf = (facts: CloudFacts | undefined, name: string): FunctionFacts | null =>
  facts?.functions.find((one) => one.function === name) ?? null;

export const logsOf = (facts: CloudFacts | undefined, name: string): LogFacts | null =>
  facts?.logs.find((one) => one.function === name) ?? null;

const known = <T>(value: T): Known<T> => ({ kind: "known", value });
const gap = (code: ErrorCode, reason: string): Known<never> => ({ kind: "gap", gap: { code, reason } });
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
