import type { GateFacts } from "../record/gate-facts.ts";
import type { RunSummary } from "../record/summary.ts";
import { loadDifferences } from "./compatible.ts";

/**
 * What a change does to its own gate: load, limits and reactions, old value against new. `base` is the base branch's newest
 * run of whatever load; a run of an earlier version did not tell its limits, and then only the load is compared.
 */
export const gateChanges = (base: RunSummary, head: Pick<RunSummary, "fingerprint" | "gate">): readonly string[] => [
  ...loadDifferences(base.fingerprint.test, head.fingerprint.test).filter((text) => !OURS.test(text)),
  ...(base.gate === undefined || head.gate === undefined ? [] : judgementChanges(base.gate, head.gate)),
];

/** Changes with the version of swarmgate, not with the workflow. */
const OURS = /^(tool|engine|percentiles): /;

const judgementChanges = (base: GateFacts, head: GateFacts): readonly string[] => [
  ...limitChanges(base.limits, head.limits),
  ...REACTIONS.filter(([field]) => base[field] !== head[field]).map(([field, name]) =>
    was(name, base[field], head[field]),
  ),
];

const REACTIONS = [
  ["failOn", "fail-on"],
  ["onInconclusive", "on-inconclusive"],
  ["onInvalid", "on-invalid"],
  ["onNoBaseline", "on-no-baseline"],
] as const satisfies readonly (readonly [Exclude<keyof GateFacts, "limits">, string])[];

const limitChanges = (base: readonly string[], head: readonly string[]): readonly string[] => {
  const [before, now] = [byMetric(base), byMetric(head)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((metric) => {
    const [old, young] = [before.get(metric) ?? "default", now.get(metric) ?? "default"];
    return old === young ? [] : [was(`limit of ${metric}`, old, young)];
  });
};

/** Several limits of one metric are one text, in whatever order they were written. */
const byMetric = (limits: readonly string[]): ReadonlyMap<string, string> => {
  const found = new Map<string, readonly string[]>();
  for (const limit of limits) {
    // A task's name may hold a colon, a limit never does.
    const colon = limit.lastIndexOf(":");
    const metric = limit.slice(0, colon);
    found.set(metric, [...(found.get(metric) ?? []), limit.slice(colon + 1).trim()]);
  }
  return new Map([...found].map(([metric, texts]) => [metric, texts.toSorted().join("; ")]));
};

const was = (what: string, base: string, head: string): string => `${what}: ${base} in the baseline, ${head} here`;
