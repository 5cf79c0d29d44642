/** Deployments, their statuses, and the statuses of commits (`deployment`, `deployment-status`, `status`). */
import type { CommitStatus, Deployment, DeploymentStatus } from "../model.ts";
import type { GithubState } from "../state.ts";
import { API, nodeId } from "./addresses.ts";
import { userBody } from "./user-body.ts";

export function deploymentBody({ settings }: GithubState, given: Deployment): unknown {
  const { statuses: _, creator = "vercel[bot]", ...deployment } = given;
  const repository_url = `${API}/repos/${settings.repository}`;
  const url = `${repository_url}/deployments/${deployment.id}`;
  return {
    ...{ ref: deployment.sha, task: "deploy", production_environment: false, transient_environment: false },
    ...deployment,
    ...{ node_id: nodeId("DE", deployment.id), url, repository_url, statuses_url: `${url}/statuses` },
    ...{ creator: userBody(creator), payload: {}, description: null, original_environment: deployment.environment },
    ...{ created_at: timeOf(deployment.id), updated_at: timeOf(deployment.id) },
  };
}

export function deploymentStatusBody(
  { settings }: GithubState,
  deployment: Deployment,
  { status, index }: { readonly status: DeploymentStatus; readonly index: number },
): unknown {
  const id = deployment.id * 100 + index;
  const repository_url = `${API}/repos/${settings.repository}`;
  const deployment_url = `${repository_url}/deployments/${deployment.id}`;
  const at = timeOf(deployment.id, index + 1);
  return {
    ...{ id, node_id: nodeId("DS", id), environment: deployment.environment, repository_url, deployment_url },
    ...{ url: `${deployment_url}/statuses/${id}`, creator: userBody(deployment.creator ?? "vercel[bot]") },
    ...{ description: "", target_url: "", log_url: status.target_url ?? "", environment_url: "" },
    ...status,
    ...{ created_at: at, updated_at: at },
  };
}

export function commitStatusBody({ settings }: GithubState, { sha, ...status }: CommitStatus): Record<string, unknown> {
  const creator = userBody("github-actions[bot]");
  return {
    ...status,
    ...{ node_id: nodeId("SC", status.id), url: `${API}/repos/${settings.repository}/statuses/${sha}` },
    ...{ avatar_url: creator["avatar_url"], creator, updated_at: status.created_at },
  };
}

/** Deployments are settings without a time: their ids order them. Minutes after a fixed start. */
const timeOf = (id: number, minutes = 0): string =>
  new Date(Date.UTC(2026, 0, 1) + (id * 60 + minutes) * 60_000).toISOString();
