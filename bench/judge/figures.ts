/** What a load test would report of drawn requests, and the same in the judge's own form. */
import type { Counts, RoundSummary, RunSummary } from "../../src/record/summary.ts";
import { type Histogram, meanOf, quantileOf, type Segment } from "./simulate.ts";

type Part = { readonly events: number; readonly trials: number };

export type Figures = {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly meanMs: number;
  readonly durationMs: number;
  readonly ok: number;
  readonly failures: number;
  readonly seconds: number;
  readonly parts: readonly Part[];
};

/** Figures over segments that were drawn into one histogram. */
export const figuresOf = (ok: Histogram, segments: readonly Segment[], seconds: number): Figures => ({
  p50: quantileOf(ok, 0.5),
  p90: quantileOf(ok, 0.9),
  p95: quantileOf(ok, 0.95),
  p99: quantileOf(ok, 0.99),
  meanMs: meanOf(ok),
  durationMs: segments.reduce((sum, segment) => sum + segment.handlerMs, 0) / ok.total,
  ok: ok.total,
  failures: segments.reduce((sum, segment) => sum + segment.failures, 0),
  seconds,
  parts: segments.map((segment) => ({ events: segment.failures, trials: segment.requests })),
});

const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);

/** A run as the history keeps it, `day` days after the first; with AWS's figures of one function. */
export const runSummary = (figures: Figures, day: number): RunSummary => ({
  ...clientSummary(figures, `run-${day}`, new Date(FIRST_DAY + day * DAY).toISOString(), figures.parts),
  ...cloudOf(figures),
});

/** The same run where no functions were named. */
export const withoutAws = ({ values, counts, ...run }: RunSummary): RunSummary => ({
  ...run,
  values: withoutLambda(values),
  counts: withoutLambda(counts),
  functions: [],
});

const withoutLambda = <T>(figures: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(figures).filter(([id]) => !id.startsWith("lambda-")));

/** One arm of a round, with the mean Duration of its REPORT lines; AWS's other figures are read once for all rounds. */
const armSummary = (figures: Figures, id: string): RunSummary =>
  clientSummary(figures, id, new Date(FIRST_DAY).toISOString(), null);

export const roundSummary = (base: Figures, head: Figures, first: "base" | "head"): RoundSummary => ({
  first,
  base: armSummary(base, "base"),
  head: armSummary(head, "head"),
  serviceMean: { base: base.meanMs, head: head.meanMs },
});

/** The same round where no logs were read. */
export const withoutLogs = ({ base, head, ...round }: RoundSummary): RoundSummary => ({
  ...round,
  base: { ...base, values: withoutLambda(base.values) },
  head: { ...head, values: withoutLambda(head.values) },
});

/** An arm over all its rounds, with AWS's figures only. */
export const armOnce = (figures: Figures, id: string): RunSummary => ({
  ...clientSummary(figures, id, new Date(FIRST_DAY).toISOString(), null),
  samples: { "lambda-duration": figures.ok + figures.failures },
  ...cloudOf(figures),
  values: { "lambda-duration": figures.durationMs },
});

/** Handler times over several segments' figures. */
export const overall = (all: readonly Figures[]): Figures => {
  const ok = all.reduce((sum, one) => sum + one.ok, 0);
  const [first] = all;
  if (first === undefined) throw new Error("no segment was drawn");
  return {
    ...first,
    durationMs: all.reduce((sum, one) => sum + one.durationMs * one.ok, 0) / ok,
    ok,
    failures: all.reduce((sum, one) => sum + one.failures, 0),
    seconds: all.reduce((sum, one) => sum + one.seconds, 0),
    parts: [],
  };
};

const clientSummary = (figures: Figures, id: string, start: string, parts: Counts["parts"]): RunSummary => {
  const { ok, failures } = figures;
  const trials = ok + failures;
  return {
    id,
    sha: null,
    runId: null,
    start,
    fingerprint: { test: FINGERPRINT, system: {} },
    rate: trials / figures.seconds,
    requests: trials,
    failureShare: failures / trials,
    valid: true,
    interrupted: false,
    values: {
      p50: figures.p50,
      p90: figures.p90,
      p95: figures.p95,
      p99: figures.p99,
      "lambda-duration": figures.durationMs,
    },
    samples: { p50: ok, p90: ok, p95: ok, p99: ok, "lambda-duration": trials },
    counts: { "failure-rate": { events: failures, trials, parts } },
    functions: [],
    layers: null,
    unmeasured: {},
  };
};

const cloudOf = (figures: Figures): Pick<RunSummary, "functions" | "counts"> => {
  const trials = figures.ok + figures.failures;
  return {
    functions: [{ function: "orders", callsPerRequest: 1, durationMs: figures.durationMs }],
    counts: {
      "failure-rate": { events: figures.failures, trials, parts: figures.parts.length > 0 ? figures.parts : null },
      "lambda-throttles": { events: 0, trials, parts: null },
    },
  };
};

const FINGERPRINT: RunSummary["fingerprint"]["test"] = {
  tool: "swarmgate",
  users: 20,
  spawnRate: 4,
  rate: null,
  stages: null,
  runTime: 60,
  warmUp: 5,
  preWarm: 0,
  waitTime: "constant(0.5)",
  timeout: 30_000,
  seed: 1,
  http2: false,
  engine: "corpus",
  percentiles: "rank-ceil",
  setup: null,
  tasks: {},
};
