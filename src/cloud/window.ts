import type { LoadResult } from "../load/result.ts";
import { type EpochMs, epochMs } from "../units.ts";

export type Span = { readonly start: EpochMs; readonly end: EpochMs };

const MINUTE = 60_000;

/**
 * An invocation is stamped when it starts in Lambda: a connection set-up after the request was started, and by another
 * clock. A request of the last moment may therefore fall into the next minute.
 */
const ARRIVAL_MARGIN = 2_000;

/**
 * Whole minutes around the run, to be read as one bucket: start down, end up (exclusive), one minute at least. Lambda's
 * metrics have a resolution of one minute and carry the time at which the invocation started, so nothing that began
 * before `end` is missed, however long it took.
 */
export const cloudWindow = (start: EpochMs, end: EpochMs): Span => {
  const from = Math.floor(start / MINUTE) * MINUTE;
  return { start: epochMs(from), end: epochMs(Math.max(from + MINUTE, Math.ceil(end / MINUTE) * MINUTE)) };
};

/** From our first request, warm-up included, to the latest arrival of our last one. Probes before the warm-up are outside. */
export const loadSpan = (load: Pick<LoadResult, "window" | "warmUp">): Span => ({
  start: load.warmUp.start ?? load.window.start,
  end: epochMs(load.window.end + ARRIVAL_MARGIN),
});

const LOOK_BACK = 5 * MINUTE;

/** The time just gone, for a question whose answer does not matter: only whether it may be asked. */
export const lookBack = (now: EpochMs): Span => ({ start: epochMs(now - LOOK_BACK), end: now });
