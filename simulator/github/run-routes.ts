/** Workflow runs. */
import { type Call, type Route, route } from "../routes.ts";
import { runBody } from "./bodies/run-body.ts";
import type { Run } from "./model.ts";
import { found, numberOf, paged } from "./rest.ts";
import type { GithubState } from "./state.ts";

export const runRoutes = (state: GithubState): readonly Route[] => [
  route("GET /repos/:owner/:repo/actions/runs", (call) => listRuns(state, call, state.runs)),
  route("GET /repos/:owner/:repo/actions/runs/:id", (call) =>
    found(state.run(numberOf(call, "id")), (run) => runBody(state, run)),
  ),
  route("GET /repos/:owner/:repo/actions/workflows/:file/runs", (call) => {
    const file = call.param("file");
    return listRuns(
      state,
      call,
      state.runs.filter((run) => run.path.split("@")[0]?.split("/").at(-1) === file),
    );
  }),
];

function listRuns(state: GithubState, call: Call, runs: readonly Run[]) {
  const { query } = call;
  const wanted = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
  const status = query.get("status");
  const matching = runs
    .filter(
      (run) => wanted("branch", run.head_branch) && wanted("event", run.event) && wanted("head_sha", run.head_sha),
    )
    .filter((run) => status === null || run.status === status || run.conclusion === status)
    .toReversed();
  return paged(call, matching, (some) => ({
    total_count: matching.length,
    workflow_runs: some.map((run) => runBody(state, run)),
  }));
}
