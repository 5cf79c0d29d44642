import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { MachineFacts } from "../../target/check-machine.ts";

/** Cores and limits of this process. */
export const machineFacts = async (): Promise<MachineFacts> => ({
  cores: availableParallelism(),
  openFiles: await openFileLimit(),
});

/** Linux, proc(5): the soft limit; Node has raised it to the hard one when it started. */
const openFileLimit = async (): Promise<number | null> => {
  try {
    const limits = await readFile("/proc/self/limits", "utf8");
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
    if (soft === undefined) return null;
    return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return null;
  }
};
