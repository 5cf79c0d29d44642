/** A pull request in history mode: runs of the base branch, then runs of the change, each with a hidden truth. */
import { type Figures, figuresOf } from "./figures.ts";
import { normal, uniform, type Words } from "./random.ts";
import { drawSegment, type Histogram, type Level, newHistogram, noise, quantileOf } from "./simulate.ts";
import { type Effect, NOTHING, type World } from "./worlds.ts";

export const HISTORY = 20;
const PARTS = 10;
const SECONDS = 60;

/** A run with what rules on requests and on parts of a run need beside its figures. */
export type Run = { readonly figures: Figures; readonly ok: Histogram; readonly partMedians: readonly number[] };

export type HistoryCase = {
  /** Oldest first; the newest is the merge base's own run. */
  readonly base: readonly Figures[];
  readonly newest: Run;
  /** The run of a change. The surroundings are the same for every effect of one case. */
  readonly head: (effect: Effect) => Run;
};

export const drawHistory = (next: Words, world: World): HistoryCase => {
  const levels = levelsOf(next, world);
  const runs = levels
    .slice(0, -1)
    .map((level, i) => drawRun(next, { world, effect: NOTHING, level }, i === HISTORY - 1));
  const newest = runs.at(-1);
  const last = levels.at(-1);
  if (newest === undefined || last === undefined) throw new Error("no run was drawn");
  return {
    base: runs.map((run) => run.figures),
    newest,
    head: (effect) => drawRun(next, { world, effect, level: last }, true),
  };
};

/** Levels of the base's runs and of the change's, which starts from where the base stands. */
const levelsOf = (next: Words, world: World): readonly Level[] => {
  const phase = uniform(next) * 2 * Math.PI;
  const state = { shared: noise(next, world), client: noise(next, world), tail: noise(next, world) };
  const step = (before: number): number =>
    world.memory * before + Math.sqrt(1 - world.memory ** 2) * noise(next, world);
  return Array.from({ length: HISTORY + 1 }, (_, i) => {
    state.shared = step(state.shared);
    state.client = step(state.client);
    state.tail = step(state.tail);
    const since = HISTORY - (world.step?.runsAgo ?? 0);
    const moved = world.step !== null && i >= since ? Math.log(world.step.factor) : 0;
    const sine =
      world.diurnal === null ? 0 : world.diurnal.amplitude * Math.sin(phase + (2 * Math.PI * i) / world.diurnal.period);
    const hit = uniform(next) < world.hit.share ? Math.log(world.hit.factor) : 0;
    const creep = Math.min(i, HISTORY - 1) * world.creep;
    return {
      shared: world.run.shared * state.shared + world.deployment.shared * normal(next) + moved + sine + hit + creep,
      client: world.run.client * state.client,
      tail: world.run.tail * state.tail + world.deployment.tail * normal(next),
    };
  });
};

type Drawn = { readonly world: World; readonly effect: Effect; readonly level: Level };

const pool = { runs: newHistogram(), part: newHistogram() };

const drawRun = (next: Words, { world, effect, level }: Drawn, kept: boolean): Run => {
  const ok = kept ? newHistogram() : cleared(pool.runs);
  let wiggle = normal(next);
  const segments = Array.from({ length: PARTS }, () => {
    wiggle = 0.5 * wiggle + Math.sqrt(0.75) * normal(next);
    const shared = level.shared + world.segment.shared * wiggle;
    const part = kept ? cleared(pool.part) : ok;
    const segment = drawSegment(next, { world, effect, level: { ...level, shared }, seconds: SECONDS / PARTS }, part);
    const median = kept ? quantileOf(part, 0.5) : 0;
    if (kept) merge(ok, part);
    return { segment, median };
  });
  return {
    figures: figuresOf(
      ok,
      segments.map(({ segment }) => segment),
      SECONDS,
    ),
    ok,
    partMedians: segments.map(({ median }) => median),
  };
};

const cleared = (histogram: Histogram): Histogram => {
  if (histogram.high >= histogram.low) histogram.counts.fill(0, histogram.low, histogram.high + 1);
  histogram.low = histogram.counts.length;
  histogram.high = 0;
  histogram.total = 0;
  return histogram;
};

const merge = (into: Histogram, from: Histogram): void => {
  for (let bin = from.low; bin <= from.high; bin++)
    into.counts[bin] = (into.counts[bin] ?? 0) + (from.counts[bin] ?? 0);
  into.low = Math.min(into.low, from.low);
  into.high = Math.max(into.high, from.high);
  into.total += from.total;
};
