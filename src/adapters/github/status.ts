import type { Written } from "../../ports.ts";
import { type GithubClient, refusalOf } from "./client.ts";

/** GitHub's limit for a description. */
const MAX_DESCRIPTION = 140;

export type StatusPlace = {
  readonly client: GithubClient;
  /** The pull request's head, not the merge commit that the job has checked out. */
  readonly sha: string;
  /** `swarmgate/<name>`: what a required check is matched by. */
  readonly context: string;
  /** The run's page, `null` when not known. */
  readonly targetUrl: string | null;
};

/** Writes a commit status: for events whose runs GitHub does not show on the pull request. */
export const writeStatus = async (
  place: StatusPlace,
  state: "success" | "failure",
  description: string,
): Promise<Written<null>> => {
  const reply = await place.client.request("POST /statuses/{sha}", {
    sha: place.sha,
    state,
    context: place.context,
    description: shortened(description),
    ...(place.targetUrl === null ? {} : { target_url: place.targetUrl }),
  });
  if (reply.ok) return { ok: true, value: null };
  return {
    ok: false,
    reason:
      reply.status === 403
        ? "The token may not write commit statuses: the job needs statuses: write, which pull requests of forks never have."
        : `The commit status could not be written: ${refusalOf(reply)}.`,
  };
};

const shortened = (text: string): string =>
  text.length <= MAX_DESCRIPTION ? text : `${text.slice(0, MAX_DESCRIPTION - 1)}…`;
