import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import type { LoadPlan } from "../plan.ts";
import { budgetMemory } from "./budget.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import { limitedLog } from "./module/limited-log.ts";

/** A worker says every second that it lives; one that is silent this long hangs, and is lost like one that died. */
const SILENCE_CHECKS = 15;
const CHECK_MS = 1000;
/** A module's task can block its thread for ever, and the record must not wait for that; not while the thread boots. */
const BLOCKED_CHECKS = 5;

export type CrewSetup = {
  readonly plan: LoadPlan;
  readonly workerFile: URL | string;
  readonly workers: number;
  readonly environment: WorkerSetup["environment"];
  readonly keys: WorkerSetup["keys"];
  readonly onMessage: (worker: number, message: FromWorker) => void;
  /** A worker died or hangs, `blocked` when code of the user's keeps its thread. May be said more than once of one. */
  readonly onLost: (lost: LostWorker) => void;
};

export type LostWorker = { readonly worker: number; readonly error: string; readonly blocked: boolean };

/** The worker threads of one run. */
export type Crew = {
  readonly tell: (worker: number, message: ToWorker) => void;
  readonly tellAll: (message: ToWorker) => void;
  /** Ends the threads, whatever they are doing. */
  readonly dismiss: () => Promise<void>;
};

export const startCrew = (setup: CrewSetup): Crew => {
  const budget = budgetMemory();
  const { environment, keys } = setup;
  let dismissed = false;
  const isModule = setup.plan.scenario !== null && setup.plan.scenario.module !== null;
  const ready = new Set<number>();
  const lost = (worker: number, error: string, blocked = false): void => {
    if (!dismissed) setup.onLost({ worker, error, blocked });
  };
  // Counts checks, not time: after a suspended laptop wakes up, the messages are given their turn first.
  const silence = Array.from({ length: setup.workers }, () => 0);
  const watch = setInterval(() => {
    for (const [worker, checks] of silence.entries()) {
      silence[worker] = checks + 1;
      const most = isModule && ready.has(worker) ? BLOCKED_CHECKS : SILENCE_CHECKS;
      if (checks + 1 >= most) lost(worker, `worker ${worker} has not answered for ${most} s`, isModule);
    }
  }, CHECK_MS);
  const threads = silence.map((_, worker) => {
    const workerData: WorkerSetup = { plan: setup.plan, worker, workers: setup.workers, budget, environment, keys };
    // What a module prints must not get between the lines of our own output; its console is the log.
    const thread = new Worker(setup.workerFile, { workerData, stdout: isModule, stderr: isModule });
    if (isModule) readOutput(thread, (line) => setup.onMessage(worker, { kind: "log", line }));
    thread.on("message", (message: FromWorker) => {
      silence[worker] = 0;
      if (message.kind === "ready") ready.add(worker);
      if (!dismissed) setup.onMessage(worker, message);
    });
    thread.on("error", (error) =>
      lost(worker, error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    thread.on("messageerror", (error) => lost(worker, String(error)));
    thread.on("exit", (code) => lost(worker, `worker ${worker} ended with code ${code}`));
    return thread;
  });
  return {
    tell: (worker, message) => threads[worker]?.postMessage(message),
    tellAll: (message) => {
      for (const thread of threads) thread.postMessage(message);
    },
    dismiss: async () => {
      dismissed = true;
      clearInterval(watch);
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
};

const readOutput = (thread: Worker, onLine: (line: string) => void): void => {
  const log = limitedLog(onLine);
  for (const input of [thread.stdout, thread.stderr]) createInterface({ input }).on("line", log);
};
