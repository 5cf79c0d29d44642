/** The repository, its history and its pull requests. */
import { jsonAnswer } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import { commitBody, comparisonBody } from "./bodies/commit-body.ts";
import { pullBody, pullInListBody } from "./bodies/pull-body.ts";
import { repositoryBody } from "./bodies/repository-body.ts";
import { userBody } from "./bodies/user-body.ts";
import { compare, historyOf, resolve } from "./commit-graph.ts";
import type { Pull } from "./model.ts";
import { found, notFound, numberOf, paged } from "./rest.ts";
import type { GithubState } from "./state.ts";

export const repositoryRoutes = (state: GithubState): readonly Route[] => [
  route("GET /repos/:owner/:repo", () => jsonAnswer(200, repositoryBody(state))),
  route("GET /repos/:owner/:repo/pulls", (call) =>
    paged(call, pullsMatching(state, call), (pulls) => pulls.map((pull) => pullInListBody(state, pull))),
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
    return paged(call, historyOf(state.settings, from), (commits) =>
      commits.map((commit) => commitBody(state, commit)),
    );
  }),
  route("GET /repos/:owner/:repo/commits/:ref", (call) =>
    found(resolve(state.settings, call.param("ref")), (commit) => commitBody(state, commit)),
  ),
  route("GET /repos/:owner/:repo/commits/:sha/pulls", (call) => {
    const commit = resolve(state.settings, call.param("sha"));
    const pulls = pullsWith(state, commit?.sha ?? call.param("sha"));
    return paged(call, pulls, (some) => some.map((pull) => pullInListBody(state, pull)));
  }),
  route("GET /repos/:owner/:repo/branches/:branch", (call) => {
    const name = call.param("branch");
    return found(resolve(state.settings, state.settings.branches[name] ?? ""), (commit) => ({
      name,
      commit: commitBody(state, commit),
    }));
  }),
  route("GET /repos/:owner/:repo/collaborators/:user/permission", (call) => {
    const login = call.param("user");
    const permission = state.settings.permissions[login] ?? "none";
    return jsonAnswer(200, { permission, role_name: permission, user: { ...userBody(login), role_name: permission } });
  }),
];

function comparison(state: GithubState, call: Call) {
  const [base = "", head = ""] = call.param("basehead").split("...");
  // `owner:branch` names a branch of a fork; forks share the graph here.
  const [baseCommit, headCommit] = [base, head].map((name) => resolve(state.settings, name.replace(/^[^:]*:/, "")));
  if (baseCommit === undefined || headCommit === undefined) return notFound();
  const result = compare(state.settings, baseCommit, headCommit);
  if (result === undefined) return jsonAnswer(404, { message: `No common ancestor between ${base} and ${head}.` });
  const name = `${base}...${head}`;
  return paged(call, result.ahead, (commits) => comparisonBody(state, { ...result, name }, commits));
}

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
