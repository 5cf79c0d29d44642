import { type EpochMs, millis } from "../units.ts";
import { durationText } from "./not-ready.ts";

/** `Waiting for https://host/, 4 min 30 s left: it answers with status 503.` The type is that of the `Log` port. */
export const waitLine = (
  wait: { readonly text: string; readonly until: EpochMs; readonly detail: string | null },
  now: EpochMs,
): string => {
  const left = durationText(millis(Math.max(0, wait.until - now)));
  return `${wait.text}, ${left} left${wait.detail === null ? "" : `: ${wait.detail}`}.`;
};
