import type { Written } from "../../ports.ts";
import { field, jsonAt, numberAt, textAt } from "./answer.ts";
import { type GithubClient, refusalOf } from "./client.ts";

/** A comment with a certain line in it, and who wrote it. */
export type Statement = {
  readonly by: string;
  readonly mayWrite: boolean;
  readonly at: string;
  readonly body: string;
};

export type LabelFacts = { readonly set: boolean; readonly by: string | null; readonly mayWrite: boolean };

export type StatementsRequest = {
  readonly pullRequest: number;
  readonly label: string;
  /** Who the event says has just set the label, `null` when it does not. */
  readonly labelledBy: string | null;
  /** Whether a comment is worth the question who its author is. */
  readonly isMeant: (body: string) => boolean;
};

/** Label and comments of a pull request, each with whether the person behind it may write to the repository. */
export const readStatements = async (
  client: GithubClient,
  { pullRequest, label, labelledBy, isMeant }: StatementsRequest,
): Promise<Written<{ readonly label: LabelFacts; readonly comments: readonly Statement[] }>> => {
  const mayWrite = rightToWrite(client);
  const labels = await everyPage(client, "GET /issues/{issue}/labels", pullRequest);
  if (!labels.ok) return labels;
  const comments = await everyPage(client, "GET /issues/{issue}/comments", pullRequest);
  if (!comments.ok) return comments;
  const set = labels.value.some((one) => textAt(one, "name") === label);
  const by = set ? (labelledBy ?? (await lastLabeller(client, pullRequest, label))) : null;
  const statements: Statement[] = [];
  for (const comment of comments.value) {
    const body = textAt(comment, "body") ?? "";
    const user = jsonAt(comment, "user");
    const login = textAt(user, "login");
    if (login === null || field(user, "type") === "Bot" || !isMeant(body)) continue;
    const at = textAt(comment, "updated_at") ?? textAt(comment, "created_at") ?? "";
    statements.push({ by: login, mayWrite: await mayWrite(login), at, body });
  }
  return {
    ok: true,
    value: { label: { set, by, mayWrite: by !== null && (await mayWrite(by)) }, comments: statements },
  };
};

const PAGE = 100;
/** 2,000 entries of each list. */
const MAX_PAGES = 20;

const everyPage = async (client: GithubClient, route: string, issue: number): Promise<Written<readonly unknown[]>> => {
  const all: unknown[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const reply = await client.request(route, { issue, per_page: PAGE, page });
    if (!reply.ok) return { ok: false, reason: refusalOf(reply) };
    const items: readonly unknown[] = Array.isArray(reply.data) ? reply.data : [];
    all.push(...items);
    if (items.length < PAGE) break;
  }
  return { ok: true, value: all };
};

/** Who set the label last; setting it again after it was taken away counts anew. */
const lastLabeller = async (client: GithubClient, issue: number, label: string): Promise<string | null> => {
  const events = await everyPage(client, "GET /issues/{issue}/events", issue);
  if (!events.ok) return null;
  const last = events.value
    .filter((event) => textAt(event, "event") === "labeled" && textAt(jsonAt(event, "label"), "name") === label)
    .toSorted((a, b) => (numberAt(a, "id") ?? 0) - (numberAt(b, "id") ?? 0))
    .at(-1);
  return textAt(jsonAt(last, "actor"), "login");
};

/** `permission` is admin, write, read or none: GitHub counts maintain as write and triage as read there. */
const rightToWrite = (client: GithubClient): ((login: string) => Promise<boolean>) => {
  const known = new Map<string, Promise<boolean>>();
  const ask = async (login: string): Promise<boolean> => {
    const reply = await client.request("GET /collaborators/{login}/permission", { login });
    return reply.ok && ["admin", "write"].includes(textAt(reply.data, "permission") ?? "");
  };
  return (login) => {
    const asked = known.get(login) ?? ask(login);
    known.set(login, asked);
    return asked;
  };
};
