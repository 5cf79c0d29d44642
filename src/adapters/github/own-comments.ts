import { field, jsonAt, numberAt, textAt } from "./answer.ts";
import type { GithubClient, GithubRefusal } from "./client.ts";
import { type TokenAuthor, tokenAuthor } from "./token-author.ts";

export type CommentPlace = {
  readonly client: GithubClient;
  /** Issue or pull request number. */
  readonly issue: number;
  readonly token: string;
};

export type MarkedComment = {
  readonly id: number;
  readonly body: string;
  readonly user: unknown;
};

export type OwnComments = {
  readonly ok: true;
  /** `null` where nobody's comment has the marker: then it was not asked for. */
  readonly author: TokenAuthor | null;
  /** Oldest first; more than one when two jobs wrote their first at the same time. */
  readonly comments: readonly MarkedComment[];
};

/** Our comments with this marker. A comment of anybody else with it is theirs, whatever it looks like. */
export const ownComments = async (place: CommentPlace, marker: string): Promise<OwnComments | GithubRefusal> => {
  const marked = await markedComments(place, marker);
  if (!marked.ok) return marked;
  if (marked.comments.length === 0) return { ok: true, author: null, comments: [] };
  const asked = await tokenAuthor(place.client, place.token);
  // Who cannot tell its own comment would write a second one.
  if (!asked.ok) return asked;
  const { author } = asked;
  return { ok: true, author, comments: marked.comments.filter(({ user }) => isAccount(user, author.login)) };
};

const PAGE = 100;
/** 5,000 comments: beyond that a new one is written. */
const MAX_PAGES = 50;

/** Everybody's comments whose first line is the marker, oldest first. All pages are searched. */
export const markedComments = async (
  { client, issue }: CommentPlace,
  marker: string,
): Promise<{ readonly ok: true; readonly comments: readonly MarkedComment[] } | GithubRefusal> => {
  const found: MarkedComment[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const reply = await client.request("GET /issues/{issue}/comments", { issue, per_page: PAGE, page });
    if (!reply.ok) return reply;
    const comments = Array.isArray(reply.data) ? reply.data : [];
    for (const comment of comments) {
      const [id, body] = [numberAt(comment, "id"), textAt(comment, "body")];
      if (id !== null && body !== null && firstLine(body) === marker)
        found.push({ id, body, user: jsonAt(comment, "user") });
    }
    if (comments.length < PAGE) break;
  }
  return { ok: true, comments: found.toSorted((a, b) => a.id - b.id) };
};

/** Nobody can register a name with brackets, but a server that says so is not believed. */
export const isAccount = (user: unknown, login: string): boolean =>
  textAt(user, "login") === login && (!login.endsWith("[bot]") || field(user, "type") === "Bot");

export const firstLine = (body: string): string => (body.split("\n", 1)[0] ?? "").trimEnd();
