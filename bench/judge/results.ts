/** What a run of the bench has found, and how it is laid out. */
import type { HistoryResult } from "./evaluate-history.ts";
import type { PairedResult } from "./evaluate-paired.ts";
import type { WorldTuning } from "./tuning.ts";
import type { Done } from "./worker.ts";
import { SHAPES } from "./worlds.ts";

/** Changes of one size, by world, and changes of other shapes in one world. */
type OfMode<R> = { readonly sizes: readonly R[]; readonly shapes: R | undefined };

export type Results = {
  readonly history: OfMode<HistoryResult>;
  readonly paired: OfMode<PairedResult>;
  /** By world, in order. */
  readonly tuned: readonly WorldTuning[];
};

export const collect = (tuned: readonly WorldTuning[], done: readonly Done[]): Results => {
  const history = done.flatMap((one): readonly HistoryResult[] => (one.kind === "history" ? [one.result] : []));
  const paired = done.flatMap((one): readonly PairedResult[] => (one.kind === "paired" ? [one.result] : []));
  return { history: ofMode(history), paired: ofMode(paired), tuned };
};

const ofMode = <R extends HistoryResult | PairedResult>(all: readonly R[]): OfMode<R> => ({
  sizes: all.filter((one) => !isShaped(one)),
  shapes: all.find(isShaped),
});

const isShaped = (one: HistoryResult | PairedResult): boolean =>
  SHAPES.some(({ name }) => ("planned" in one ? one.planned : (one.outcomes[1] ?? {}))[name] !== undefined);

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
