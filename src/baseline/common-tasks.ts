/** Tasks that one side only has are named and left out of both sides' totals (SPEC 2.4). */
import type { RunSummary } from "../record/summary.ts";
import { hasCoarseRows, withoutCloud, withoutRows } from "../record/without-rows.ts";
import type { LeftOut } from "./baseline.ts";
import { loadDifferences } from "./compatible.ts";

type Runs = readonly RunSummary[];

/** Both sides over the tasks that all of them have, or why their totals cannot be compared. */
export type TaskMatch =
  | {
      readonly kind: "comparable";
      readonly base: Runs;
      /** Absent where all tasks are common. */
      readonly leftOut?: LeftOut;
      readonly notes: readonly string[];
    }
  | { readonly kind: "different"; readonly differences: readonly string[] };

/** Less of the requests in common is another load. */
const LEAST_SHARE = 0.5;

/** Compares all runs over the tasks that every one of them has. `heads` holds at least one. */
export const matchTasks = (base: Runs, heads: Runs): TaskMatch => {
  const cut = cutOf(base, heads);
  if (cut.kind === "different") return cut;
  const { tasks, rows } = cut;
  if (tasks.size === 0) return { kind: "comparable", base, notes: [] };
  const digits = [...base, ...heads].some(hasCoarseRows) ? 2 : 3;
  const reason = `AWS's figures hold the requests of ${[...tasks].join(", ")} too, which only one side has`;
  return {
    kind: "comparable",
    base: base.map((run) => withoutCloud(withoutRows(run, rows, digits), reason)),
    leftOut: { rows, digits },
    notes: sentences(tasks, base, heads).map((sentence) => `${sentence}: left out of both sides' totals`),
  };
};

/** The same for a rolling history. `runs` oldest first. */
export const matchHistory = (runs: Runs, head: RunSummary): TaskMatch => {
  const { used, notes } = usableHistory(runs, head);
  const match = matchTasks(used, [head]);
  return match.kind === "different" ? match : { ...match, notes: [...match.notes, ...notes] };
};

/**
 * The newest run of a history says which tasks the base has: earlier runs that lack one of them are not used, so that an old
 * run does not keep a task from being judged. `runs` oldest first, each comparable with the head.
 */
export const usableHistory = (
  runs: Runs,
  head: RunSummary,
): { readonly used: Runs; readonly notes: readonly string[] } => {
  const newest = runs.at(-1);
  if (newest === undefined) return { used: [], notes: [] };
  const judged = tasksOf(newest).filter((task) => Object.hasOwn(head.fingerprint.test.tasks, task));
  const fits = (run: RunSummary): boolean =>
    judged.every((task) => Object.hasOwn(run.fingerprint.test.tasks, task)) &&
    cutOf([run, newest], [head]).kind === "cut";
  const used = runs.filter((run) => run === newest || fits(run));
  const unused = runs.length - used.length;
  const note = `${unused} of ${runs.length} runs of the base have other tasks and are left out`;
  return { used, notes: unused > 0 ? [note] : [] };
};

/** Why the totals of one run cannot be compared with those of another; empty when they can. */
export const runDifferences = (base: RunSummary, head: RunSummary): readonly string[] => {
  const cut = cutOf([base], [head]);
  return cut.kind === "different" ? cut.differences : [];
};

/** The heads without what the base has left out. */
export const likeBase = (heads: Runs, leftOut: LeftOut | undefined): Runs =>
  leftOut === undefined ? heads : heads.map((run) => withoutRows(run, leftOut.rows, leftOut.digits));

type Different = Extract<TaskMatch, { readonly kind: "different" }>;

/** Tasks that some runs lack, and the rows that hold requests of theirs; none where all have the same. */
type Cut = { readonly kind: "cut"; readonly tasks: ReadonlySet<string>; readonly rows: ReadonlySet<string> };

const cutOf = (base: Runs, heads: Runs): Cut | Different => {
  const all = [...base, ...heads];
  const [first] = heads;
  const differences = all.flatMap((run) => (first === undefined ? [] : differencesOf(run, first)));
  if (differences.length > 0) return different(differences);
  const tasks = oneSided(all);
  const told = (): readonly string[] => sentences(tasks, base, heads);
  if (all.some((run) => run.rows === undefined && tasksOf(run).some((task) => tasks.has(task))))
    return different(told().map((sentence) => `${sentence}, ${NOT_TOLD}`));
  const owned = all.flatMap((run) => run.rows ?? []).filter((row) => row.tasks.some((task) => tasks.has(task)));
  const rows = new Set(owned.map(({ name }) => name));
  const least = Math.min(...all.map((run) => shareLeft(run, rows)));
  return least < LEAST_SHARE ? different([...told(), tooFew(least)]) : { kind: "cut", tasks, rows };
};

const differencesOf = (base: RunSummary, head: RunSummary): readonly string[] =>
  base === head ? [] : loadDifferences(base.fingerprint.test, head.fingerprint.test);

const different = (differences: readonly string[]): Different => ({
  kind: "different",
  differences: [...new Set(differences)],
});

const tasksOf = (run: RunSummary): readonly string[] => Object.keys(run.fingerprint.test.tasks);

const oneSided = (all: Runs): ReadonlySet<string> =>
  new Set(all.flatMap(tasksOf).filter((task) => !all.every((run) => Object.hasOwn(run.fingerprint.test.tasks, task))));

/** Share of the run's requests that are left; a run that does not tell its rows has none of those that are left out. */
const shareLeft = ({ rows }: RunSummary, out: ReadonlySet<string>): number => {
  if (rows === undefined) return 1;
  const all = rows.reduce((sum, { requests }) => sum + requests, 0);
  const left = rows.reduce((sum, { name, requests }) => sum + (out.has(name) ? 0 : requests), 0);
  if (all > 0) return left / all;
  return rows.every(({ name }) => out.has(name)) ? 0 : 1;
};

const NOT_TOLD = "and its requests cannot be told from the others";

const sentences = (tasks: ReadonlySet<string>, base: Runs, heads: Runs): readonly string[] =>
  [...tasks].map((task) => {
    const isIn = (run: RunSummary): boolean => Object.hasOwn(run.fingerprint.test.tasks, task);
    if (!heads.some(isIn)) return `task ${task} is only in the baseline`;
    return base.some(isIn) ? `task ${task} is not in every run` : `task ${task} is only in this change`;
  });

const tooFew = (share: number): string =>
  `${Math.floor(share * 100)} % of the requests are of tasks that both sides have, at least ${LEAST_SHARE * 100} % are needed`;
