/** Seeded worlds with a known cause: the named layer is right or unknown, never another one (SPEC 12.4). */
import { describe, expect, test } from "vitest";
import type { Attribution } from "../../src/judge/verdict.ts";
import { ALL_EYES, CALM, type Eyes, type World, worldRun } from "../unit/judge/layer-world.ts";
import { found, judge } from "../unit/judge/runs.ts";
import { seeded } from "./seeded.ts";

type Cause = Exclude<Attribution["layer"], "unknown">;
type Uniform = () => number;

const between = (uniform: Uniform, low: number, high: number): number => low + (high - low) * uniform();

/** A change with one cause, of a size that the gate is made for. */
const CAUSES: Readonly<Record<Cause, (world: World, uniform: Uniform) => World>> = {
  none: (world) => world,
  code: (world, u) => ({ ...world, handler: world.handler * between(u, 1.8, 6) }),
  "cold-start": (world, u) => ({ ...world, coldShare: between(u, 0.25, 0.6), init: between(u, 400, 1500) }),
  throttling: (world, u) => ({ ...world, throttled: between(u, 0.03, 0.3) }),
  gateway: (world, u) =>
    u() < 0.3
      ? { ...world, refused: between(u, 0.03, 0.3) }
      : { ...world, gateway: world.gateway + between(u, 120, 500) },
  network: (world, u) =>
    u() < 0.5
      ? { ...world, network: world.network + between(u, 120, 400) }
      : { ...world, detour: between(u, 120, 400) },
  runner: (world, u) => ({ ...world, strain: between(u, 120, 400) }),
};

const anyWorld = (u: Uniform): World => ({
  ...CALM,
  handler: between(u, 20, 200),
  init: between(u, 200, 800),
  gateway: between(u, 4, 20),
  network: between(u, 5, 60),
});

/** A cause that makes requests slower by a number of milliseconds. */
const SLOWER: readonly (readonly [what: string, cause: Cause, change: (world: World, ms: number) => World])[] = [
  ["a slower handler", "code", (world, ms) => ({ ...world, handler: world.handler + ms })],
  ["cold starts", "cold-start", (world, ms) => ({ ...world, coldShare: world.coldShare + ms / world.init })],
  ["a slower gateway", "gateway", (world, ms) => ({ ...world, gateway: world.gateway + ms })],
  ["a longer way", "network", (world, ms) => ({ ...world, network: world.network + ms })],
  ["a detour", "network", (world, ms) => ({ ...world, detour: world.detour + ms })],
];

/** A cause that makes a share of the requests fail. */
const FAILING: readonly (readonly [what: string, cause: Cause, change: (world: World, share: number) => World])[] = [
  ["throttles", "throttling", (world, share) => ({ ...world, throttled: share })],
  ["function errors", "code", (world, share) => ({ ...world, errors: share })],
  ["answers before Lambda", "gateway", (world, share) => ({ ...world, refused: share })],
];

/** Each with each other one. */
const pairsOf = <One extends readonly unknown[]>(all: readonly One[]): readonly { larger: One; smaller: One }[] =>
  all.flatMap((larger) => all.flatMap((smaller) => (smaller === larger ? [] : [{ larger, smaller }])));

/** Of two causes that are measured alike the second is at most a third of the first: so the first is what moved. */
const LEAST_SHARE = 0.05;
const MOST_SHARE = 1 / 3;

const attributionOf = (
  change: { base: World; head: World },
  runs: number,
  eyes: Eyes,
  u: Uniform,
): Attribution | null => {
  const base = Array.from({ length: runs }, (_, i) => worldRun(change.base, i + 1, eyes, u));
  return judge({ base: found(...base), heads: [worldRun(change.head, 25, eyes, u)] }).attribution;
};

const layerOf = (...given: Parameters<typeof attributionOf>): string | undefined => attributionOf(...given)?.layer;

type Tally = { right: number; unknown: number; wrong: string[] };

const note = (count: Tally, layer: string | undefined, cause: Cause): void => {
  if (layer === cause) count.right++;
  else if (layer === "unknown") count.unknown++;
  else count.wrong.push(layer ?? "null");
};

const tally = (cases: number, seed: number, cause: Cause, eyes: Eyes): Tally => {
  const u = seeded(seed);
  const count: Tally = { right: 0, unknown: 0, wrong: [] };
  for (let i = 0; i < cases; i++) {
    const base = anyWorld(u);
    note(count, layerOf({ base, head: CAUSES[cause](base, u) }, 1 + Math.floor(u() * 8), eyes, u), cause);
  }
  return count;
};

const CASES = 40;

describe("everything can be read: right in at least 95 %, else unknown", () => {
  test.each(Object.keys(CAUSES) as Cause[])("%s", (cause) => {
    const count = tally(CASES, 100 + cause.length, cause, ALL_EYES);
    expect(count.wrong).toEqual([]);
    expect(count.right).toBeGreaterThanOrEqual(0.95 * CASES);
  });
});

/** How often the larger of two causes is named, over seeded worlds. */
const tallyMixed = (seed: number, larger: Cause, change: (world: World, u: Uniform) => World): Tally => {
  const u = seeded(seed);
  const count: Tally = { right: 0, unknown: 0, wrong: [] };
  for (let i = 0; i < CASES; i++) {
    const base = { ...anyWorld(u), init: between(u, 500, 1500) };
    note(count, layerOf({ base, head: change(base, u) }, 1 + Math.floor(u() * 8), ALL_EYES, u), larger);
  }
  return count;
};

const mixed = pairsOf(SLOWER).map(({ larger, smaller }) => ({
  name: `${larger[0]} and less of ${smaller[0]}`,
  cause: larger[1],
  change: (world: World, u: Uniform) => {
    const ms = between(u, 100, 400);
    return smaller[2](larger[2](world, ms), ms * between(u, LEAST_SHARE, MOST_SHARE));
  },
}));

const mixedFailures = pairsOf(FAILING).map(({ larger, smaller }) => ({
  name: `${larger[0]} and fewer ${smaller[0]}`,
  cause: larger[1],
  change: (world: World, u: Uniform) => {
    const share = between(u, 0.1, 0.4);
    return smaller[2](larger[2](world, share), share * between(u, LEAST_SHARE, MOST_SHARE));
  },
}));

const THROTTLES_FOLLOW = {
  name: "a handler at least twice as slow, and the throttles that follow",
  cause: "code",
  change: (world: World, u: Uniform) => ({
    ...world,
    handler: world.handler * between(u, 2, 6),
    throttled: between(u, 0.03, 0.3),
  }),
} as const;

const STALLS = {
  name: "a longer way, measured on a machine with stalls of its own",
  cause: "network",
  change: (world: World, u: Uniform) => ({ ...world, network: world.network + between(u, 120, 400), stalls: 30 }),
} as const;

describe("two causes at once: the larger in at least 95 %, else unknown", () => {
  test.each([...mixed, ...mixedFailures, THROTTLES_FOLLOW, STALLS])("$name", ({ name, cause, change }) => {
    const count = tallyMixed(name.length, cause, change);
    expect(count.wrong).toEqual([]);
    expect(count.right).toBeGreaterThanOrEqual(0.95 * CASES);
  });
});

/** Words by which the sentence tells of each cause. */
const SAID: Readonly<Record<string, RegExp>> = {
  "a slower handler": /the code moved: lambda-duration/,
  "cold starts": /cold starts moved/,
  "a slower gateway": /the gateway moved: the front end's own time/,
  "a longer way": /the network moved/,
  "a detour": /the network moved/,
  throttles: /throttl/,
  "function errors": /function errors/,
  "answers before Lambda": /answers that Lambda never saw/,
};

/** Of a request that fails and one that is slow the first is graver; throttles follow from time in Lambda. */
describe("one cause makes requests fail, another makes them slower: the graver in at least 95 %, and both are said", () => {
  test.each(
    FAILING.flatMap(([what, failing, fail]) =>
      SLOWER.map(([beside, slow, change]) => ({ what, beside, failing, fail, slow, change })),
    ),
  )("$what and $beside", ({ what, beside, failing, fail, slow, change }) => {
    const u = seeded(what.length + beside.length);
    const follows = failing === "throttling" && (slow === "code" || slow === "cold-start");
    const count: Tally = { right: 0, unknown: 0, wrong: [] };
    for (let i = 0; i < CASES; i++) {
      const base = anyWorld(u);
      const head = change(fail(base, between(u, 0.05, 0.4)), between(u, 100, 400));
      const found = attributionOf({ base, head }, 3, ALL_EYES, u);
      note(count, found?.layer, follows ? slow : failing);
      const sentence = found?.text ?? "";
      const silent = [what, beside].filter((cause) => SAID[cause]?.test(sentence) !== true);
      if (found?.layer !== "unknown") expect(silent, sentence).toEqual([]);
    }
    expect(count.wrong).toEqual([]);
    expect(count.right).toBeGreaterThanOrEqual(0.95 * CASES);
  });
});

/** What a base may have of its own without being any slower or worse than it always is. */
const BLEMISHES: readonly (readonly [string, (world: World, u: Uniform) => World])[] = [
  ["errors", (world, u) => ({ ...world, errors: between(u, 0.002, 0.05) })],
  ["throttles", (world, u) => ({ ...world, throttled: between(u, 0.002, 0.05) })],
  ["answers before Lambda", (world, u) => ({ ...world, refused: between(u, 0.002, 0.05) })],
  ["a busy load generator", (world, u) => ({ ...world, strain: between(u, 20, 200) })],
];

describe("the same code on both sides, with blemishes of its own: no layer is named", () => {
  const limits = "failure-rate: <= 0.1%; lambda-errors: <= 0.1%; p50: <= 1ms; lambda-duration: <= 1ms";
  test.each(BLEMISHES)("%s", (what, blemish) => {
    const u = seeded(what.length);
    for (const given of ["", limits]) {
      const named: string[] = [];
      for (let i = 0; i < 4 * CASES; i++) {
        const world = blemish(anyWorld(u), u);
        const base = Array.from({ length: 1 + Math.floor(u() * 8) }, (_, day) => worldRun(world, day + 1, ALL_EYES, u));
        const { attribution } = judge({
          base: found(...base),
          heads: [worldRun(world, 25, ALL_EYES, u)],
          limits: given.replaceAll(";", "\n"),
        });
        if (!["none", "unknown"].includes(attribution?.layer ?? "null")) named.push(attribution?.text ?? "null");
      }
      // The verdicts themselves may be false in one of a hundred.
      expect(named.length, named.join("\n")).toBeLessThanOrEqual(0.02 * 4 * CASES);
    }
  });
});

describe("less to read: never wrong", () => {
  test.each([
    ["no front-end metrics", { ...ALL_EYES, frontEnd: false }],
    ["no logs", { ...ALL_EYES, logs: false }],
    ["neither", { ...ALL_EYES, frontEnd: false, logs: false }],
    ["nothing of AWS", { frontEnd: false, logs: false, functions: false }],
  ])("%s", (_, eyes) => {
    for (const cause of Object.keys(CAUSES) as Cause[]) {
      const { wrong } = tally(20, 7, cause, eyes);
      expect(
        wrong.filter((layer) => layer !== "none"),
        cause,
      ).toEqual([]);
    }
  });
});

/** One of a few, drawn. */
const oneOf = <One>(all: readonly One[], u: Uniform): One => all[Math.floor(u() * all.length)]!;

/** Up to three slower or faster parts and up to two kinds of failures, on either side, small ones too. */
const anyMix = (u: Uniform): { readonly base: World; readonly head: World; readonly moved: ReadonlySet<Cause> } => {
  const moved = new Set<Cause>();
  let base: World = { ...anyWorld(u), init: between(u, 200, 1500) };
  let head = base;
  for (let i = Math.floor(u() * 4); i > 0; i--) {
    const [, cause, change] = oneOf(SLOWER, u);
    const ms = 10 ** between(u, 0.5, 2.7);
    moved.add(cause);
    if (u() < 0.5) head = change(head, ms);
    else base = change(base, ms);
  }
  for (let i = Math.floor(u() * 3); i > 0; i--) {
    const [, cause, change] = oneOf(FAILING, u);
    const share = 10 ** between(u, -2.5, -0.6);
    moved.add(cause);
    if (u() < 0.7) head = change(head, share);
    else base = change(base, share);
  }
  return { base, head, moved };
};

const SIGHTS: readonly Eyes[] = [ALL_EYES, { ...ALL_EYES, frontEnd: false }, { ...ALL_EYES, logs: false }];

describe("any mix of causes, on either side, whatever can be read: never a layer that did not move", () => {
  test.each([1, 2, 3, 4, 5, 6])("seed %i", (seed) => {
    const u = seeded(7000 + seed);
    const wrong: string[] = [];
    for (let i = 0; i < 5 * CASES; i++) {
      const { base, head, moved } = anyMix(u);
      const found = attributionOf({ base, head }, 1 + Math.floor(u() * 8), oneOf(SIGHTS, u), u);
      const layer = found?.layer ?? "unknown";
      if (layer !== "unknown" && layer !== "none" && !moved.has(layer)) wrong.push(found?.text ?? "");
    }
    expect(wrong).toEqual([]);
  });
});
