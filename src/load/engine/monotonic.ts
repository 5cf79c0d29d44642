import { type Millis, millis } from "../../units.ts";

/** Milliseconds on the machine's monotonic clock; unlike `performance.now()` it is the same in every thread. */
export const monotonicNow = (): Millis => millis(Number(process.hrtime.bigint()) / 1e6);
