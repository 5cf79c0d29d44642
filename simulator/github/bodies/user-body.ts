/** An account as it stands inside other objects (`simple-user` of GitHub's description). */
import { API, LONG_AGO, nodeId, WEB } from "./addresses.ts";

const PARTS = {
  followers_url: "/followers",
  following_url: "/following{/other_user}",
  gists_url: "/gists{/gist_id}",
  starred_url: "/starred{/owner}{/repo}",
  subscriptions_url: "/subscriptions",
  organizations_url: "/orgs",
  repos_url: "/repos",
  events_url: "/events{/privacy}",
  received_events_url: "/received_events",
} as const;

export type UserBody = Readonly<Record<string, unknown>> & { readonly login: string; readonly id: number };

export const userBody = (login: string, type: "Bot" | "User" = botOrUser(login)): UserBody => {
  const url = `${API}/users/${encodeURIComponent(login)}`;
  const id = idOf(login);
  return {
    ...{ login, id, node_id: nodeId("U", id), type, site_admin: false, gravatar_id: "" },
    ...{ url, avatar_url: `${WEB}/images/${id}`, html_url: `${WEB}/${encodeURIComponent(login)}` },
    ...Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, `${url}${part}`])),
  };
};

/** The account that a personal token belongs to (`public-user`). */
export const accountBody = (login: string): UserBody => ({
  ...userBody(login, "User"),
  ...{ name: login, company: null, blog: "", location: null, email: null, hireable: null, bio: null },
  ...{ public_repos: 1, public_gists: 0, followers: 0, following: 0, created_at: LONG_AGO, updated_at: LONG_AGO },
});

const botOrUser = (login: string): "Bot" | "User" => (login.endsWith("[bot]") ? "Bot" : "User");

/** The same number for the same name. */
const idOf = (login: string): number =>
  [...login].reduce((id, letter) => (id * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007, 7);
