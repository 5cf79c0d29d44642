/** The load worker with a short life: what a crash of the real one looks like from outside. */
import { workerData } from "node:worker_threads";

const { seed } = workerData.plan;
setTimeout(() => {
  if (seed === 1) process.exit(1);
  if (seed === 2) throw new Error("a bug in the worker");
  // Hangs, and so would the run if nobody watched.
  for (;;);
}, 2300);
await import("../../src/load/engine/worker.ts");
