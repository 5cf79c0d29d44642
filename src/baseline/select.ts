/** A workflow run as GitHub lists it; the port's `WorkflowRun` is one. */
export type CandidateRun = {
  readonly id: number;
  readonly event: string;
  readonly status: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly path: string;
  readonly repositoryId: number;
  readonly headRepositoryId: number | null;
};

/** What a search for a baseline on GitHub knows before it looks at runs. */
export type Search = {
  /** The base branch. */
  readonly branch: string;
  /** `.github/workflows/gate.yml`. */
  readonly workflow: string;
  /** This run itself, never its own baseline. */
  readonly ownRunId: number | null;
  /** First-parent line from the merge base back, newest first; empty when it is not known. */
  readonly line: readonly string[];
};

export type Refusal = { readonly runId: number; readonly reason: string };

/** Runs in the order in which their artifacts are to be tried, those that are out with the reason, and one to wait for. */
export type Selection = {
  readonly candidates: readonly CandidateRun[];
  readonly refusals: readonly Refusal[];
  /** The merge base's own run while it is still in progress. */
  readonly awaited: CandidateRun | null;
};

/**
 * Decides which workflow runs may hold a baseline (SPEC 12.2, "Baseline candidates"): the merge base's own runs first,
 * then the nearest ancestor's, newest first within a commit; by age alone when the ancestry is not known. A run of a
 * fork shares the list, and its branch may be called like ours: repository ids tell them apart.
 */
export const selectRuns = (runs: readonly CandidateRun[], search: Search): Selection => {
  const sorted = runs.toSorted(nearestFirst(search.line));
  const judged = sorted.map((run) => ({ run, reason: reasonAgainst(run, search) }));
  const awaited = judged.find(
    ({ run, reason }) => reason === null && !isCompleted(run) && run.headSha === search.line[0],
  );
  return {
    candidates: judged.filter(({ run, reason }) => reason === null && isCompleted(run)).map(({ run }) => run),
    refusals: judged.flatMap(({ run, reason }) => {
      const why = reason ?? (isCompleted(run) ? null : `is still ${run.status.replaceAll("_", " ")}`);
      return why === null ? [] : [{ runId: run.id, reason: why }];
    }),
    awaited: awaited?.run ?? null,
  };
};

/** Events whose runs stand for the branch by themselves. */
const BRANCH_EVENTS: readonly string[] = ["push", "schedule", "workflow_dispatch", "merge_group"];
/** Events that name a branch of any commit: believed only for commits of the base branch. */
const COMMIT_EVENTS: readonly string[] = ["deployment_status", "workflow_run", "repository_dispatch"];

const reasonAgainst = (run: CandidateRun, search: Search): string | null => {
  if (run.id === search.ownRunId) return "is this run itself";
  if (run.headRepositoryId !== run.repositoryId) return "comes from another repository (a fork)";
  if (withoutRef(run.path) !== withoutRef(search.workflow))
    return `belongs to another workflow (${withoutRef(run.path)})`;
  // A deployment of a commit names no branch, or any; its commit alone tells.
  if (run.event !== "deployment_status" && run.headBranch !== search.branch)
    return `ran on branch ${run.headBranch ?? "(none)"}, not on ${search.branch}`;
  return eventReason(run, search) ?? lineReason(run, search);
};

const eventReason = ({ event, headSha }: CandidateRun, { line }: Search): string | null => {
  if (BRANCH_EVENTS.includes(event)) return null;
  if (!COMMIT_EVENTS.includes(event)) return `was started by ${event}, which does not stand for the base branch`;
  return line.includes(headSha) ? null : `was started by ${event} for a commit that is not known to be on the branch`;
};

const lineReason = ({ headSha }: CandidateRun, { line }: Search): string | null =>
  line.length === 0 || line.includes(headSha)
    ? null
    : `measured ${headSha.slice(0, 7)}, which is not among the ${line.length} commits before this change`;

const isCompleted = (run: CandidateRun): boolean => run.status === "completed";

/** `.github/workflows/gate.yml@refs/heads/main` is the same workflow as without its ref. */
const withoutRef = (path: string): string => path.split("@")[0] ?? path;

const nearestFirst =
  (line: readonly string[]) =>
  (a: CandidateRun, b: CandidateRun): number =>
    distance(line, a.headSha) - distance(line, b.headSha) || b.id - a.id;

/** Commits between the merge base and this one; beyond the line, everything is as far. */
export const distance = (line: readonly string[], sha: string | null): number => {
  const at = sha === null ? -1 : line.indexOf(sha);
  return at < 0 ? line.length : at;
};
