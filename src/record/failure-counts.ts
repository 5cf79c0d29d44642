import { countFailures, type OutcomeCounts } from "../load/outcome.ts";
import type { Slice } from "../load/result.ts";
import type { RunRecord } from "./record.ts";
import type { Counts } from "./summary.ts";

/** Everything but `ok` failed; `aborted` and `local-error` are not the target's doing and in neither part (SPEC 12.1). */
export const failureCounts = (outcomes: OutcomeCounts, parts: Counts["parts"]): Counts => ({
  ...eventsOf(outcomes),
  parts,
});

export const eventsOf = (outcomes: OutcomeCounts): Events => {
  const events = countFailures(outcomes);
  return { events, trials: events + outcomes.ok };
};

type Events = { readonly events: number; readonly trials: number };

const PARTS = 10;

/** Events in ten equal parts of the window; `null` when the window is shorter than ten slices. */
export const partsOf = ({ slices, window }: RunRecord, countOf: (slice: Slice) => Events): Counts["parts"] => {
  const seconds = slices.reduce((most, slice) => Math.max(most, slice.second + 1), Math.ceil(window.seconds));
  if (slices.length < PARTS) return null;
  const parts = Array.from({ length: PARTS }, () => ({ events: 0, trials: 0 }));
  for (const slice of slices) {
    const part = parts[Math.floor((slice.second * PARTS) / seconds)];
    const { events, trials } = countOf(slice);
    if (part === undefined) continue;
    part.events += events;
    part.trials += trials;
  }
  return parts;
};
