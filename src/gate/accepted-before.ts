import type { ArtifactRead } from "../ports.ts";
import { type Acceptance, parseAcceptance } from "../record/acceptance.ts";

/** Names of what an evaluation stores. */
export const ACCEPT_FILE = "accept.json";
export const acceptArtifact = (name: string, pullRequest: number): string => `swarmgate-${name}-accept-${pullRequest}`;

/** The acceptance in an artifact, `null` unless it is whole and of this pull request at this commit. */
export const acceptanceIn = (
  read: ArtifactRead,
  { pullRequest, sha }: { readonly pullRequest: number; readonly sha: string },
): Acceptance | null => {
  if (read.kind !== "bytes") return null;
  const parsed = parseAcceptance(new TextDecoder().decode(read.bytes));
  if (!parsed.ok) return null;
  const { acceptance } = parsed.value;
  return acceptance.pullRequest === pullRequest && acceptance.sha === sha ? acceptance : null;
};
