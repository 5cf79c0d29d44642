import type { Problem } from "../errors.ts";
import { formatShard } from "../load/shard.ts";
import { commonStart, type ShardRecord } from "../record/merge-load.ts";

/** A shard with the name of its file or artifact. */
export type NamedShard = { readonly name: string; readonly record: ShardRecord };

/**
 * Why these records are not one load, each with the names of the shards in question: one missing, one twice, another
 * load, another time. Empty when they are; a record that cannot be merged never makes a verdict but `invalid`.
 */
export const shardProblems = (shards: readonly NamedShard[]): readonly Problem[] => {
  const [first, ...others] = shards;
  if (first === undefined) return [];
  const different = others.flatMap((other) => differenceProblem(first, other));
  // Shards of two loads are neither missing nor late in either.
  if (different.length > 0) return different;
  return [...missingProblem(first, shards), ...doubleProblems(shards), ...apartProblem(shards)];
};

/** A warning when the shards began at different times, though near enough to be one load. */
export const lateProblem = (shards: readonly NamedShard[]): readonly Problem[] => {
  const starts = shards.map(({ record }) => commonStart(record));
  const first = Math.min(...starts);
  const late = shards.filter((_, at) => (starts[at] ?? first) - first > LATE_MS);
  if (late.length === 0) return [];
  const seconds = ((Math.max(...starts) - first) / 1000).toFixed(1);
  return [
    {
      code: "shards-apart",
      severity: "warning",
      message: `The shards began up to ${seconds} s apart: ${late.map(nameOf).join(", ")} came late.`,
      hint: TOGETHER,
    },
  ];
};

/** What is wrong with a shard by itself, told as part of the whole. */
export const ownProblems = (shards: readonly NamedShard[]): readonly Problem[] =>
  [...new Map(shards.map(({ record }) => [record.id, record])).values()].flatMap((record) =>
    record.validity.problems.map((problem) => ({
      ...problem,
      message: `Shard ${formatShard(record.shard)}: ${problem.message}`,
    })),
  );

/** Slices are whole seconds; a start within one of them is as good as exact for everything but the first. */
const LATE_MS = 1_000;
/** Of the longest window: less in common, and the load was another one most of the time. */
const LEAST_IN_COMMON = 0.5;
const TOGETHER = "Re-run all jobs of the workflow, or start the shards together.";

const differenceProblem = (first: NamedShard, other: NamedShard): readonly Problem[] => {
  const differences = differencesOf(first.record, other.record);
  if (differences.length === 0) return [];
  return [
    invalid(
      "fingerprint-mismatch",
      `${nameOf(first)} and ${nameOf(other)} are not of one load: ${differences.join("; ")}.`,
      "Give all shards the same configuration; only their own number differs.",
    ),
  ];
};

const differencesOf = (a: ShardRecord, b: ShardRecord): readonly string[] => {
  const facts = (record: ShardRecord): readonly (readonly [string, unknown])[] => {
    const { shard: _, tasks, ...fields } = record.fingerprint.test;
    const rows = [record.tasks, record.setup.rows, record.teardown.rows].map((list) => list.map(({ name }) => name));
    return [
      ["shards", record.shard.count],
      ["url", record.plan.url],
      ["commit", record.git.sha],
      ...Object.entries(fields),
      ...Object.entries(tasks).map(([name, definition]) => [`task ${name}`, definition] as const),
      // A shard that was never started has no rows.
      ...(record.window.seconds > 0 ? [["rows", rows.flat().join(", ")] as const] : []),
    ];
  };
  const [ours, theirs] = [new Map(facts(a)), new Map(facts(b))];
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((key) => key !== "rows" || (ours.has(key) && theirs.has(key)))
    .filter((key) => ours.get(key) !== theirs.get(key))
    .map((key) => `${key}: ${String(ours.get(key) ?? "none")} and ${String(theirs.get(key) ?? "none")}`);
};

const missingProblem = (first: NamedShard, shards: readonly NamedShard[]): readonly Problem[] => {
  const { count } = first.record.shard;
  const absent = Array.from({ length: count }, (_, at) => at + 1).filter(
    (index) => !shards.some(({ record }) => record.shard.index === index),
  );
  if (absent.length === 0) return [];
  const which = absent.map((index) => `${index}/${count}`).join(", ");
  return [
    invalid(
      "shard-missing",
      `${absent.length === 1 ? "Shard" : "Shards"} ${which} ${absent.length === 1 ? "is" : "are"} missing: there ${shards.length === 1 ? "is" : "are"} ${shards.map(nameOf).join(", ")}.`,
      "Look at the jobs of the missing shards, and re-run all jobs.",
    ),
  ];
};

const doubleProblems = (shards: readonly NamedShard[]): readonly Problem[] =>
  [...Map.groupBy(shards, ({ record }) => record.shard.index).values()].flatMap((same) => {
    const [one] = same;
    if (one === undefined || same.length < 2) return [];
    const names = same.map(({ name }) => name).join(" and ");
    const message = `Shard ${formatShard(one.record.shard)} is there ${same.length} times: ${names}.`;
    return [invalid("shard-double", message, "Give each shard once.")];
  });

/** Shards that sent nothing have their own reason, and no time. */
const apartProblem = (shards: readonly NamedShard[]): readonly Problem[] => {
  const windows = shards
    .filter(({ record }) => record.window.seconds > 0)
    .map((shard) => ({ shard, start: commonStart(shard.record), length: shard.record.window.seconds * 1000 }));
  if (windows.length < 2) return [];
  const from = Math.max(...windows.map(({ start }) => start));
  const to = Math.min(...windows.map(({ start, length }) => start + length));
  const longest = Math.max(...windows.map(({ length }) => length));
  if (to - from >= LEAST_IN_COMMON * longest) return [];
  const times = windows.map(
    ({ shard, start, length }) =>
      `${nameOf(shard)} ${new Date(start).toISOString()} for ${Math.round(length / 1000)} s`,
  );
  const common = to > from ? `only ${((to - from) / 1000).toFixed(1)} s in common` : "no time in common";
  return [invalid("shards-apart", `The windows of the shards have ${common}: ${times.join(", ")}.`, TOGETHER)];
};

const nameOf = ({ name, record }: NamedShard): string => `${name} (shard ${formatShard(record.shard)})`;

const invalid = (code: Problem["code"], message: string, hint: string): Problem => ({
  code,
  severity: "invalid",
  message,
  hint,
});
