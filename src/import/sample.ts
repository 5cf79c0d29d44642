import type { OutcomeClass } from "../load/outcome.ts";
import type { EpochMs, Micros } from "../units.ts";

/** One request as a tool wrote it down. */
export type Sample = {
  readonly name: string;
  /** `null` where the file does not say when. */
  readonly start: EpochMs | null;
  readonly time: Micros;
  readonly outcome: OutcomeClass;
  /** HTTP status, `null` when there was no response. */
  readonly status: number | null;
  /** What went wrong, empty for `ok`. */
  readonly text: string;
  readonly sent: number;
  readonly received: number;
};

/** What a reader makes of one line: a request, nothing of interest, or the end of a sentence that begins "line 7". */
export type LineRead =
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "skip" }
  | { readonly kind: "bad"; readonly says: string };

export const SKIP: LineRead = { kind: "skip" };
export const bad = (says: string): LineRead => ({ kind: "bad", says });
