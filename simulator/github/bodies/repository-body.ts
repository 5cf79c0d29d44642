/** A repository as it stands inside other objects (`repository` of GitHub's description). */
import type { GithubState } from "../state.ts";
import { API, LONG_AGO, nodeId, WEB } from "./addresses.ts";
import { userBody } from "./user-body.ts";

const PARTS = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
} as const;

const NOBODY_CARES = {
  ...{ forks: 0, forks_count: 0, open_issues: 0, open_issues_count: 0, stargazers_count: 0, watchers: 0 },
  ...{ watchers_count: 0, size: 108, description: null, homepage: null, language: null, license: null },
  ...{ mirror_url: null, archived: false, disabled: false, has_downloads: true, has_issues: true, has_pages: false },
  ...{ has_projects: true, has_wiki: true, created_at: LONG_AGO, pushed_at: LONG_AGO, updated_at: LONG_AGO },
} as const;

/** Another `id` than the repository's own is a fork. */
export function repositoryBody(state: GithubState, id = state.settings.repositoryId): Record<string, unknown> {
  const { repository, repositoryId, defaultBranch } = state.settings;
  const fork = id !== repositoryId;
  const [owner = "", name = ""] = repository.split("/");
  const login = fork ? "fork-owner" : owner;
  const full_name = `${login}/${name}`;
  const [url, html_url] = [`${API}/repos/${full_name}`, `${WEB}/${full_name}`];
  return {
    ...{ id, node_id: nodeId("R", id), name, full_name, fork, private: false, default_branch: defaultBranch },
    ...{ owner: userBody(login, "User"), url, html_url, clone_url: `${html_url}.git`, svn_url: html_url },
    ...{ git_url: `git://github.com/${full_name}.git`, ssh_url: `git@github.com:${full_name}.git` },
    ...NOBODY_CARES,
    ...Object.fromEntries(Object.entries(PARTS).map(([part, path]) => [part, `${url}${path}`])),
  };
}
