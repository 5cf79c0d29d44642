/** What a run of the bench has found, and how it is laid out. */
import type { HistoryResult } from "./evaluate-history.ts";
import type { PairedResult } from "./evaluate-paired.ts";
import type { WorldTuning } from "./tuning.ts";

/** Changes of one size, by world, and changes of other shapes in one world. */
type OfMode<R> = { readonly sizes: readonly R[]; readonly shapes: R | undefined };

export type Results = {
  readonly history: OfMode<HistoryResult>;
  readonly paired: OfMode<PairedResult>;
  /** By world, in order. */
  readonly tuned: readonly WorldTuning[];
};

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
