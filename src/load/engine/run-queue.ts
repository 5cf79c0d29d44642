import { readFileSync } from "node:fs";

/** Of the calling thread: CPU time, time spent runnable without a core, both in nanoseconds (Linux, proc(5)). */
const FILE = "/proc/thread-self/schedstat";

/**
 * Milliseconds that this thread could have run and had no core, since it began: exactly what a stolen core costs a load
 * generator. `null` where the system does not say.
 */
export const waitedForCore = (): number | null => {
  try {
    const [, waited] = readFileSync(FILE, "latin1").split(" ");
    const nanoseconds = Number(waited);
    return Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : null;
  } catch {
    return null;
  }
};
