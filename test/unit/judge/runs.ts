import type { Baseline } from "../../../src/baseline/baseline.ts";
import { effectiveLimits, parseLimits } from "../../../src/config/parse-limits.ts";
import type { Problem } from "../../../src/errors.ts";
import type { Policy } from "../../../src/judge/combine.ts";
import { judgeRuns } from "../../../src/judge/judge.ts";
import type { Judgement, MetricJudgement } from "../../../src/judge/verdict.ts";
import type { Counts, RunSummary } from "../../../src/record/summary.ts";

/** Failures spread evenly over the ten parts of the window, or as given. */
export const failures = (events: number, trials = 2000, parts?: readonly number[]): Counts => ({
  events,
  trials,
  parts: Array.from({ length: 10 }, (_, i) => ({
    events: parts?.[i] ?? Math.floor(((i + 1) * events) / 10) - Math.floor((i * events) / 10),
    trials: trials / 10,
  })),
});

/** A calm run of 2,000 requests at 40 requests/s without functions; `start` is the day of the month. */
export const run = (change: Partial<Omit<RunSummary, "start">> & { readonly day?: number } = {}): RunSummary => {
  const { day = 1, ...rest } = change;
  const counts = { "failure-rate": failures(0), ...rest.counts };
  const failed = counts["failure-rate"];
  return {
    id: `run-${day}`,
    sha: `${String(day).padStart(2, "0")}abcdef01`,
    runId: day,
    fingerprint: { test: TEST, system: {} },
    rate: 40,
    requests: 2000,
    failureShare: failed === undefined ? 0 : failed.events / failed.trials,
    valid: true,
    interrupted: false,
    functions: [],
    layers: null,
    unmeasured: {},
    ...rest,
    start: `2026-01-${String(day).padStart(2, "0")}T00:00:00.000Z`,
    values: { p50: 100, ...rest.values },
    samples: { p50: 2000, p90: 2000, p95: 2000, p99: 20_000, ...rest.samples },
    counts,
  };
};

/** Runs on consecutive days that differ in one value. */
export const runsOf = (metric: string, values: readonly number[]): readonly RunSummary[] =>
  values.map((value, i) => run({ day: i + 1, values: { [metric]: value } }));

export const found = (...runs: readonly RunSummary[]): Baseline => ({
  kind: "found",
  state: "exact",
  sha: "0abcdef",
  runs,
  notes: [],
});

export const NO_BASELINE: Baseline = {
  kind: "none",
  problem: { code: "no-baseline", severity: "warning", message: "No run was found on main.", hint: "Push to main." },
  notes: [],
};
export const ABSOLUTE: Baseline = { kind: "absolute" };

export const POLICY: Policy = { failOn: "regression", onInconclusive: "warn", onInvalid: "fail", onNoBaseline: "warn" };

export type Case = {
  readonly base: Baseline;
  readonly heads: readonly RunSummary[];
  /** In the grammar; the defaults hold for what it does not name. */
  readonly limits?: string;
  readonly policy?: Partial<Policy>;
  readonly referenceRps?: number;
  readonly configured?: readonly string[];
  readonly problems?: readonly Problem[];
};

export const judge = (one: Case): Judgement => {
  const user = parseLimits(one.limits ?? "");
  if (!user.ok) throw new Error(user.problems.map((problem) => problem.message).join(" "));
  const mode = one.base.kind === "absolute" ? "absolute" : "history";
  return judgeRuns({
    baseline: one.base,
    heads: one.heads,
    limits: effectiveLimits(user.value, mode, { maxConcurrency: null }),
    policy: { ...POLICY, ...one.policy },
    referenceRps: one.referenceRps ?? null,
    configured: one.configured ?? [],
    ...(one.problems === undefined ? {} : { problems: one.problems }),
  });
};

/** The row of one metric; fails the test when it is absent. */
export const row = (judgement: Judgement, id: string): MetricJudgement => {
  const metric = judgement.metrics.find((candidate) => candidate.id === id);
  if (metric === undefined) throw new Error(`no row ${id} among ${judgement.metrics.map((m) => m.id).join(", ")}`);
  return metric;
};

/** What was said of one metric, in a few words: `fail`, `inconclusive (suspected)`, `invalid: too-few-samples`, `informs`. */
export const said = (judgement: Judgement, id: string): string => {
  const { finding } = row(judgement, id);
  if (finding.kind === "not-measured") return `${finding.verdict ?? "null"}: ${finding.code}`;
  return finding.kind === "inconclusive" ? `inconclusive (${finding.face})` : finding.kind;
};

export const reason = (judgement: Judgement, id: string): string => {
  const { finding } = row(judgement, id);
  return finding.reason ?? "";
};

const TEST: RunSummary["fingerprint"]["test"] = {
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
  engine: "builtin",
  percentiles: "rank-ceil",
  setup: null,
  tasks: {},
};
