/** What earlier runs stored for a commit or a pull request: its run record, and what was accepted of it. */
import type { ArtifactRead, WorkflowRun } from "../../ports.ts";
import { field, jsonAt, listAt, numberAt, textAt } from "./answer.ts";
import { type ArtifactSource, readArtifact, workflowRunOf } from "./base-history.ts";
import { type GithubClient, refusalOf } from "./client.ts";
import type { Asked } from "./pulls.ts";

/** Completed runs of a workflow for one commit, newest first. */
export const runsOfCommit = async (
  client: GithubClient,
  { sha, workflow }: { readonly sha: string; readonly workflow: string },
): Promise<Asked<readonly WorkflowRun[]>> => {
  const file = workflow.slice(workflow.lastIndexOf("/") + 1);
  const reply = await client.request("GET /actions/workflows/{file}/runs", { file, head_sha: sha, per_page: 100 });
  if (!reply.ok) return { ok: false, reason: refusalOf(reply) };
  const runs = listAt(reply.data, "workflow_runs")
    .map(workflowRunOf)
    .filter((run) => run !== null);
  return { ok: true, value: runs.toSorted((a, b) => b.id - a.id) };
};

/** Runs of this repository, never a fork's, that left an artifact of this name, newest first, at most a hundred. */
export const runsWithArtifact = async (client: GithubClient, artifact: string): Promise<Asked<readonly number[]>> => {
  const reply = await client.request("GET /actions/artifacts", { name: artifact, per_page: 100 });
  if (!reply.ok) return { ok: false, reason: refusalOf(reply) };
  const own = listAt(reply.data, "artifacts").filter((item) => {
    const run = jsonAt(item, "workflow_run");
    const isOurs = numberAt(run, "head_repository_id") === numberAt(run, "repository_id");
    return textAt(item, "name") === artifact && field(item, "expired") !== true && run !== null && isOurs;
  });
  const newestFirst = own.toSorted((a, b) => (numberAt(b, "id") ?? 0) - (numberAt(a, "id") ?? 0));
  const ids = newestFirst.map((item) => numberAt(jsonAt(item, "workflow_run"), "id")).filter((id) => id !== null);
  return { ok: true, value: [...new Set(ids)] };
};

/** The newest artifact of this name in the repository that a run of its own left, whatever run that was. */
export const newestOwn = async (
  source: Omit<ArtifactSource, "foreign">,
  { artifact, file }: { readonly artifact: string; readonly file: string },
): Promise<ArtifactRead> => {
  const runs = await runsWithArtifact(source.client, artifact);
  if (!runs.ok) return { kind: "refused", reason: runs.reason };
  const [runId] = runs.value;
  return runId === undefined
    ? { kind: "absent" }
    : await readArtifact({ ...source, foreign: false }, { runId, artifact, file });
};
