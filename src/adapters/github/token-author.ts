import { jsonAt, textAt } from "./answer.ts";
import { type GithubClient, type GithubRefusal, isLost } from "./client.ts";

/** The account that a token writes as. */
export type TokenAuthor = {
  readonly login: string;
  /** GitHub has said so; otherwise it is the account of a job's own token, which nearly every token here is. */
  readonly told: boolean;
};

/**
 * Whose token it is. The token of a GitHub App, and a job's own is one, is refused under REST (`GET /user` is a 403) and is
 * `<app>[bot]` to GraphQL. A server that has no GraphQL is no reason to stay silent. A refusal is returned only when a
 * person's account could not be asked for.
 */
export const tokenAuthor = async (
  client: GithubClient,
  token: string,
): Promise<{ readonly ok: true; readonly author: TokenAuthor } | GithubRefusal> => {
  const account = isOfApp(token) ? null : await client.requestAny("GET /user");
  if (account?.ok === false && isLost(account)) return account;
  const login = account?.ok === true ? textAt(account.data, "login") : await viewerLogin(client);
  return { ok: true, author: login === null ? ACTIONS : { login, told: true } };
};

const ACTIONS: TokenAuthor = { login: "github-actions[bot]", told: false };

/** The prefix of installation tokens, from "GitHub's token formats" in GitHub's documentation. */
const isOfApp = (token: string): boolean => token.startsWith("ghs_");

const viewerLogin = async (client: GithubClient): Promise<string | null> => {
  const reply = await client.graphql("query { viewer { login } }");
  return reply.ok ? textAt(jsonAt(jsonAt(reply.data, "data"), "viewer"), "login") : null;
};
