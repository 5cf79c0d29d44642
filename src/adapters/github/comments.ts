import type { Written } from "../../ports.ts";
import { numberAt } from "./answer.ts";
import { type GithubRefusal, type GithubReply, isLost, refusalOf } from "./client.ts";
import { type CommentPlace, firstLine, ownComments } from "./own-comments.ts";

export type CommentText = {
  /** The comment's first line: `<!-- swarmgate:v1:<key> -->`. */
  readonly marker: string;
  readonly body: string;
  /** Leaves a comment that is not there away. */
  readonly onlyIfPresent: boolean;
};

/**
 * Edits our comment with this marker, or creates it; the value is `null` when none is there and none was wanted. A
 * comment of anybody else with our marker is left alone: whoever writes it must not get to choose what we overwrite.
 */
export const upsertComment = async (
  place: CommentPlace,
  { marker, body, onlyIfPresent }: CommentText,
): Promise<Written<{ readonly id: number } | null>> => {
  const text = firstLine(body) === marker ? body : `${marker}\n${body}`;
  for (let lost = 0; ; lost += 1) {
    const found = await ownComments(place, marker);
    if (!found.ok) return notWritten(found);
    const [ours] = found.comments;
    if (ours !== undefined) {
      const edited = await place.client.request("PATCH /issues/comments/{id}", { id: ours.id, body: text });
      // Deleted since it was found: as if it had not been there.
      if (edited.ok || edited.status !== 404) return written(edited);
    }
    if (onlyIfPresent) return { ok: true, value: null };
    const create = { issue: place.issue, body: text };
    const created = await place.client.request("POST /issues/{issue}/comments", create, { once: true });
    // It may have been created although the answer says otherwise: look before it is written a second time.
    if (created.ok || !isLost(created) || lost === MOST_LOST) return written(created);
    await place.client.pause();
  }
};

const MOST_LOST = 2;

/**
 * Puts one line under the marker of our comment, unless the comment holds `unless`: then its figures are those of the same
 * commit. The value is `null` when there was nothing to mark.
 */
export const markOutdated = async (
  place: CommentPlace,
  { marker, line, unless }: { readonly marker: string; readonly line: string; readonly unless: string },
): Promise<Written<{ readonly id: number } | null>> => {
  const found = await ownComments(place, marker);
  if (!found.ok) return notWritten(found);
  const [oldest] = found.comments;
  if (oldest === undefined || oldest.body.includes(unless)) return { ok: true, value: null };
  const rest = oldest.body.split("\n").slice(1);
  // An earlier run that never ended has left its own line.
  const figures = rest[0]?.startsWith(OUTDATED) ? rest.slice(2) : rest;
  const body = [marker, `${OUTDATED}${line}`, "", ...figures].join("\n");
  return written(await place.client.request("PATCH /issues/comments/{id}", { id: oldest.id, body }));
};

const OUTDATED = "> ⏳ ";

const written = (reply: GithubReply): Written<{ readonly id: number }> => {
  if (!reply.ok) return notWritten(reply);
  const id = numberAt(reply.data, "id");
  return id === null ? { ok: false, reason: "GitHub answered without the comment's id." } : { ok: true, value: { id } };
};

const notWritten = (reply: GithubRefusal): Written<never> => ({
  ok: false,
  reason:
    reply.status === 403
      ? "The token may not write comments: a pull request of a fork or of Dependabot has a read-only token, any other job needs pull-requests: write."
      : `The comment could not be written: ${refusalOf(reply)}.`,
});
