/** Commit statuses and deployments. */
import { parseJson } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import { commitStatusBody, deploymentBody, deploymentStatusBody } from "./bodies/deployment-body.ts";
import type { CommitStatus, Deployment } from "./model.ts";
import { created, found, notFound, numberOf, paged, unprocessable } from "./rest.ts";
import type { GithubState } from "./state.ts";

const states = ["error", "failure", "pending", "success"];

export const statusRoutes = (state: GithubState): readonly Route[] => [
  route("POST /repos/:owner/:repo/statuses/:sha", (call) => addStatus(state, call)),
  route("GET /repos/:owner/:repo/commits/:sha/statuses", (call) => {
    const sha = call.param("sha");
    return paged(call, state.statuses.filter((status) => status.sha === sha).toReversed(), (statuses) =>
      statuses.map((status) => commitStatusBody(state, status)),
    );
  }),
  route("GET /repos/:owner/:repo/deployments", (call) => {
    const { query } = call;
    const wanted = (name: string, value: string | undefined): boolean => (query.get(name) ?? value) === value;
    const matching = state.settings.deployments
      .filter((one) => wanted("sha", one.sha) && wanted("ref", one.ref ?? one.sha))
      .filter((one) => wanted("environment", one.environment) && wanted("task", one.task ?? "deploy"))
      .toSorted((a, b) => b.id - a.id);
    return paged(call, matching, (deployments) => deployments.map((one) => deploymentBody(state, one)));
  }),
  route("GET /repos/:owner/:repo/deployments/:id", (call) =>
    found(deploymentOf(state, call), (one) => deploymentBody(state, one)),
  ),
  route("GET /repos/:owner/:repo/deployments/:id/statuses", (call) => {
    const deployment = deploymentOf(state, call);
    if (deployment === undefined) return notFound();
    const newestFirst = (deployment.statuses ?? [])
      .map((status, index) => deploymentStatusBody(state, deployment, { status, index }))
      .toReversed();
    return paged(call, newestFirst, (statuses) => statuses);
  }),
];

function addStatus(state: GithubState, call: Call) {
  const given = parseJson(call.body) as Partial<CommitStatus>;
  if (!states.includes(given.state ?? "")) return unprocessable(`state must be one of ${states.join(", ")}`);
  if ((given.description ?? "").length > 140) {
    return unprocessable("Validation Failed", [
      { field: "description", message: "is too long (maximum is 140 characters)" },
    ]);
  }
  const status = {
    id: state.nextId(),
    sha: call.param("sha"),
    state: given.state ?? "",
    context: given.context ?? "default",
    description: given.description ?? null,
    target_url: given.target_url ?? null,
    created_at: new Date().toISOString(),
  };
  state.statuses.push(status);
  return created(commitStatusBody(state, status));
}

const deploymentOf = ({ settings }: GithubState, call: Call): Deployment | undefined => {
  const id = numberOf(call, "id");
  return settings.deployments.find((deployment) => deployment.id === id);
};
