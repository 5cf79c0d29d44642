/** Seeded worlds with a known cause: the named layer is right or unknown, never another one (SPEC 12.4). */
import { describe, expect, test } from "vitest";
import type { Attribution } from "../../src/judge/verdict.ts";
import { ALL_EYES, CALM, type Eyes, type World, worldRun } from "../unit/judge/layer-world.ts";
import { found, judge } from "../unit/judge/runs.ts";

/** Mulberry32: 32 bits of state, good enough for noise and the same everywhere. */
const random = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

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

/** Two causes at once, the first at least three times the second in milliseconds. */
const MIXED: readonly (readonly [string, Cause, Cause, (world: World) => World])[] = [
  [
    "a slower handler and a longer way",
    "code",
    "network",
    (w) => ({ ...w, handler: w.handler + 180, network: w.network + 60 }),
  ],
  [
    "a longer way and a slower handler",
    "network",
    "code",
    (w) => ({ ...w, handler: w.handler + 60, network: w.network + 180 }),
  ],
  [
    "cold starts and a slower gateway",
    "cold-start",
    "gateway",
    (w) => ({ ...w, coldShare: 0.4, init: 600, gateway: w.gateway + 60 }),
  ],
  [
    "a slower gateway and cold starts",
    "gateway",
    "cold-start",
    (w) => ({ ...w, gateway: w.gateway + 240, coldShare: 0.1, init: 700 }),
  ],
  [
    "a longer way, measured on a machine with stalls of its own",
    "network",
    "network",
    (w) => ({ ...w, network: w.network + 120, stalls: 15 }),
  ],
  [
    "a slower handler, and the throttles that follow",
    "code",
    "throttling",
    (w) => ({ ...w, handler: w.handler * 4, throttled: 0.1 }),
  ],
];

const layerOf = (change: { base: World; head: World }, runs: number, eyes: Eyes, u: Uniform): string | undefined => {
  const base = Array.from({ length: runs }, (_, i) => worldRun(change.base, i + 1, eyes, u));
  const judgement = judge({ base: found(...base), heads: [worldRun(change.head, 25, eyes, u)] });
  return judgement.attribution?.layer;
};

type Tally = { right: number; unknown: number; wrong: string[] };

const tally = (cases: number, seed: number, cause: Cause, eyes: Eyes): Tally => {
  const u = random(seed);
  const count: Tally = { right: 0, unknown: 0, wrong: [] };
  for (let i = 0; i < cases; i++) {
    const base = anyWorld(u);
    const layer = layerOf({ base, head: CAUSES[cause](base, u) }, 1 + Math.floor(u() * 8), eyes, u);
    if (layer === cause) count.right++;
    else if (layer === "unknown") count.unknown++;
    else count.wrong.push(layer ?? "null");
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

describe("mixed causes, and less to read: never wrong", () => {
  test.each(MIXED)("%s: the larger cause, or unknown", (_, larger, smaller, change) => {
    const u = random(larger.length + smaller.length);
    const layers = Array.from({ length: 30 }, () => {
      const base = { ...anyWorld(u), handler: 80 };
      return layerOf({ base, head: change(base) }, 3, ALL_EYES, u);
    });
    expect(layers.filter((layer) => layer !== larger && layer !== "unknown")).toEqual([]);
    expect(layers.filter((layer) => layer === larger).length).toBeGreaterThan(0);
  });

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
