import type { Clock } from "../ports.ts";
import type { Millis } from "../units.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** Like `unlessAborted`, but work that can come to an end by itself gets `grace` for it after the abort. */
export const withinGrace = async <T extends object>(
  work: Promise<T>,
  { grace, clock, signal }: { readonly grace: Millis; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T | null> => {
  const done = await unlessAborted(work, signal);
  return done ?? (await Promise.race([work, clock.sleep(grace).then(() => null)]));
};
