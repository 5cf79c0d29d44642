import { type PerSecond, perSecond } from "../units.ts";

/** A fifth of the users per second, at least 1 (SPEC 12.1): all of them run after five seconds. */
export const defaultSpawnRate = (users: number): PerSecond => perSecond(Math.max(1, users / 5));

/** Users of the open model when nobody says how many: enough for answers that take a second. */
export const defaultPool = (arrivalsPerSecond: number, usual: number): number =>
  Math.min(LARGEST_DEFAULT_POOL, Math.max(usual, Math.ceil(arrivalsPerSecond)));

const LARGEST_DEFAULT_POOL = 10_000;
