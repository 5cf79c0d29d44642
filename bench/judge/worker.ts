/** One task at a time, in a thread of its own. */
import { parentPort } from "node:worker_threads";
import { evaluateHistory, type HistoryResult, type HistoryTask } from "./evaluate-history.ts";
import { evaluatePaired, type PairedResult, type PairedTask } from "./evaluate-paired.ts";
import { tune, type WorldTuning } from "./tuning.ts";
import type { World } from "./worlds.ts";

export type Task =
  | { readonly kind: "tune"; readonly world: World; readonly seed: number; readonly cases: number }
  | { readonly kind: "history"; readonly asked: HistoryTask }
  | { readonly kind: "paired"; readonly asked: PairedTask };

export type Done =
  | { readonly kind: "tune"; readonly result: WorldTuning }
  | { readonly kind: "history"; readonly result: HistoryResult }
  | { readonly kind: "paired"; readonly result: PairedResult };

/** Draws and judges what a task asks for. */
export const perform = (task: Task): Done => {
  switch (task.kind) {
    case "tune":
      return { kind: "tune", result: tune(task.world, task.seed, task.cases) };
    case "history":
      return { kind: "history", result: evaluateHistory(task.asked) };
    case "paired":
      return { kind: "paired", result: evaluatePaired(task.asked) };
  }
};

parentPort?.on("message", (task: Task) => parentPort?.postMessage(perform(task)));
