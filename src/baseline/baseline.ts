import type { Problem } from "../errors.ts";
import type { RunRecord } from "../record/record.ts";
import type { RunSummary } from "../record/summary.ts";
import type { Digits } from "../record/without-rows.ts";
import type { Calibration } from "./calibration.ts";
import type { DeploymentDraw } from "./deployment-draws.ts";
import type { CalibratedNoise } from "./noise-floor.ts";

export const HISTORY_SCHEMA = "swarmgate.history/v1";
/** Summaries kept in the rolling history. */
export const HISTORY_LENGTH = 50;

/** `history.json`: the base branch's last runs, oldest first, carried forward so that it survives artifact expiry. */
export type History = {
  readonly schema: typeof HISTORY_SCHEMA;
  readonly runs: readonly RunSummary[];
  /** What `calibrate` measured, oldest first; absent where it never ran. */
  readonly calibrations?: readonly Calibration[];
  /** What `calibrate` measured between deployments of the same code, oldest first; absent where it never did. */
  readonly deployments?: readonly DeploymentDraw[];
};

/** What a history knows beside its runs. */
export type KnownNoise = Pick<History, "calibrations" | "deployments">;

/** How near the baseline is to the candidate: the merge base itself, an ancestor of it, the branch's latest, or a file. */
export type BaselineState = "exact" | "ancestor" | "latest" | "file";

/** Rows of tasks that one side only has, and the digits of the histograms that the totals of the others are of. */
export type LeftOut = { readonly rows: ReadonlySet<string>; readonly digits: Digits };

/** What to compare with. `absolute` is `baseline: none`: relative limits are dropped and the run can pass. */
export type Baseline =
  | {
      readonly kind: "found";
      readonly state: BaselineState;
      readonly sha: string | null;
      /** Compatible runs, oldest first; the plateau is cut by the judge. */
      readonly runs: readonly RunSummary[];
      readonly notes: readonly string[];
      /** Of calibrations under the load of the candidate; absent where there are none. */
      readonly noise?: CalibratedNoise;
      /** What the heads must leave out as `runs` have, where the two sides do not have the same tasks. */
      readonly leftOut?: LeftOut;
      /** The newest of `runs` as it was stored, where it was read whole: histories keep no histograms. */
      readonly record?: RunRecord;
    }
  | { readonly kind: "none"; readonly problem: Problem; readonly notes: readonly string[] }
  | { readonly kind: "absolute" };
