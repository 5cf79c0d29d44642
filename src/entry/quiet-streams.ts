import { hideSecrets } from "../config/hide-secrets.ts";
import type { Streams } from "./streams.ts";

/**
 * The same streams, whose progress says no secret: it quotes what targets and services answer. The result needs no second
 * look, it is made from a record without secrets.
 */
export const quietStreams = (streams: Streams, secrets: readonly string[]): Streams => ({
  ...streams,
  err: (text) => streams.err(hideSecrets(text, secrets)),
});
