import type { Tally } from "./exact-tests.ts";
import { normalQuantile } from "./normal.ts";

export type Interval = { readonly low: number; readonly high: number };

/** Two-sided score interval of one share at `confidence` (Wilson, J. Am. Stat. Assoc. 22:209, 1927); [0, 1] without trials. */
export const wilsonInterval = ({ events, trials }: Tally, confidence: number): Interval => {
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const share = events / trials;
  const centre = share + (z * z) / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return {
    low: events === 0 ? 0 : (centre - half) / scale,
    high: events === trials ? 1 : (centre + half) / scale,
  };
};

/**
 * Two-sided interval of the difference of two independent shares, `a` minus `b`, as a difference (0.005 is half a point):
 * hybrid score interval, method 10 of Newcombe, Stat. Med. 17:873 (1998). Chosen over Miettinen and Nurminen's because it
 * has a closed form, stays inside [-1, 1] and keeps its coverage when there are no events at all, the usual case here.
 */
export const differenceInterval = (a: Tally, b: Tally, confidence: number): Interval => {
  const ofA = wilsonInterval(a, confidence);
  const ofB = wilsonInterval(b, confidence);
  const shareA = a.trials === 0 ? 0 : a.events / a.trials;
  const shareB = b.trials === 0 ? 0 : b.events / b.trials;
  return {
    low: shareA - shareB - Math.hypot(shareA - ofA.low, ofB.high - shareB),
    high: shareA - shareB + Math.hypot(ofA.high - shareA, shareB - ofB.low),
  };
};
