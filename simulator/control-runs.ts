/** Control of what GitHub's own machinery would do: workflow runs start and end, artifacts expire. */
import type { CreatedRun, NewArtifact, NewRun, RunChange } from "./control-contract.ts";
import { addArtifact, runtimeToken } from "./github/artifact-service.ts";
import { createBlob } from "./github/blob-store.ts";
import type { Run } from "./github/model.ts";
import type { GithubServer } from "./github-server.ts";
import { type Answer, jsonAnswer, parseJson } from "./local-server.ts";
import { type Call, type Route, route } from "./routes.ts";
import { atLeast, type Checks, flag, object, oneOf, orNull, parsePartial, SettingsError, text } from "./settings.ts";
import { zipOf } from "./zip.ts";

const runStatus = oneOf("queued", "in_progress", "completed");

const newRunChecks: Checks<NewRun> = {
  event: text,
  head_branch: text,
  head_sha: text,
  path: text,
  conclusion: orNull(text),
  status: runStatus,
  head_repository_id: atLeast(1),
};

const runChangeChecks: Checks<RunChange> = { status: runStatus, conclusion: orNull(text) };

const artifactChangeChecks: Checks<{ readonly expired: boolean }> = { expired: flag };

const newArtifactChecks: Checks<NewArtifact> = {
  runId: atLeast(1),
  name: text,
  files: object,
  contentBase64: text,
  expired: flag,
  digest: text,
  size_in_bytes: atLeast(0),
};

export const controlRunRoutes = (github: GithubServer): readonly Route[] => [
  route("POST /control/runs", (call) => jsonAnswer(201, createRun(github, call))),
  route("PATCH /control/runs/:id", (call) => {
    const state = github.state();
    const run = state.run(Number(call.param("id")));
    if (run === undefined) return missing("run", call);
    const changed = { ...run, ...parsePartial(runChangeChecks, parseJson(call.body)) };
    state.runs = state.runs.map((one) => (one === run ? changed : one));
    return jsonAnswer(200, changed);
  }),
  route("POST /control/artifacts", (call) => jsonAnswer(201, createArtifact(github, call))),
  route("PATCH /control/artifacts/:id", (call) => {
    const state = github.state();
    const artifact = state.artifacts.find(({ id }) => id === Number(call.param("id")));
    if (artifact === undefined) return missing("artifact", call);
    const changed = { ...artifact, ...parsePartial(artifactChangeChecks, parseJson(call.body)) };
    state.artifacts = state.artifacts.map((one) => (one === artifact ? changed : one));
    return jsonAnswer(200, changed);
  }),
];

function createRun(github: GithubServer, call: Call): CreatedRun {
  const given = parsePartial(newRunChecks, parseJson(call.body));
  const { event, head_branch, head_sha, path, conclusion = null } = given;
  if (event === undefined || head_branch === undefined || head_sha === undefined || path === undefined) {
    throw new SettingsError("a run needs event, head_branch, head_sha and path");
  }
  const state = github.state();
  const run: Run = {
    id: state.nextId(),
    ...{ event, head_branch, head_sha, path, conclusion },
    status: given.status ?? (conclusion === null ? "in_progress" : "completed"),
    head_repository_id: given.head_repository_id ?? state.settings.repositoryId,
    created_at: new Date().toISOString(),
  };
  state.runs.push(run);
  return { id: run.id, runtimeToken: runtimeToken(run.id) };
}

function createArtifact(github: GithubServer, call: Call): unknown {
  const given = parsePartial(newArtifactChecks, parseJson(call.body));
  const { runId, name, files = {}, contentBase64, ...told } = given;
  const state = github.state();
  if (runId === undefined || name === undefined || state.run(runId) === undefined) {
    throw new SettingsError("an artifact needs the runId of a run and a name");
  }
  const content = contentBase64 === undefined ? zipOf(files) : Buffer.from(contentBase64, "base64");
  return addArtifact(state, { runId, name, blobId: createBlob(state, "application/zip", content), ...told });
}

const missing = (what: string, call: Call): Answer => jsonAnswer(404, { message: `no ${what} ${call.param("id")}` });
