import type { Problem } from "../errors.ts";
import type { RunRecord } from "../record/record.ts";
import type { RunSummary } from "../record/summary.ts";

export const HISTORY_SCHEMA = "swarmgate.history/v1";
/** Summaries kept in the rolling history. */
export const HISTORY_LENGTH = 50;

/** `history.json`: the base branch's last runs, oldest first, carried forward so that it survives artifact expiry. */
export type History = {
  readonly schema: typeof HISTORY_SCHEMA;
  readonly runs: readonly RunSummary[];
};

/** How near the baseline is to the candidate: the merge base itself, an ancestor of it, the branch's latest, or a file. */
export type BaselineState = "exact" | "ancestor" | "latest" | "file";

/** What to compare with. `absolute` is `baseline: none`: relative limits are dropped and the run can pass. */
export type Baseline =
  | {
      readonly kind: "found";
      readonly state: BaselineState;
      readonly sha: string | null;
      /** Compatible runs, oldest first; the plateau is cut by the judge. */
      readonly runs: readonly RunSummary[];
      readonly notes: readonly string[];
      /** The newest of `runs` as it was stored, where it was read whole: histories keep no histograms. */
      readonly record?: RunRecord;
    }
  | { readonly kind: "none"; readonly problem: Problem; readonly notes: readonly string[] }
  | { readonly kind: "absolute" };
