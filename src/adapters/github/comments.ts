import type { Written } from "../../ports.ts";
import { jsonAt, numberAt, textAt } from "./answer.ts";
import { type GithubRefusal, type GithubReply, isLost, refusalOf } from "./client.ts";
import { type CommentPlace, firstLine, isAccount, markedComments, ownComments } from "./own-comments.ts";

export type CommentText = {
  /** The comment's first line: `<!-- swarmgate:v1:<key> -->`. */
  readonly marker: string;
  readonly body: string;
  /** Leaves a comment that is not there away. */
  readonly onlyIfPresent: boolean;
};

/**
 * Edits our comment with this marker, or creates it; the value is `null` when none is there and none was wanted. Of
 * several of ours the oldest stays and the others go. A comment of anybody else with our marker is left alone: whoever
 * writes it must not get to choose what we overwrite.
 */
export const upsertComment = async (
  place: CommentPlace,
  { marker, body, onlyIfPresent }: CommentText,
): Promise<Written<{ readonly id: number } | null>> => {
  const text = firstLine(body) === marker ? body : `${marker}\n${body}`;
  for (let lost = 0; ; lost += 1) {
    const found = await ownComments(place, marker);
    if (!found.ok) return notWritten(found);
    const ids = found.comments.map(({ id }) => id);
    // An author that is only assumed is enough to edit, not to delete.
    const kept = await keepOldest(place, found.author?.told ? ids : ids.slice(0, 1), text);
    if (kept !== null) return kept;
    if (onlyIfPresent) return { ok: true, value: null };
    const create = { issue: place.issue, body: text };
    const created = await place.client.request("POST /issues/{issue}/comments", create, { once: true });
    if (created.ok) return await withoutTwins(place, { marker, text, created });
    // It may have been created although the answer says otherwise: look before it is written a second time.
    if (!isLost(created) || lost === MOST_LOST) return notWritten(created);
    await place.client.pause();
  }
};

const MOST_LOST = 2;

/** Writes the text into the first and deletes the others; `null` when there is none, or not any more. */
const keepOldest = async (
  place: CommentPlace,
  [oldest, ...others]: readonly number[],
  text: string,
): Promise<Written<{ readonly id: number }> | null> => {
  if (oldest === undefined) return null;
  const edited = await place.client.request("PATCH /issues/comments/{id}", { id: oldest, body: text });
  if (!edited.ok && edited.status === 404) return null;
  if (edited.ok) await remove(place, others);
  return written(edited);
};

/** What cannot be deleted now is there for the next run to delete. */
const remove = async ({ client }: CommentPlace, ids: readonly number[]): Promise<void> => {
  for (const id of ids) await client.request("DELETE /issues/comments/{id}", { id });
};

type Created = {
  readonly marker: string;
  readonly text: string;
  readonly created: Extract<GithubReply, { readonly ok: true }>;
};

/**
 * Two jobs that found no comment have each created one. Both look again and keep the same, the oldest. The new comment
 * also says whose the token is where nothing else did.
 */
const withoutTwins = async (
  place: CommentPlace,
  { marker, text, created }: Created,
): Promise<Written<{ readonly id: number }>> => {
  const mine = written(created);
  const login = textAt(jsonAt(created.data, "user"), "login");
  if (!mine.ok || login === null) return mine;
  const marked = await markedComments(place, marker);
  if (!marked.ok) return mine;
  const { id } = mine.value;
  const twins = marked.comments.filter(({ user }) => isAccount(user, login)).map((comment) => comment.id);
  const older = twins.filter((twin) => twin < id);
  const newer = twins.filter((twin) => twin > id);
  if (older.length === 0) await remove(place, newer);
  const kept = older.length === 0 ? mine : await keepOldest(place, [...older, id, ...newer], text);
  // An older one that cannot be edited leaves ours, with the same text.
  return kept?.ok === true ? kept : mine;
};

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
