import { type PerSecond, type Seconds, seconds } from "../units.ts";

/**
 * Evenly spaced: user k of the whole starts k / rate seconds after the window's start. (Locust spawns floor(rate) users
 * at once each second; the number after whole seconds is the same.)
 */
export const spawnTime = (user: number, rate: PerSecond): Seconds => seconds(user / rate);

/** The first whole second in which every user has been running from its beginning. */
export const steadyFrom = (users: number, rate: PerSecond): number => Math.ceil(users / rate);

/** Users of one worker (or shard): every k with k mod count = index, in the order in which they start. */
export const usersOfWorker = (users: number, index: number, count: number): readonly number[] =>
  Array.from({ length: Math.max(0, Math.ceil((users - index) / count)) }, (_, i) => index + i * count);
