/** Runs tasks on as many threads as there are cores; results come back in the order of the tasks. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Done, Task } from "./worker.ts";

export const runTasks = async (tasks: readonly Task[], onDone: (index: number) => void): Promise<readonly Done[]> => {
  const results = new Map<number, Done>();
  let started = 0;
  const serve = async (): Promise<void> => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    const failed = new Promise<never>((_, reject) => worker.once("error", reject));
    for (let index = started++; index < tasks.length; index = started++) {
      const answer = new Promise<Done>((resolve) => worker.once("message", resolve));
      worker.postMessage(tasks[index]);
      results.set(index, await Promise.race([answer, failed]));
      onDone(index);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(tasks.length, availableParallelism()) }, serve));
  return tasks.flatMap((_, index) => results.get(index) ?? []);
};
