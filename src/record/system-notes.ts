import type { RunRecord } from "./record.ts";

type System = RunRecord["fingerprint"]["system"];
type Fact = System[string];
type Part = Readonly<Record<string, Fact>>;

/** How a fact is called, and its unit. Hashes are compared apart, names of functions differ between deployments. */
const WORDS: Readonly<Record<string, readonly [name: string, unit: string]>> = {
  memoryMb: ["memory", " MB"],
  architecture: ["architecture", ""],
  runtime: ["runtime", ""],
  packageType: ["package type", ""],
  timeoutMs: ["timeout", " ms"],
  ephemeralStorageMb: ["ephemeral storage", " MB"],
  snapStart: ["SnapStart", ""],
  vpcSubnets: ["subnets", ""],
  reservedConcurrency: ["reserved concurrency", ""],
  provisionedConcurrency: ["provisioned concurrency", ""],
  managedInstances: ["Managed Instances", ""],
  perEnvironmentConcurrency: ["requests per environment", ""],
};

/**
 * What head and base have in common or not, as notes that no verdict depends on: `same code on both sides`,
 * `memory 512 -> 1024 MB`. Facts that one side does not know say nothing.
 */
export const systemNotes = (base: System, head: System): readonly string[] => {
  const pairs = pairsOf(partsOf(base), partsOf(head));
  const notes = pairs.flatMap(([old, now]) => {
    const of = pairs.length > 1 ? ` of ${String(now["name"])}` : "";
    return Object.entries(WORDS).flatMap(([key, [name, unit]]) =>
      changed(old[key], now[key]) ? [`${name}${of} ${shown(old[key])} -> ${shown(now[key])}${unit}`] : [],
    );
  });
  const known = pairs.length > 0 && pairs.every(([old, now]) => isKnown(old["codeSha256"], now["codeSha256"]));
  const same = known && pairs.every(([old, now]) => old["codeSha256"] === now["codeSha256"]);
  const whole = ["frontEnd", "region"].flatMap((key) =>
    changed(base[key], head[key])
      ? [`${key === "region" ? key : "front end"} ${shown(base[key])} -> ${shown(head[key])}`]
      : [],
  );
  return [...(same ? ["same code on both sides"] : []), ...notes, ...whole];
};

/** One fact of both sides, in words; `null` where a side does not know it. */
export type SystemFact = {
  readonly name: string;
  readonly base: string | null;
  readonly head: string | null;
  /** A setting of the head that is not the base's; names and code are expected to be others. */
  readonly differs: boolean;
};

/** Everything that is known of what was under load on either side, functions in the order of the head's. */
export const systemFacts = (base: System, head: System): readonly SystemFact[] => {
  const pairs = pairsOf(partsOf(base), partsOf(head));
  const whole = [
    fact("region", "", base["region"], head["region"]),
    fact("front end", "", base["frontEnd"], head["frontEnd"]),
  ];
  const functions = pairs.flatMap(([old, now]) => {
    const of = pairs.length > 1 ? ` of ${String(now["name"])}` : "";
    return [
      { ...fact(`function${of}`, "", old["name"], now["name"]), differs: false },
      { ...fact(`code${of}`, "", shortHash(old["codeSha256"]), shortHash(now["codeSha256"])), differs: false },
      ...Object.entries(WORDS).map(([key, [name, unit]]) => fact(`${name}${of}`, unit, old[key], now[key])),
    ];
  });
  return [...whole, ...functions].filter(({ base: old, head: now }) => old !== null || now !== null);
};

const fact = (name: string, unit: string, base: Fact | undefined, head: Fact | undefined): SystemFact => {
  const told = (value: Fact | undefined): string | null =>
    value === null || value === undefined ? null : `${shown(value)}${unit}`;
  return { name, base: told(base), head: told(head), differs: changed(base, head) };
};

/** Enough of a hash to tell two apart. */
const shortHash = (hash: Fact | undefined): Fact | undefined => (typeof hash === "string" ? hash.slice(0, 12) : hash);

const partsOf = (system: System): readonly Part[] => {
  const parts = new Map<string, Record<string, Fact>>();
  for (const [key, value] of Object.entries(system)) {
    const [, index, name] = /^functions\.(\d+)\.(\w+)$/.exec(key) ?? [];
    if (index === undefined || name === undefined) continue;
    const part = parts.get(index) ?? {};
    part[name] = value;
    parts.set(index, part);
  }
  return [...parts.values()];
};

/** Functions of one name belong together; the others by their place, when both sides have as many. */
const pairsOf = (base: readonly Part[], head: readonly Part[]): readonly (readonly [Part, Part])[] => {
  const named = (part: Part, among: readonly Part[]): Part | undefined =>
    among.find((other) => other["name"] === part["name"]);
  const [oldRest, newRest] = [base.filter((one) => !named(one, head)), head.filter((one) => !named(one, base))];
  return head.flatMap((now): (readonly [Part, Part])[] => {
    const old = named(now, base) ?? (oldRest.length === newRest.length ? oldRest[newRest.indexOf(now)] : undefined);
    return old === undefined ? [] : [[old, now]];
  });
};

const isKnown = (a: Fact | undefined, b: Fact | undefined): boolean =>
  a !== null && a !== undefined && b !== null && b !== undefined;
const changed = (a: Fact | undefined, b: Fact | undefined): boolean => isKnown(a, b) && a !== b;
const shown = (value: Fact | undefined): string =>
  typeof value === "boolean" ? (value ? "on" : "off") : String(value);
