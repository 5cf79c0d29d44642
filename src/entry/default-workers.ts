import { availableParallelism } from "node:os";

/** Threads that send when nobody says how many: one core is left to the main thread and the rest of the machine. */
export const defaultWorkers = (): number => Math.max(1, availableParallelism() - 1);
