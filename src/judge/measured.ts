import type { NoiseFloor } from "../baseline/noise-floor.ts";
import type { Limit } from "../config/limits.ts";
import type { MetricInfo } from "../config/metric-catalog.ts";
import type { ErrorCode } from "../errors.ts";
import type { RoundSummary, RunSummary } from "../record/summary.ts";
import type { Comparison, Observed } from "./comparison.ts";

/** Why a metric carries no decision. */
export type Gap = {
  readonly verdict: "inconclusive" | "invalid";
  readonly code: ErrorCode;
  readonly head: number | null;
  /** One plain sentence, without its full stop. */
  readonly reason: string;
};

/** One metric that is asked about: its row of the catalogue and the limits that hold for it. */
export type Question = {
  /** With `@scope` where it is one task or function. */
  readonly id: string;
  readonly info: MetricInfo;
  readonly scope: string | null;
  /** Gating and warning limits; none informs. */
  readonly limits: readonly Limit[];
  /** Asked for by functions, tasks or a limit of the user's: then its absence is a gap. */
  readonly configured: boolean;
};

/** How base and head were measured beside each other; decides what their difference may be off by. */
export type Design =
  /** Apart, each run with a level of its own. */
  | { readonly kind: "runs" }
  /** The i-th base and the i-th head in one round; `first` says which came first, where that is known. */
  | { readonly kind: "rounds"; readonly first: readonly ("base" | "head" | null)[]; readonly whole?: WholeRounds }
  /** Each arm once, over all of these rounds. */
  | { readonly kind: "arms"; readonly rounds: readonly RoundSummary[]; readonly whole?: WholeRounds };

/** Of how many rounds AWS's logs tell the figure of both arms; absent where nobody asks the logs for it. */
export type WholeRounds = { readonly rounds: number; readonly of: number };

/** The runs of both sides. `base` is in the order of its windows, or of the rounds, and holds judgeable runs only. */
export type Sides = {
  readonly design: Design;
  /** What `calibrate` measured; `null` leaves the documented priors. */
  readonly noise: NoiseFloor | null;
  readonly base: readonly RunSummary[];
  readonly heads: readonly RunSummary[];
  /** Why there is nothing to compare with, for the reasons of metrics. */
  readonly noBase: string;
  /** Rate for required concurrency when the user states one, requests per second. */
  readonly referenceRps: number | null;
};

/** What head and base show about one metric, before any limit. */
export type Measured =
  | { readonly kind: "gap"; readonly gap: Gap }
  | {
      readonly kind: "observed";
      readonly observed: Observed;
      readonly against: Against;
      /** A sentence for every reason of this metric, such as the rate that required concurrency is stated at. */
      readonly remark: string | null;
      /** More than 10 % of the head's requests failed and this is a latency of the others. */
      readonly survivorsOnly: string | null;
      /** Why the excess of this latency is the network's; the reason of its verdict. */
      readonly networkMoved: string | null;
    };

/** The base's part: compared, not there, or there and of no use. */
export type Against =
  | {
      readonly kind: "compared";
      readonly comparison: Comparison;
      readonly runs: number;
      readonly samples: number;
      readonly plateau: Plateau;
      /** Why nothing may be decided yet, as a clause: too few rounds. */
      readonly unripe: string | null;
    }
  | { readonly kind: "no-base"; readonly reason: string }
  | { readonly kind: "gap"; readonly gap: Gap };

/** The current plateau of one metric, and the steps before it that are still felt. */
export type Plateau = {
  /** Whether a step set it apart from older runs. */
  readonly cut: boolean;
  /** First run of it. */
  readonly first: RunSummary;
  readonly worseSteps: readonly { readonly run: RunSummary; readonly before: number; readonly after: number }[];
};
