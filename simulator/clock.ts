/** The two clocks of the simulator: both monotonic, with fractions of a millisecond. */
import { type EpochMs, epochMs, type Millis, millis } from "../src/units.ts";

/** Milliseconds since the process started. */
export const elapsed = (): Millis => millis(performance.now());

/** Milliseconds since the Unix epoch. */
export const now = (): EpochMs => epochMs(performance.timeOrigin + performance.now());
