import { newSample, type Recorder } from "../recorder.ts";
import type { Swarm } from "../swarm.ts";
import { errorText } from "./load-module.ts";
import { countFailure } from "./play-script.ts";

/** The row of errors in promises of a module that nobody awaits. */
const STRAY = "(not awaited)";

/**
 * A promise of the module that fails without anybody awaiting it belongs to no task that is known: it is counted in a row
 * of its own, instead of ending the thread. Errors thrown outside of promises still end it.
 */
export const countStrays = (swarm: Swarm, recorder: Recorder): void => {
  const sample = newSample();
  // Until now they were only logged.
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => {
    if (swarm.isOver) return;
    const second = Math.max(0, Math.floor(swarm.now() / 1000));
    const text = errorText(error);
    countFailure({ recorder, sample }, { name: STRAY, phase: "task", second, outcome: "check-failed", text });
  });
};
