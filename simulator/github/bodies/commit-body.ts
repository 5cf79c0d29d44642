/** Commits and what lies between two of them (`commit`, `simple-commit`, `commit-comparison` of GitHub's description). */
import type { Commit, Comparison } from "../commit-graph.ts";
import type { GithubState } from "../state.ts";
import { API, LONG_AGO, nodeId, WEB } from "./addresses.ts";
import { userBody } from "./user-body.ts";

const DEVELOPER = { name: "Dev Eloper", email: "developer@example.com" } as const;
const SIGNED_BY_NOBODY = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

export function commitBody({ settings }: GithubState, { sha, parents, message = "" }: Commit): unknown {
  const [api, web] = [`${API}/repos/${settings.repository}`, `${WEB}/${settings.repository}`];
  const placed = (one: string) => ({ sha: one, url: `${api}/commits/${one}`, html_url: `${web}/commit/${one}` });
  const by = { ...DEVELOPER, date: LONG_AGO };
  return {
    ...placed(sha),
    ...{ node_id: nodeId("C", sha), comments_url: `${api}/commits/${sha}/comments` },
    ...{ author: userBody("developer"), committer: userBody("developer") },
    commit: {
      ...{ url: `${api}/git/commits/${sha}`, author: by, committer: by, message, comment_count: 0 },
      ...{ tree: { sha, url: `${api}/git/trees/${sha}` }, verification: SIGNED_BY_NOBODY },
    },
    parents: parents.map(placed),
  };
}

/** As it stands inside a workflow run. */
export const simpleCommitBody = (sha: string, message = ""): unknown => ({
  ...{ id: sha, tree_id: sha, message, timestamp: LONG_AGO, author: DEVELOPER, committer: DEVELOPER },
});

/** `name` as it was asked for, `main...abc`; `shown` are the commits of the page. */
export function comparisonBody(
  state: GithubState,
  it: Comparison & { readonly name: string },
  shown: readonly Commit[],
): unknown {
  const { repository } = state.settings;
  const html_url = `${WEB}/${repository}/compare/${it.name}`;
  const sides = `${it.ahead.length > 0 ? "ahead" : ""}${it.behind.length > 0 ? "behind" : ""}`;
  return {
    ...{ url: `${API}/repos/${repository}/compare/${it.name}`, html_url, permalink_url: html_url },
    ...{ diff_url: `${html_url}.diff`, patch_url: `${html_url}.patch` },
    status: sides === "aheadbehind" ? "diverged" : sides === "" ? "identical" : sides,
    ...{ ahead_by: it.ahead.length, behind_by: it.behind.length, total_commits: it.ahead.length },
    ...{ base_commit: commitBody(state, it.base), merge_base_commit: commitBody(state, it.mergeBase) },
    ...{ commits: shown.map((commit) => commitBody(state, commit)), files: [] },
  };
}
