import type { SigningAccess } from "../../../ports.ts";
import type { AwsKeys } from "../../signing.ts";

/** Keys are read again this long before they expire, as the SDK itself does it. */
const AHEAD_MS = 5 * 60_000;
/** When they could not be read, or were read and are still the old ones. */
const AGAIN_MS = 15_000;
/** Node turns a longer timer into one of a millisecond. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Reads new keys before the present ones expire, as often as it takes, and hands them on. Returns what ends it. What cannot
 * be renewed is seen in the answers: the target refuses it.
 */
export const renewKeys = ({ keys, read }: SigningAccess, onKeys: (keys: AwsKeys) => void): (() => void) => {
  let timer: NodeJS.Timeout | null = null;
  let ended = false;
  const plan = ({ expiresAt }: AwsKeys, least: number): void => {
    if (expiresAt === null || ended) return;
    const left = Math.max(least, expiresAt - Date.now() - AHEAD_MS);
    timer = setTimeout(() => void renew(), Math.min(LONGEST_MS, left));
    timer.unref();
  };
  let present = keys;
  const renew = async (): Promise<void> => {
    const answer = await read();
    if (ended) return;
    if (answer.kind === "value" && answer.value.accessKeyId !== present.accessKeyId) onKeys(answer.value);
    if (answer.kind === "value") present = answer.value;
    plan(present, AGAIN_MS);
  };
  plan(keys, 0);
  return () => {
    ended = true;
    if (timer !== null) clearTimeout(timer);
  };
};
