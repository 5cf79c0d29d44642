/** Workflow runs and artifacts (`workflow-run`, `artifact` of GitHub's description). */
import type { Artifact, Run } from "../model.ts";
import type { GithubState } from "../state.ts";
import { API, nodeId, WEB } from "./addresses.ts";
import { simpleCommitBody } from "./commit-body.ts";
import { repositoryBody } from "./repository-body.ts";
import { userBody } from "./user-body.ts";

const DAY = 86_400_000;
const NINETY_DAYS = 90 * DAY;

export function runBody(state: GithubState, { head_repository_id, ...run }: Run): unknown {
  const { repository } = state.settings;
  const api = `${API}/repos/${repository}/actions`;
  const url = `${api}/runs/${run.id}`;
  const workflow = userBody(run.path).id;
  const actor = userBody("developer");
  return {
    ...run,
    ...{ name: run.path, display_title: run.path, node_id: nodeId("WFR", run.id), run_number: 1, run_attempt: 1 },
    ...{ url, html_url: `${WEB}/${repository}/actions/runs/${run.id}`, pull_requests: [], actor },
    ...{ workflow_id: workflow, workflow_url: `${api}/workflows/${workflow}`, triggering_actor: actor },
    ...{ jobs_url: `${url}/jobs`, logs_url: `${url}/logs`, artifacts_url: `${url}/artifacts` },
    ...{ cancel_url: `${url}/cancel`, rerun_url: `${url}/rerun`, previous_attempt_url: null },
    ...{ check_suite_id: run.id, check_suite_url: `${API}/repos/${repository}/check-suites/${run.id}` },
    ...{ run_started_at: run.created_at, updated_at: run.created_at, head_commit: simpleCommitBody(run.head_sha) },
    ...{ repository: repositoryBody(state), head_repository: repositoryBody(state, head_repository_id) },
  };
}

export function artifactBody(state: GithubState, { runId, blobId: _, ...artifact }: Artifact, origin: string): unknown {
  const run = state.run(runId);
  const url = `${origin}/repos/${state.settings.repository}/actions/artifacts/${artifact.id}`;
  const { head_repository_id, head_branch, head_sha } = run ?? {};
  return {
    ...artifact,
    ...{ node_id: nodeId("A", artifact.id), url, archive_download_url: `${url}/zip`, updated_at: artifact.created_at },
    expires_at: new Date(Date.parse(artifact.created_at) + NINETY_DAYS).toISOString(),
    workflow_run: {
      ...{ id: runId, repository_id: state.settings.repositoryId, head_repository_id, head_branch, head_sha },
    },
  };
}
