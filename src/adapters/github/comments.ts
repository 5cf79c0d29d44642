import type { Written } from "../../ports.ts";
import { field, jsonAt, numberAt, textAt } from "./answer.ts";
import { type GithubClient, type GithubReply, refusalOf } from "./client.ts";

const ACTIONS_BOT = "github-actions[bot]";
const PAGE = 100;
/** 5,000 comments: beyond that a new one is written. */
const MAX_PAGES = 50;

export type CommentPlace = {
  readonly client: GithubClient;
  /** Issue or pull request number. */
  readonly issue: number;
  readonly token: string;
};

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
    const found = await findComment(place, marker);
    if (!found.ok) return notWritten(found);
    if (found.id !== null) {
      const edited = await place.client.request("PATCH /issues/comments/{id}", { id: found.id, body: text });
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

/** No answer, or one of a service that failed: what was asked for may have happened. */
const isLost = ({ status }: Extract<GithubReply, { readonly ok: false }>): boolean => status === null || status >= 500;

/**
 * Puts one line under the marker of our comment, unless the comment holds `unless`: then its figures are those of the same
 * commit. The value is `null` when there was nothing to mark.
 */
export const markOutdated = async (
  place: CommentPlace,
  { marker, line, unless }: { readonly marker: string; readonly line: string; readonly unless: string },
): Promise<Written<{ readonly id: number } | null>> => {
  const found = await findComment(place, marker);
  if (!found.ok) return notWritten(found);
  if (found.id === null || found.body.includes(unless)) return { ok: true, value: null };
  const rest = found.body.split("\n").slice(1);
  // An earlier run that never ended has left its own line.
  const figures = rest[0]?.startsWith(OUTDATED) ? rest.slice(2) : rest;
  const body = [marker, `${OUTDATED}${line}`, "", ...figures].join("\n");
  return written(await place.client.request("PATCH /issues/comments/{id}", { id: found.id, body }));
};

const OUTDATED = "> ⏳ ";

type FoundComment =
  | { readonly ok: true; readonly id: number | null; readonly body: string }
  | Extract<GithubReply, { readonly ok: false }>;

/** Our comment with this marker, the oldest if there are several. All pages are searched. */
const findComment = async ({ client, issue, token }: CommentPlace, marker: string): Promise<FoundComment> => {
  const author = await ownAuthor(client, token);
  // Who cannot tell its own comment would write a second one.
  if (typeof author !== "function") return author;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const reply = await client.request("GET /issues/{issue}/comments", { issue, per_page: PAGE, page });
    if (!reply.ok) return reply;
    const comments = Array.isArray(reply.data) ? reply.data : [];
    for (const comment of comments) {
      const [id, body] = [numberAt(comment, "id"), textAt(comment, "body")];
      if (id !== null && body !== null && firstLine(body) === marker && author(comment)) return { ok: true, id, body };
    }
    if (comments.length < PAGE) break;
  }
  return { ok: true, id: null, body: "" };
};

type AuthorCheck = (comment: unknown) => boolean;

/** A workflow's own token writes as the actions bot and may not ask who it is; a person's token may. */
const ownAuthor = async (
  client: GithubClient,
  token: string,
): Promise<AuthorCheck | Extract<GithubReply, { readonly ok: false }>> => {
  const reply = token.startsWith("ghs_") ? null : await client.requestAny("GET /user");
  if (reply?.ok === false && isLost(reply)) return reply;
  const login = reply?.ok === true ? textAt(reply.data, "login") : null;
  return (comment) => {
    const user = jsonAt(comment, "user");
    if (login !== null) return textAt(user, "login") === login;
    return textAt(user, "login") === ACTIONS_BOT && field(user, "type") === "Bot";
  };
};

const written = (reply: GithubReply): Written<{ readonly id: number }> => {
  if (!reply.ok) return notWritten(reply);
  const id = numberAt(reply.data, "id");
  return id === null ? { ok: false, reason: "GitHub answered without the comment's id." } : { ok: true, value: { id } };
};

const notWritten = (reply: Extract<GithubReply, { readonly ok: false }>): Written<never> => ({
  ok: false,
  reason:
    reply.status === 403
      ? "The token may not write comments: a pull request of a fork or of Dependabot has a read-only token, any other job needs pull-requests: write."
      : `The comment could not be written: ${refusalOf(reply)}.`,
});

const firstLine = (body: string): string => (body.split("\n", 1)[0] ?? "").trimEnd();
