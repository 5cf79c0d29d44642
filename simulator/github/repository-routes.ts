/** The repository, its history and its pull requests. */
import { jsonAnswer } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import { type Commit, compare, historyOf, resolve } from "./commit-graph.ts";
import type { Pull } from "./model.ts";
import { found, notFound, numberOf, paged, repositoryBody } from "./rest.ts";
import type { GithubState } from "./state.ts";

export const repositoryRoutes = (state: GithubState): readonly Route[] => [
  route("GET /repos/:owner/:repo", () => jsonAnswer(200, repositoryBody(state))),
  route("GET /repos/:owner/:repo/pulls", (call) =>
    paged(call, pullsMatching(state, call), (pulls) => pulls.map((pull) => pullBody(state, pull))),
  ),
  route("GET /repos/:owner/:repo/pulls/:number", (call) => {
    const number = numberOf(call, "number");
    return found(
      state.settings.pulls.find((pull) => pull.number === number),
      (pull) => pullBody(state, pull),
    );
  }),
  route("GET /repos/:owner/:repo/compare/:basehead", (call) => comparison(state, call)),
  route("GET /repos/:owner/:repo/commits", (call) => {
    const from = resolve(state.settings, call.query.get("sha") ?? state.settings.defaultBranch);
    if (from === undefined) return notFound();
    return paged(call, historyOf(state.settings, from), (commits) => commits.map(commitBody));
  }),
  route("GET /repos/:owner/:repo/commits/:ref", (call) =>
    found(resolve(state.settings, call.param("ref")), commitBody),
  ),
  route("GET /repos/:owner/:repo/commits/:sha/pulls", (call) => {
    const commit = resolve(state.settings, call.param("sha"));
    const pulls = pullsWith(state, commit?.sha ?? call.param("sha"));
    return paged(call, pulls, (some) => some.map((pull) => pullBody(state, pull)));
  }),
  route("GET /repos/:owner/:repo/branches/:branch", (call) => {
    const name = call.param("branch");
    return found(resolve(state.settings, state.settings.branches[name] ?? ""), (commit) => ({
      name,
      commit: commitBody(commit),
    }));
  }),
  route("GET /repos/:owner/:repo/collaborators/:user/permission", (call) => {
    const login = call.param("user");
    const permission = state.settings.permissions[login] ?? "none";
    return jsonAnswer(200, { permission, role_name: permission, user: { login } });
  }),
];

function comparison(state: GithubState, call: Call) {
  const [base = "", head = ""] = call.param("basehead").split("...");
  // `owner:branch` names a branch of a fork; forks share the graph here.
  const [baseCommit, headCommit] = [base, head].map((name) => resolve(state.settings, name.replace(/^[^:]*:/, "")));
  if (baseCommit === undefined || headCommit === undefined) return notFound();
  const result = compare(state.settings, baseCommit, headCommit);
  if (result === undefined) return jsonAnswer(404, { message: `No common ancestor between ${base} and ${head}.` });
  const { ahead, behind, mergeBase } = result;
  const sides = `${ahead.length > 0 ? "ahead" : ""}${behind.length > 0 ? "behind" : ""}`;
  return paged(call, ahead, (commits) => ({
    status: sides === "aheadbehind" ? "diverged" : sides === "" ? "identical" : sides,
    ...{ ahead_by: ahead.length, behind_by: behind.length, total_commits: ahead.length },
    base_commit: commitBody(baseCommit),
    merge_base_commit: commitBody(mergeBase),
    commits: commits.map(commitBody),
    files: [],
  }));
}

const commitBody = ({ sha, parents, message = "" }: Commit): unknown => ({
  sha,
  parents: parents.map((parent) => ({ sha: parent })),
  commit: { message },
});

function pullsMatching({ settings }: GithubState, { query }: Call): readonly Pull[] {
  const state = query.get("state") ?? "open";
  const head = query.get("head")?.replace(/^[^:]*:/, "");
  return settings.pulls
    .filter((pull) => state === "all" || (pull.state ?? "open") === state)
    .filter((pull) => head === undefined || pull.head.ref === head)
    .filter((pull) => (query.get("base") ?? pull.base.ref) === pull.base.ref);
}

/** Open and merged pull requests of a commit; once it is on the default branch, only the one that brought it there. */
function pullsWith({ settings }: GithubState, sha: string): readonly Pull[] {
  const historyFrom = (name: string): readonly string[] => {
    const commit = resolve(settings, name);
    return commit === undefined ? [name] : historyOf(settings, commit).map((one) => one.sha);
  };
  const onDefaultBranch = historyFrom(settings.defaultBranch).includes(sha);
  return settings.pulls.filter((pull) => {
    if (pull.merge_commit_sha === sha && pull.merged === true) return true;
    if (onDefaultBranch && pull.merged !== true) return false;
    return historyFrom(pull.head.sha).includes(sha) && !historyFrom(pull.base.sha).includes(sha);
  });
}

function pullBody(state: GithubState, pull: Pull): unknown {
  const labels = state.settings.labels[String(pull.number)] ?? [];
  const head = { ref: pull.head.ref, sha: pull.head.sha, repo: repositoryBody(state, pull.head.repositoryId) };
  return {
    ...{ id: pull.number, number: pull.number, state: pull.state ?? "open", draft: pull.draft ?? false, head },
    base: { ref: pull.base.ref, sha: pull.base.sha, repo: repositoryBody(state) },
    merged: pull.merged ?? false,
    merged_at: pull.merged === true ? "2026-01-01T00:00:00Z" : null,
    merge_commit_sha: pull.merge_commit_sha ?? null,
    labels: labels.map((name) => ({ name })),
    user: { login: pull.login ?? "developer", type: "User" },
    html_url: `https://github.com/${state.settings.repository}/pull/${pull.number}`,
  };
}
