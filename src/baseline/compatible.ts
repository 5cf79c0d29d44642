import type { TestFingerprint } from "../record/record.ts";

/**
 * In what two test fingerprints differ, field by field: `users: 20 in the baseline, 50 here`. Empty when nothing keeps their
 * runs from being compared. A task that both have must be defined alike; one of a single side is no difference here
 * (common-tasks.ts).
 */
export const loadDifferences = (base: TestFingerprint, head: TestFingerprint): readonly string[] => [
  ...FIELDS.filter((field) => base[field] !== head[field]).map((field) =>
    difference(field, String(base[field] ?? "none"), String(head[field] ?? "none")),
  ),
  ...Object.keys(base.tasks)
    .filter((name) => Object.hasOwn(head.tasks, name) && base.tasks[name] !== head.tasks[name])
    .map((name) => difference(`task ${name}`, base.tasks[name] ?? "", head.tasks[name] ?? "")),
];

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
