import type { Distributions, GeneratorHealth } from "../load/result.ts";

/** What the record of one shard holds beside what every record does: enough to add it to the others exactly. */
export type ShardFacts = {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
  /** The start that all shards agreed on, ISO 8601 by this machine's clock; `null` when nobody was asked. */
  readonly agreed: string | null;
  /** Milliseconds to add to times of this machine's clock for GitHub's; 0 while the two agree as far as it can be seen. */
  readonly clockMs: number;
  /** When the first request was sent, warm-up included: from then on AWS counts. ISO 8601 by this machine's clock. */
  readonly begun: string;
  /** Lambda functions as they were given; whoever merges reads what AWS saw of them. */
  readonly functions: readonly string[];
  readonly distributions: Distributions;
};

/** One shard in the record of the whole. */
export type ShardPart = {
  readonly index: number;
  /** Of the shard's own record. */
  readonly id: string;
  /** Start of its window, ISO 8601, on the common clock. */
  readonly start: string;
  readonly seconds: number;
  readonly requests: number;
  readonly clockMs: number;
  /** Without the figures by second. */
  readonly generator: Omit<GeneratorHealth, "series">;
};
