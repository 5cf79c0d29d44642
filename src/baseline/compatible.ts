import type { TestFingerprint } from "../record/record.ts";

/** Whether two runs measured the same load, and if not, in what they differ. */
export type Compatibility =
  | {
      readonly kind: "compatible";
      /** Tasks that only one side has: to be left out of both sides' totals. */
      readonly onlyBase: readonly string[];
      readonly onlyHead: readonly string[];
    }
  | {
      readonly kind: "different";
      /** `users: 20 in the baseline, 50 here`, one per field or task. */
      readonly differences: readonly string[];
    };

/**
 * Compares two test fingerprints field by field. A task of one side only is tolerated while at least half of the
 * requests (by weight, on either side) are in common (SPEC 2.4); a task both have must be defined alike.
 */
export const compatible = (base: TestFingerprint, head: TestFingerprint): Compatibility => {
  const names = Object.keys(base.tasks);
  const onlyBase = names.filter((name) => !Object.hasOwn(head.tasks, name));
  const onlyHead = Object.keys(head.tasks).filter((name) => !Object.hasOwn(base.tasks, name));
  const common = names.filter((name) => Object.hasOwn(head.tasks, name));
  const differences = [
    ...FIELDS.filter((field) => base[field] !== head[field]).map((field) =>
      difference(field, String(base[field] ?? "none"), String(head[field] ?? "none")),
    ),
    ...common
      .filter((name) => base.tasks[name] !== head.tasks[name])
      .map((name) => difference(`task ${name}`, base.tasks[name] ?? "", head.tasks[name] ?? "")),
    ...tooFewInCommon(base, head, common),
  ];
  return differences.length > 0 ? { kind: "different", differences } : { kind: "compatible", onlyBase, onlyHead };
};

/**
 * Everything that keeps the totals of two runs from being compared; empty when nothing does. Totals over different
 * tasks say nothing about each other, so a task of one side only counts here.
 */
export const loadDifferences = (base: TestFingerprint, head: TestFingerprint): readonly string[] => {
  const match = compatible(base, head);
  if (match.kind === "different") return match.differences;
  return [
    ...match.onlyBase.map((task) => `task ${task} is only in the baseline`),
    ...match.onlyHead.map((task) => `task ${task} is not in the baseline`),
  ];
};

/** Every field but the tasks: the compiler refuses the table when the fingerprint gains one. */
const FIELD_TABLE: Readonly<Record<Exclude<keyof TestFingerprint, "tasks">, true>> = {
  tool: true,
  users: true,
  spawnRate: true,
  rate: true,
  stages: true,
  runTime: true,
  warmUp: true,
  preWarm: true,
  waitTime: true,
  timeout: true,
  seed: true,
  http2: true,
  engine: true,
  percentiles: true,
  setup: true,
  shard: true,
  ramp: true,
};
const FIELDS = Object.keys(FIELD_TABLE) as readonly (keyof typeof FIELD_TABLE)[];

const difference = (what: string, base: string, head: string): string =>
  `${what}: ${base} in the baseline, ${head} here`;

const tooFewInCommon = (base: TestFingerprint, head: TestFingerprint, common: readonly string[]): readonly string[] => {
  const least = Math.min(shareOf(base, common), shareOf(head, common));
  if (least >= 0.5) return [];
  return [
    difference("tasks", Object.keys(base.tasks).join(", ") || "none", Object.keys(head.tasks).join(", ") || "none"),
  ];
};

/** Share of the requests that these tasks make up, by weight. */
const shareOf = (fingerprint: TestFingerprint, names: readonly string[]): number => {
  const weight = (name: string): number => weightOf(fingerprint.tasks[name] ?? "");
  const all = Object.keys(fingerprint.tasks).reduce((sum, name) => sum + weight(name), 0);
  return all === 0 ? 1 : names.reduce((sum, name) => sum + weight(name), 0) / all;
};

/** Definitions begin with `weight=N` (record/fingerprint.ts); those of other tools weigh the same each. */
const weightOf = (definition: string): number => {
  const [, digits] = /^weight=(\d+(?:\.\d+)?)(?: |$)/.exec(definition) ?? [];
  return digits === undefined ? 1 : Number(digits);
};
