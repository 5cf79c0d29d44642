import type { LoadProgress } from "../../load/result.ts";
import type { Log, Stage } from "../../ports.ts";
import { waitLine } from "../../target/wait-line.ts";
import { epochMs } from "../../units.ts";
import { harmless, type Write } from "./commands.ts";

/** Seconds of load between two progress lines: a job log is read afterwards, not watched. */
const PROGRESS_EVERY = 5;

/** Folds lines of the job's log: whatever is written between the two stands under the name. */
export type Groups = { readonly open: (name: string) => void; readonly close: () => void };

/** The runner's own groups. */
export const runnerGroups = async (): Promise<Groups> => {
  const core = await import("@actions/core");
  return { open: core.startGroup, close: core.endGroup };
};

const TITLES: Readonly<Record<Stage, string>> = {
  waiting: "Waiting for the target",
  load: "Load",
  aws: "What AWS saw",
  judge: "Judgement",
};

export type ActionLog = Log & { readonly end: () => void };

/**
 * Progress for a job's log, a group for each part of the run that has lines. No line of it can be a workflow command,
 * whatever its text comes from. `end` closes the last group, so that annotations stand outside.
 */
export const actionLog = (write: Write, groups: Groups): ActionLog => {
  let shown: number | null = null;
  let current: Stage | null = null;
  let isOpen = false;
  const enter = (stage: Stage | null): void => {
    if (stage === current) return;
    if (isOpen) groups.close();
    isOpen = false;
    current = stage;
  };
  const line = (text: string): void => {
    if (current !== null && !isOpen) {
      groups.open(TITLES[current]);
      isOpen = true;
    }
    write(`${harmless(text)}\n`);
  };
  return {
    info: line,
    warn: (text) => line(`Warning: ${text}`),
    wait: (wait) => line(waitLine(wait, epochMs(Date.now()))),
    progress: (progress) => {
      const restarted = shown !== null && progress.elapsed < shown;
      if (shown !== null && !restarted && progress.elapsed - shown < PROGRESS_EVERY) return;
      shown = progress.elapsed;
      line(progressLine(progress));
    },
    stage: enter,
    end: () => enter(null),
  };
};

const progressLine = (progress: LoadProgress): string => {
  const { phase, elapsed, runTime, users, requests, failures, requestsPerSecond, p50, p95 } = progress;
  const latency = p50 === null || p95 === null ? "" : `, p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
  const rate = requestsPerSecond.toFixed(1);
  return `${phase} ${Math.round(elapsed)}/${runTime} s: ${users} users, ${requests} requests, ${failures} failed, ${rate}/s${latency}`;
};
