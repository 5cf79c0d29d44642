import { gateChanges } from "../baseline/gate-changes.ts";
import type { GateResult } from "../gate/gate-contract.ts";
import { summarise } from "../record/summarise.ts";

const MOST_SHOWN = 8;

/** On top of a pull request's report: what it changed about the very gate that judges it; empty when nothing. */
export const ownGateLines = ({ record, history, baseline }: GateResult): readonly string[] => {
  const base = history?.runs.at(-1) ?? (baseline.kind === "found" ? baseline.runs.at(-1) : undefined);
  if (base === undefined) return [];
  const changes = gateChanges(base, summarise(record));
  if (changes.length === 0) return [];
  const shown = changes.slice(0, MOST_SHOWN);
  const more = changes.length > shown.length ? `; and ${changes.length - shown.length} more` : "";
  return [`This change is judged by another gate than its base: ${shown.join("; ")}${more}.`];
};
