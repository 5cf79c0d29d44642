import type { RunSummary } from "../record/summary.ts";
import type { EpochMs } from "../units.ts";
import type { Baseline, BaselineState } from "./baseline.ts";
import { distance } from "./select.ts";

const STALE_DAYS = 14;
const FAR_COMMITS = 20;
const DAY_MS = 86_400_000;

type Found = Extract<Baseline, { readonly kind: "found" }>;

/** Where and when runs of the base branch stand to the change. `runs` oldest first, at least one. */
export const describeRuns = (
  runs: readonly RunSummary[],
  { line, now }: { readonly line: readonly string[]; readonly now: EpochMs },
): Pick<Found, "state" | "sha" | "notes"> => {
  const nearest = runs.reduceRight<RunSummary | undefined>(
    (best, run) => (best === undefined || distance(line, run.sha) < distance(line, best.sha) ? run : best),
    undefined,
  );
  const sha = nearest?.sha ?? null;
  return { state: stateAt(line, sha), sha, notes: [...staleNote(runs.at(-1), now), ...farNote(line, sha)] };
};

const stateAt = (line: readonly string[], sha: string | null): BaselineState => {
  const commits = distance(line, sha);
  if (commits === line.length) return "latest";
  return commits === 0 ? "exact" : "ancestor";
};

/** Of a file, `now` is the start of the run that is judged: the same files say the same on any day. */
export const staleNote = (newest: RunSummary | undefined, now: EpochMs): readonly string[] => {
  const start = newest === undefined ? 0 : Date.parse(newest.start);
  // Imported files that do not say when they were measured stand at 0.
  if (start === 0) return [];
  const days = Math.floor((now - start) / DAY_MS);
  return days > STALE_DAYS ? [`stale: the newest run of the baseline is ${days} days old`] : [];
};

const farNote = (line: readonly string[], sha: string | null): readonly string[] => {
  const commits = distance(line, sha);
  return commits < line.length && commits > FAR_COMMITS
    ? [`far: the nearest run of the baseline is ${commits} commits before this change`]
    : [];
};
