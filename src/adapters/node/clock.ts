import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../ports.ts";
import { epochMs } from "../../units.ts";

/** Real time. */
export const nodeClock: Clock = {
  now: () => epochMs(Date.now()),
  sleep: async (time, signal) => {
    if (signal?.aborted) return;
    await wait(time, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  },
};
