import type { CloudState } from "./cloud.ts";
import type { SettleRules, SettleState } from "./settle.ts";
import { grouped } from "./settle-reason.ts";

/** What a reader of the figures should know though no verdict depends on it. */
export const cloudNotes = (result: CloudState, rules: SettleRules, state: SettleState): readonly string[] => {
  const { atLeast, atMost } = rules.expected;
  const seen = state.counts?.seen ?? null;
  const notes = state.messages.map((message) => `CloudWatch says: ${message}`);
  if (result === "denied" || seen === null) return notes;
  if (rules.subject.several)
    notes.push(
      "With several functions a request may call more than one of them or none: AWS's count is held against the requests in total, and other traffic cannot be told from ours.",
    );
  else if (result === "complete" && seen > atMost)
    notes.push(`AWS counted ${grouped(seen - atMost)} calls more than we sent, too few to matter.`);
  if (result === "complete" && !rules.subject.several && seen >= atLeast && seen < atMost && atLeast < atMost)
    notes.push(
      `${grouped(atMost - seen)} requests left no trace in AWS's count: they were cut short, or answered in front of ${rules.functions.length === 0 ? rules.subject.what : "Lambda"}.`,
    );
  return notes;
};
