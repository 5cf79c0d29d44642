import type { NoiseFloor } from "../../../src/baseline/noise-floor.ts";
import { effectiveLimits, parseLimits } from "../../../src/config/parse-limits.ts";
import type { Problem } from "../../../src/errors.ts";
import type { Policy } from "../../../src/judge/combine.ts";
import type { PairedInput } from "../../../src/judge/paired.ts";
import type { RoundSummary, RunSummary } from "../../../src/record/summary.ts";
import { POLICY, run } from "./runs.ts";

/** A little scatter that sums to 0 over six rounds, of either order alike. */
const SCATTER = [0.01, -0.01, 0.02, -0.02, -0.03, 0.03];

type Arm = Parameters<typeof run>[0];

/** `count` rounds AB BA AB ..., the head `factor` times as slow, with some scatter; `head` and `base` change what an arm says. */
export const rounds = (
  count: number,
  factor: number,
  options: {
    readonly scatter?: number;
    readonly base?: (i: number) => Arm;
    readonly head?: (i: number) => Arm;
    readonly first?: RoundSummary["first"];
    readonly serviceMean?: number;
  } = {},
): readonly RoundSummary[] =>
  Array.from({ length: count }, (_, i) => {
    const off = Math.exp((SCATTER[i % SCATTER.length] ?? 0) * (options.scatter ?? 1));
    const mean = options.serviceMean ?? 110;
    return {
      first: options.first === undefined ? (i % 2 === 0 ? "base" : "head") : options.first,
      base: arm(`base-${i}`, 1, options.base?.(i)),
      head: arm(`head-${i}`, factor * off, options.head?.(i)),
      serviceMean: { base: mean, head: mean * factor * off },
    };
  });

/** Rounds whose REPORT lines tell a Duration that scatters less than the client's times; `whole` says in which. */
export const loggedRounds = (
  count: number,
  factor: number,
  whole: (i: number) => boolean = () => true,
): readonly RoundSummary[] => {
  const told = (i: number, durationMs: number): Arm =>
    whole(i) ? { values: { "lambda-duration": durationMs }, samples: { "lambda-duration": 660 } } : {};
  return rounds(count, 1, {
    scatter: 2,
    base: (i) => told(i, 70),
    head: (i) => told(i, 70 * factor * Math.exp((SCATTER[i % SCATTER.length] ?? 0) / 2)),
  });
};

const arm = (id: string, factor: number, change: Arm = {}): RunSummary =>
  run({
    id,
    ...change,
    values: { p50: 100 * factor, p95: 200 * factor, ...change.values },
    samples: { p50: 660, p95: 660, ...change.samples },
  });

/** An arm over all its rounds, with AWS's mean Duration of one function. */
export const armOnce = (durationMs: number, change: Arm = {}): RunSummary =>
  run({
    values: { "lambda-duration": durationMs },
    samples: { "lambda-duration": 8000 },
    counts: { "lambda-throttles": { events: 0, trials: 8000, parts: null } },
    functions: [{ function: "orders", callsPerRequest: 1, durationMs }],
    ...change,
  });

export const paired = (
  some: readonly RoundSummary[],
  change: {
    readonly limits?: string;
    readonly looks?: PairedInput["looks"];
    readonly arms?: PairedInput["arms"];
    readonly policy?: Partial<Policy>;
    readonly problems?: readonly Problem[];
    readonly noise?: NoiseFloor;
  } = {},
): PairedInput => {
  const user = parseLimits(change.limits ?? "");
  if (!user.ok) throw new Error(user.problems.map((problem) => problem.message).join(" "));
  return {
    rounds: some,
    arms: change.arms ?? null,
    looks: change.looks ?? "one",
    limits: effectiveLimits(user.value, "paired", { maxConcurrency: null }),
    policy: { ...POLICY, ...change.policy },
    referenceRps: null,
    configured: [],
    problems: change.problems ?? [],
    notes: [],
    noise: change.noise ?? null,
    base: { state: "latest", sha: "0abcdef" },
  };
};
