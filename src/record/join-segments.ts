import type { Distributions, LoadResult, Slice, StopReason } from "../load/result.ts";
import { type EpochMs, epochMs, seconds } from "../units.ts";
import { mergeHealth } from "./merge-health.ts";
import { addApart, addSigns, distribution, mergeLatency, mergeOnce, mergeTasks, mergeTotals } from "./merge-load.ts";

/**
 * One arm of paired mode over all its segments, at least one, in the order in which they were measured: the load that
 * its deployment got, as if the segments had followed each other at once. Counts and histograms are added; seconds are
 * the measured ones; what was sent while users were being started stands with the warm-up. The window goes from the
 * first segment's start to the last one's end. Segments that stand `aside` were sent and are not measured: all of theirs
 * is warm-up.
 */
export const joinSegments = (
  { segments, aside }: { readonly segments: readonly LoadResult[]; readonly aside: readonly LoadResult[] },
  stopped: StopReason,
): LoadResult => {
  const [first] = segments;
  if (first === undefined) throw new Error("there is no segment to join");
  const sent = [...segments, ...aside];
  const offsets = offsetsOf(segments);
  const length = seconds(segments.reduce((sum, { window }) => sum + window.seconds, 0));
  const slices = segments.flatMap((segment, at) => shifted(segment.slices, offsets[at] ?? 0));
  const signs = segments.flatMap((segment) => segment.signs ?? []);
  const parts = segments.map(({ totals, distributions }) => ({ totals, distributions: distributions ?? NONE }));
  const error = segments.find(({ workerError }) => workerError !== undefined)?.workerError;
  return {
    window: { start: first.window.start, end: latest(sent.map(({ window }) => window.end)), seconds: length },
    stopped,
    ...(error === undefined ? {} : { workerError: error }),
    totals: mergeTotals(parts, { length, steady: steadyOf(segments) }),
    response: mergeLatency(segments.map(({ response }) => response)),
    service: mergeLatency(segments.map(({ service }) => service)),
    tasks: mergeTasks(segments.map(({ tasks }) => tasks)),
    slices,
    generator: healthOf(segments, offsets, slices),
    ...(signs.length === 0 ? {} : { signs: addSigns(signs) }),
    warmUp: {
      start: earliest(sent.map(begunAt)),
      ...addApart([...sent.map(({ warmUp }) => warmUp), ...aside.map(({ totals }) => totals)]),
    },
    preWarm: addApart(sent.map(({ preWarm }) => preWarm)),
    setup: mergeOnce(sent.map(({ setup }) => setup)),
    teardown: mergeOnce(sent.map(({ teardown }) => teardown)),
  };
};

const NONE: Distributions = { dns: null, connect: null, tls: null, ttfb: null, download: null, lag: null };

const earliest = (times: readonly EpochMs[]): EpochMs => epochMs(Math.min(...times));
const latest = (times: readonly EpochMs[]): EpochMs => epochMs(Math.max(...times));

const begunAt = ({ warmUp, window }: LoadResult): EpochMs => warmUp.start ?? window.start;

/** The whole seconds before each segment: a segment that was cut short keeps the slice that it had begun. */
const offsetsOf = (segments: readonly LoadResult[]): readonly number[] => {
  let offset = 0;
  return segments.map(({ slices, window }) => {
    const own = offset;
    offset += Math.max(Math.ceil(window.seconds), (slices.at(-1)?.second ?? -1) + 1);
    return own;
  });
};

const shifted = (slices: readonly Slice[], offset: number): readonly Slice[] =>
  offset === 0 ? slices : slices.map((slice) => ({ ...slice, second: slice.second + offset }));

/** All users run from the beginning of each segment. */
const steadyOf = (segments: readonly LoadResult[]): { steadyRate: number | null; steadySeconds: number } => {
  const steadySeconds = segments.reduce((sum, { totals }) => sum + totals.steadySeconds, 0);
  const started = segments.reduce((sum, { totals }) => sum + (totals.steadyRate ?? 0) * totals.steadySeconds, 0);
  return { steadyRate: steadySeconds === 0 ? null : started / steadySeconds, steadySeconds };
};

/** The worst of all segments; one machine sent them all. */
const healthOf = (
  segments: readonly LoadResult[],
  offsets: readonly number[],
  slices: readonly Slice[],
): LoadResult["generator"] => {
  const all = segments.map(({ generator }) => generator);
  const lag = distribution(
    segments.map(({ distributions }) => ({ distributions: distributions ?? NONE })),
    "lag",
  );
  const worst = mergeHealth(
    all.map((generator, at) => ({ generator, shift: offsets[at] ?? 0 })),
    { slices, lag },
  );
  return {
    ...worst,
    workers: Math.max(...all.map(({ workers }) => workers)),
    usersAsked: Math.max(...all.map(({ usersAsked }) => usersAsked)),
    linkMbit: all[0]?.linkMbit ?? null,
  };
};
