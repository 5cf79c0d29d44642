import type { Millis } from "../units.ts";
import { millis } from "../units.ts";
import type { Profile } from "./profile.ts";

/** User k runs while the profile is above k: it starts when the line rises past k and stops when it is back at k. */
export type UserChange = { readonly at: Millis; readonly kind: "start" | "stop"; readonly user: number };

/**
 * The starts and stops of one worker's users (every k with k mod count = index), in order, from the window's start. The
 * profile is that of the whole load, so that workers and shards together keep it exactly. `since`: the profile begins at
 * that second, when so many of the worker's users run.
 */
export const userChanges = function* (
  profile: Profile,
  { index, count }: { readonly index: number; readonly count: number },
  since: { readonly start: number; readonly running: number } = { start: 0, running: 0 },
): Generator<UserChange, void> {
  let { running, start } = since;
  const next = (): number => index + running * count;
  const change = (kind: UserChange["kind"], seconds: number, user: number): UserChange => ({
    at: millis(seconds * 1000),
    kind,
    user,
  });
  for (const { seconds, from, to } of profile) {
    for (; next() < from; running++) yield change("start", start, next());
    for (; running > 0 && next() - count >= from; running--) yield change("stop", start, next() - count);
    // Rounding must not carry a change out of its segment, and so before an earlier one.
    const timeOf = (user: number): number =>
      start + Math.min(seconds, Math.max(0, ((user - from) * seconds) / (to - from)));
    for (; next() < to; running++) yield change("start", timeOf(next()), next());
    for (; running > 0 && next() - count >= to; running--) yield change("stop", timeOf(next() - count), next() - count);
    start += seconds;
  }
};
