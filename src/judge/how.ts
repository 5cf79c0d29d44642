import type { Limit } from "../config/limits.ts";

/** One part of the error of a log-ratio: where it comes from, its standard error, and its degrees of freedom (`null` is known). */
export type HowPart = {
  readonly of: "runs" | "rounds" | "arms" | "deployment";
  readonly sd: number;
  readonly df: number | null;
};

/** The figures that were compared. Values in the metric's unit, one a run, round or arm; counts as they were summed. */
export type HowData =
  | {
      readonly kind: "logs";
      /** Runs measured apart, rounds of both arms, or each arm once. */
      readonly design: "runs" | "rounds" | "arms";
      readonly base: readonly number[];
      readonly head: readonly number[];
      /** SD of the log that stood in for a short history, and the degrees of freedom it counted for. */
      readonly prior: {
        readonly sd: number;
        readonly weight: number;
        /** `calibrate` measured it; absent where it is the documented one. */
        readonly calibrated?: boolean;
      } | null;
      /** Of how many rounds REPORT lines tell the figure of both arms; absent where they are not asked for it. */
      readonly whole?: { readonly rounds: number; readonly of: number };
      readonly parts: readonly HowPart[];
      /** What the runs show by themselves, behind the 95 % interval; absent where `parts` are behind it. */
      readonly own?: { readonly sd: number; readonly df: number };
      /** Half widths of the log-ratio: of the 95 % interval, and at the strict level. */
      readonly half: { readonly interval: number; readonly strict: number };
    }
  | {
      readonly kind: "counts";
      readonly base: { readonly events: number; readonly trials: number };
      readonly head: { readonly events: number; readonly trials: number };
      /** How many times more the counts scatter than chance; both sides were thinned by it. */
      readonly designEffect: number;
    };

/** How one metric was decided: everything `swarmgate explain` tells, from the result alone. */
export type How = {
  readonly data: HowData | null;
  /** One-sided p-values against no change, and the levels they had to reach. */
  readonly test: {
    readonly pWorse: number;
    readonly pBetter: number;
    readonly level: number;
    readonly levelBetter: number;
  } | null;
  /** Each limit as written, and what it came to here: a signed share, points as a share, or the bound itself; `null`: beyond reach. */
  readonly limits: readonly {
    readonly text: string;
    readonly role: Limit["role"];
    readonly absolute: boolean;
    readonly effective: number | null;
  }[];
  /** What speaks against a proven excess, as a clause. */
  readonly doubt: string | null;
};
