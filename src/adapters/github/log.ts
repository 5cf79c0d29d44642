import type { LoadProgress } from "../../load/result.ts";
import type { Log } from "../../ports.ts";
import { harmless, type Write } from "./commands.ts";

/** Seconds of load between two progress lines: a job log is read afterwards, not watched. */
const PROGRESS_EVERY = 5;

/** Progress for a job's log. No line of it can be a workflow command, whatever its text comes from. */
export const actionLog = (write: Write): Log => {
  let shown: number | null = null;
  const line = (text: string): void => write(`${harmless(text)}\n`);
  return {
    info: line,
    warn: (text) => line(`Warning: ${text}`),
    progress: (progress) => {
      const restarted = shown !== null && progress.elapsed < shown;
      if (shown !== null && !restarted && progress.elapsed - shown < PROGRESS_EVERY) return;
      shown = progress.elapsed;
      line(progressLine(progress));
    },
  };
};

const progressLine = (progress: LoadProgress): string => {
  const { phase, elapsed, runTime, users, requests, failures, requestsPerSecond, p50, p95 } = progress;
  const latency = p50 === null || p95 === null ? "" : `, p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
  const rate = requestsPerSecond.toFixed(1);
  return `${phase} ${Math.round(elapsed)}/${runTime} s: ${users} users, ${requests} requests, ${failures} failed, ${rate}/s${latency}`;
};
