/** Pull requests (`pull-request-simple` in lists and `pull-request` alone of GitHub's description). */
import type { Pull } from "../model.ts";
import type { GithubState } from "../state.ts";
import { API, LONG_AGO, nodeId, WEB } from "./addresses.ts";
import { labelBody } from "./issue-body.ts";
import { repositoryBody } from "./repository-body.ts";
import { userBody } from "./user-body.ts";

/** In a list; `merged` and what needs a look at the commits is told of one alone only. */
export function pullInListBody(state: GithubState, pull: Pull): Record<string, unknown> {
  const { repository } = state.settings;
  const { number } = pull;
  const links = linksOf(`${API}/repos/${repository}`, `${WEB}/${repository}/pull/${number}`, pull);
  const merged = pull.merged === true;
  return {
    ...{ id: number, node_id: nodeId("PR", number), number, state: pull.state ?? "open", draft: pull.draft ?? false },
    ...{ title: `Pull request ${number}`, body: null, locked: false, author_association: "CONTRIBUTOR" },
    ...{ head: sideBody(state, pull.head, pull.head.repositoryId), base: sideBody(state, pull.base) },
    ...{ merged_at: merged ? LONG_AGO : null, closed_at: merged || pull.state === "closed" ? LONG_AGO : null },
    merge_commit_sha: pull.merge_commit_sha ?? null,
    labels: (state.settings.labels[String(number)] ?? []).map((name) => labelBody(state, name)),
    ...{ user: userBody(pull.login ?? "developer"), assignee: null, milestone: null, auto_merge: null },
    ...{ created_at: LONG_AGO, updated_at: LONG_AGO },
    ...urlsOf(links),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  };
}

/** A pull request that is asked for by its number. */
export const pullBody = (state: GithubState, pull: Pull): unknown => ({
  ...pullInListBody(state, pull),
  ...{ merged: pull.merged ?? false, mergeable: true, mergeable_state: "clean", merged_by: null, rebaseable: true },
  ...{ additions: 1, deletions: 1, changed_files: 1, commits: 1, comments: 0, review_comments: 0 },
  maintainer_can_modify: false,
});

type Side = { readonly sha: string; readonly ref: string };

const sideBody = (state: GithubState, { sha, ref }: Side, repositoryId?: number): unknown => {
  const repo = repositoryBody(state, repositoryId);
  const user = userBody(String(repo["full_name"]).split("/")[0] ?? "");
  return { label: `${user.login}:${ref}`, ref, sha, repo, user };
};

type Links = Readonly<Record<string, string>>;

const linksOf = (api: string, html: string, { number, head }: Pull) => ({
  ...{ self: `${api}/pulls/${number}`, html, issue: `${api}/issues/${number}` },
  ...{ comments: `${api}/issues/${number}/comments`, commits: `${api}/pulls/${number}/commits` },
  ...{ review_comments: `${api}/pulls/${number}/comments`, review_comment: `${api}/pulls/comments{/number}` },
  statuses: `${api}/statuses/${head.sha}`,
});

const urlsOf = ({ self = "", html = "", ...links }: Links): Links => ({
  ...{ url: self, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch` },
  ...Object.fromEntries(Object.entries(links).map(([name, href]) => [`${name}_url`, href])),
});
