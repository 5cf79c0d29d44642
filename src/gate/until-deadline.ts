import type { Clock } from "../ports.ts";
import type { EpochMs } from "../units.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** The last look at metrics begins at the deadline, and has to be answered within this. */
const LAST_LOOK = 2_000;
/** The same for a query of logs, which takes a few seconds, where metrics took all the time. */
export const LAST_QUERY = 5_000;

export type Deadline = { readonly deadline: EpochMs; readonly clock: Clock; readonly signal: AbortSignal };

/** Aborts on cancel, or when the last look has had its time after the deadline. */
export const untilDeadline = ({ deadline, clock, signal }: Deadline, lastLook: number = LAST_LOOK): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, deadline - clock.now()) + lastLook)]);

/** What the work brings, `null` on cancel, and `late` where `stop` ends it and nobody has cancelled. */
export const beforeDeadline = async <T>(
  work: Promise<T>,
  { stop, signal, late }: { readonly stop: AbortSignal; readonly signal: AbortSignal; readonly late: T },
): Promise<T | null> => (await unlessAborted(work, stop)) ?? (signal.aborted ? null : late);
