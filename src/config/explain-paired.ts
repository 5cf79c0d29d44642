import { foreseenRequests, planLoad } from "../load/plan-load.ts";
import { roundLength, segmentTimes } from "../load/segment.ts";
import { millis, seconds, secondsToMillis } from "../units.ts";
import type { Config } from "./config.ts";
import { formatDuration } from "./durations.ts";

/** What paired mode does with a load: `load` says who starts which requests, the addresses are as they may be shown. */
export const explainRounds = (
  { load, baseline }: Config,
  said: { readonly load: string; readonly head: string; readonly base: string },
): readonly string[] => {
  const times = segmentTimes(load, baseline.segmentTime);
  return [
    `Then base (${said.base}) and head (${said.head}) are measured in turns: ${said.load}.`,
    `Each segment is measured for ${formatDuration(baseline.segmentTime)} with all users, after ${formatDuration(secondsToMillis(times.ramp))} that are not, on new connections; a round of two takes ${formatDuration(roundLength(times))}.`,
    `After 6, 12, 18 and 24 rounds it ends if all that gates is decided, and after ${formatDuration(baseline.maxDuration)} in any case.`,
  ];
};

/** The most tasks that one segment can start within its measured part. */
export const mostInSegment = ({ load, baseline }: Config, url: string): number => {
  const { ramp, measured } = segmentTimes(load, baseline.segmentTime);
  const until = (end: number): number =>
    foreseenRequests(
      planLoad({ url, load: { ...load, runTime: seconds(end) }, headers: {}, userAgent: "" }),
      millis(0),
    );
  return until(ramp + measured) - until(ramp);
};

/** In each round a percentile needs a tenth of the `ok` responses that it needs in all (docs/paired.md). */
export const SHARE_IN_SEGMENT = 0.1;
