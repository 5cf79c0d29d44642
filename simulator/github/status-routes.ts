/** Commit statuses and deployments. */
import { jsonAnswer, parseJson } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import type { CommitStatus, Deployment, DeploymentStatus } from "./model.ts";
import { found, notFound, numberOf, paged, unprocessable } from "./rest.ts";
import type { GithubState } from "./state.ts";

const states = ["error", "failure", "pending", "success"];

export const statusRoutes = (state: GithubState): readonly Route[] => [
  route("POST /repos/:owner/:repo/statuses/:sha", (call) => addStatus(state, call)),
  route("GET /repos/:owner/:repo/commits/:sha/statuses", (call) => {
    const sha = call.param("sha");
    return paged(call, state.statuses.filter((status) => status.sha === sha).toReversed(), (statuses) => statuses);
  }),
  route("GET /repos/:owner/:repo/deployments", (call) => {
    const { query } = call;
    const wanted = (name: string, value: string | undefined): boolean => (query.get(name) ?? value) === value;
    const matching = state.settings.deployments
      .filter((one) => wanted("sha", one.sha) && wanted("ref", one.ref ?? one.sha))
      .filter((one) => wanted("environment", one.environment) && wanted("task", one.task ?? "deploy"))
      .toSorted((a, b) => b.id - a.id);
    return paged(call, matching, (deployments) => deployments.map(deploymentBody));
  }),
  route("GET /repos/:owner/:repo/deployments/:id", (call) => found(deploymentOf(state, call), deploymentBody)),
  route("GET /repos/:owner/:repo/deployments/:id/statuses", (call) => {
    const deployment = deploymentOf(state, call);
    if (deployment === undefined) return notFound();
    const newestFirst = (deployment.statuses ?? [])
      .map((one, index) => statusBody(deployment, one, index))
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
  return jsonAnswer(201, { ...status, creator: { login: "github-actions[bot]" } });
}

const deploymentOf = ({ settings }: GithubState, call: Call): Deployment | undefined => {
  const id = numberOf(call, "id");
  return settings.deployments.find((deployment) => deployment.id === id);
};

const deploymentBody = ({ statuses: _, creator = "vercel[bot]", ...deployment }: Deployment): unknown => ({
  ...{ ref: deployment.sha, task: "deploy", production_environment: false, transient_environment: false },
  ...deployment,
  creator: { login: creator },
  ...{ payload: {}, created_at: timeOf(deployment.id), updated_at: timeOf(deployment.id) },
});

const statusBody = (deployment: Deployment, status: DeploymentStatus, index: number): unknown => ({
  id: deployment.id * 100 + index,
  environment: deployment.environment,
  ...{ description: "", target_url: "", log_url: status.target_url ?? "", environment_url: "" },
  ...status,
  created_at: timeOf(deployment.id, index + 1),
});

/** Deployments are settings without a time: their ids order them. Minutes after a fixed start. */
const timeOf = (id: number, minutes = 0): string =>
  new Date(Date.UTC(2026, 0, 1) + (id * 60 + minutes) * 60_000).toISOString();
