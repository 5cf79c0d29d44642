import type { LimitTerm } from "../config/limits.ts";
import type { HowData } from "./how.ts";
import type { Change } from "./verdict.ts";

/**
 * Head against base for one metric, before any limit. Latencies, levels and counts are compared in different ways and
 * answer the same questions, so that the rules of the verdict are written once. "Worse" is the metric's own direction.
 */
export type Comparison = {
  readonly base: number;
  readonly change: Change;
  /** One-sided p-values against no change. */
  readonly pWorse: number;
  readonly pBetter: number;
  /** Whether enough runs of the base say how they scatter, so that no prior counts any more. */
  readonly learned: boolean;
  /** The strict bound as a signed share, or in points as a share; `null` where it does not exclude no change. */
  readonly atLeast: (side: "worse" | "better", level: number) => number | null;
  /** The estimate is beyond every term. */
  readonly exceeds: (terms: readonly LimitTerm[]) => boolean;
  /** The strict bound itself is beyond every term: no further round could be asked for. */
  readonly boundExceeds: (terms: readonly LimitTerm[], level: number) => boolean;
  /** The estimate is better by more than half of every term. */
  readonly improvesByHalf: (terms: readonly LimitTerm[]) => boolean;
  /** The whole 95 % interval is inside the effective limit. */
  readonly inside: (terms: readonly LimitTerm[]) => boolean;
  /** Smallest true change that fails with 90 % power, a positive share; `null` when none would. */
  readonly detectable: (terms: readonly LimitTerm[], level: number) => number | null;
  /** Limits up to this size cannot be passed by a head that is equal to the base: a positive share, or points as a share. */
  readonly undecidable: number;
  /** Why a proven excess still says little about the code (a burst), as a clause; `null` when nothing speaks against it. */
  readonly doubt: string | null;
  /** What the terms come to here: a signed share of the base, or points as a share. */
  readonly effective: (terms: readonly LimitTerm[]) => number;
  /** The figures and the model behind it, with the half width at the strict level. */
  readonly data: (level: number) => HowData;
};

/** What the head shows by itself, for absolute limits. */
export type Observed = {
  readonly value: number;
  readonly samples: number;
  readonly runs: number;
  /** One-sided p-value that the value is truly beyond this bound. */
  readonly pBeyond: (bound: number) => number;
};

export type AbsoluteTerm = Extract<LimitTerm, { kind: "at-most" | "at-least" }>;

/** Absolute bounds hold without a baseline. */
export const isAbsolute = (term: LimitTerm): term is AbsoluteTerm =>
  term.kind === "at-most" || term.kind === "at-least";
