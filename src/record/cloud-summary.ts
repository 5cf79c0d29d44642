import type { CloudResult, CloudState, FunctionMetrics } from "../cloud/cloud.ts";
import type { FrontEnd } from "../cloud/front-ends.ts";
import { METRICS } from "../config/metric-catalog.ts";
import type { ErrorCode } from "../errors.ts";
import { coldStarts, costMetric, factsOfFunction } from "./facts-summary.ts";
import type { Figures } from "./summarise.ts";
import type { Counts, FunctionSummary } from "./summary.ts";

type CloudFigures = Figures & { readonly functions: readonly FunctionSummary[] };
type Gap = { readonly code: ErrorCode; readonly reason: string };

/**
 * AWS's figures by metric id. Unless AWS counted what we sent, a metric is unmeasured with the reason; foreign traffic
 * spoils what counts invocations, and leaves Duration (SPEC 12.1, "Cloud data"). With several functions Duration is
 * weighted by invocations, percentiles exist per function only (percentiles do not add), and every figure exists per
 * function as `lambda-duration@function`.
 */
export const summariseCloud = (cloud: CloudResult, frontEnd: FrontEnd | null): CloudFigures => {
  // Containers have no metrics of their own here: nothing was asked for that could be missing.
  if (cloud.functions.length === 0) return NO_FUNCTIONS;
  const measured = withFacts(functionFigures(cloud.functions), cloud, frontEnd);
  const gap = gapOf(cloud);
  if (gap === null) return withFunctions(measured, functionSummaries(cloud));
  const spoilt = (id: string): boolean => cloud.state !== "contaminated" || !id.startsWith("lambda-duration");
  const lost = METRICS.filter((metric) => metric.source === "cloud" && spoilt(metric.id)).map((metric) => metric.id);
  const kept = <T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(map).filter(([id]) => !spoilt(id)));
  return {
    values: kept(measured.values),
    samples: kept(measured.samples),
    counts: kept(measured.counts),
    unmeasured: { ...kept(measured.unmeasured), ...Object.fromEntries(lost.map((id) => [id, gap])) },
    functions: [],
  };
};

const NO_FUNCTIONS: CloudFigures = { values: {}, samples: {}, counts: {}, unmeasured: {}, functions: [] };

/** Adds cold starts, by function too where there are several, and cost. */
const withFacts = (figures: Figures, cloud: CloudResult, frontEnd: FrontEnd | null): Figures => {
  const { functions, facts } = cloud;
  const values = { ...figures.values };
  const samples = { ...figures.samples };
  const counts = { ...figures.counts };
  const unmeasured = { ...figures.unmeasured };
  const scopes = functions.length > 1 ? functions.map((one) => ({ id: `@${one.function}`, of: [one] })) : [];
  for (const { id, of } of [{ id: "", of: functions }, ...scopes]) {
    const cold = coldStarts(of, facts);
    if (cold?.kind === "known") counts[`lambda-cold-starts${id}`] = cold.value;
    else if (cold !== null) unmeasured[`lambda-cold-starts${id}`] = cold.gap;
  }
  const cost = costMetric(cloud, frontEnd);
  if (cost?.kind === "known") {
    values["cost-per-million"] = cost.value;
    samples["cost-per-million"] = sum(functions.map((one) => one.invocations ?? 0));
  } else if (cost !== null) unmeasured["cost-per-million"] = cost.gap;
  return { values, samples, counts, unmeasured };
};

const CODES: Readonly<Record<Exclude<CloudState, "complete">, ErrorCode>> = {
  partial: "cloud-incomplete",
  incomplete: "cloud-incomplete",
  contaminated: "cloud-contaminated",
  denied: "cloud-denied",
};

const gapOf = ({ state, reason }: CloudResult): Gap | null =>
  state === "complete" ? null : { code: CODES[state], reason };

/** What required concurrency needs of each function; calls per request of ours that reached Lambda. */
const functionSummaries = ({ functions, expected, facts }: CloudResult): readonly FunctionSummary[] =>
  functions.flatMap((one) => {
    const calls = trialsOf(one);
    if (calls === null || calls === 0 || expected === 0 || one.duration.average === null) return [];
    const own = factsOfFunction(one, facts);
    return [{ function: one.function, callsPerRequest: calls / expected, durationMs: one.duration.average, ...own }];
  });

/** Required concurrency is judged from `functions`: without any of them it is not measured. */
const withFunctions = (figures: Figures, functions: readonly FunctionSummary[]): CloudFigures => ({
  ...figures,
  unmeasured:
    functions.length > 0 && !("lambda-duration" in figures.unmeasured)
      ? figures.unmeasured
      : { ...figures.unmeasured, "required-concurrency": NO_DURATION },
  functions,
});

const NO_DURATION: Gap = {
  code: "cloud-incomplete",
  reason: "CloudWatch has no Duration for a function that was called",
};
const IMPOSSIBLE: Gap = { code: "cloud-incomplete", reason: "CloudWatch tells more Errors than Invocations so far" };
const NO_COUNT: Gap = { code: "cloud-incomplete", reason: "CloudWatch has no Invocations" };

const functionFigures = (functions: readonly FunctionMetrics[]): Figures => {
  const collected = collector();
  collected.duration("lambda-duration", functions);
  collected.counted("", functions);
  const [only] = functions;
  if (functions.length === 1 && only !== undefined) collected.single("", only);
  else
    for (const one of functions) {
      const scope = `@${one.function}`;
      collected.duration(`lambda-duration${scope}`, [one]);
      collected.counted(scope, [one]);
      collected.single(scope, one);
    }
  return collected.figures();
};

const collector = () => {
  const values: Record<string, number> = {};
  const samples: Record<string, number> = {};
  const counts: Record<string, Counts> = {};
  const unmeasured: Record<string, Gap> = {};
  const put = (id: string, value: number | null, behind: number): void => {
    if (value === null) unmeasured[id] = NO_DURATION;
    else {
      values[id] = value;
      samples[id] = behind;
    }
  };
  const share = (id: string, pairs: readonly (EventPair | null)[]): void => {
    const known = pairs.filter((pair) => pair !== null);
    const trials = sum(known.map((pair) => pair.trials));
    const events = sum(known.map((pair) => pair.events));
    if (trials === 0) unmeasured[id] = NO_COUNT;
    else if (events > trials) unmeasured[id] = IMPOSSIBLE;
    else counts[id] = { events, trials, parts: null };
  };
  return {
    duration: (id: string, functions: readonly FunctionMetrics[]): void =>
      put(id, weightedDuration(functions), sum(functions.map((one) => one.invocations ?? 0))),
    counted: (scope: string, functions: readonly FunctionMetrics[]): void => {
      share(`lambda-throttles${scope}`, functions.map(throttlesOf));
      share(`lambda-errors${scope}`, functions.map(errorsOf));
    },
    single: (scope: string, { duration, concurrencyMax, invocations }: FunctionMetrics): void => {
      for (const quantile of ["p50", "p95", "p99"] as const)
        put(`lambda-duration-${quantile}${scope}`, duration[quantile], invocations ?? 0);
      if (concurrencyMax !== null) put(`concurrency-max${scope}`, concurrencyMax, invocations ?? 0);
    },
    figures: (): Figures => ({ values, samples, counts, unmeasured }),
  };
};

/** Mean Duration over all invocations; `null` when a called function has none, or nothing was called. Milliseconds. */
const weightedDuration = (functions: readonly FunctionMetrics[]): number | null => {
  const called = functions.filter((one) => (one.invocations ?? 0) > 0);
  if (called.length === 0 || called.some((one) => one.duration.average === null)) return null;
  const time = sum(called.map((one) => (one.duration.average ?? 0) * (one.invocations ?? 0)));
  return time / sum(called.map((one) => one.invocations ?? 0));
};

type EventPair = { readonly events: number; readonly trials: number };

/**
 * Throttles of Invocations + Throttles. Lambda publishes zero samples with each invocation today and left them out in
 * its documentation of 2017 to 2019: with Invocations there, no figure means 0; without Invocations it means nothing.
 */
const throttlesOf = (one: FunctionMetrics): EventPair | null => {
  const trials = trialsOf(one);
  return trials === null ? null : { events: one.throttles ?? 0, trials };
};

const errorsOf = ({ invocations, errors }: FunctionMetrics): EventPair | null =>
  invocations === null ? null : { events: errors ?? 0, trials: invocations };

const trialsOf = ({ invocations, throttles }: FunctionMetrics): number | null =>
  invocations === null && throttles === null ? null : (invocations ?? 0) + (throttles ?? 0);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
