/** The Results service (Twirp) that `@actions/artifact` uploads to and lists from. */
import { type Answer, jsonAnswer, parseJson } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import { blobUrl, createBlob, digestOf } from "./blob-store.ts";
import type { Artifact } from "./model.ts";
import type { GithubState } from "./state.ts";

type ServiceBody = {
  readonly workflow_run_backend_id?: string;
  readonly workflow_job_run_backend_id?: string;
  readonly name?: string;
  readonly mime_type?: string;
  readonly size?: string;
  readonly hash?: string;
  readonly name_filter?: string;
  readonly id_filter?: string;
};

/** A token whose scope names the run and job, as the runner gives to an action. Unsigned: nobody verifies it. */
export function runtimeToken(runId: number): string {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const scp = `Actions.ExampleScope Actions.Results:${runId}:${jobOf(runId)}`;
  return `${encode({ alg: "none" })}.${encode({ scp, exp: 9_999_999_999 })}.unsigned`;
}

const jobOf = (runId: number): string => `job-${runId}`;

export function artifactServiceRoutes(state: GithubState): readonly Route[] {
  /** Created, not finalised: not listed yet. By run and name. */
  const pending = new Map<string, string>();
  const twirp = (operation: string, handle: (body: ServiceBody, runId: number, call: Call) => Answer): Route =>
    route(`POST /twirp/github.actions.results.api.v1.ArtifactService/${operation}`, (call) => {
      const body = parseJson(call.body) as ServiceBody;
      const runId = Number(body.workflow_run_backend_id);
      const allowed = call.headers.authorization === `Bearer ${runtimeToken(runId)}` && state.run(runId) !== undefined;
      return allowed ? handle(body, runId, call) : twirpError(401, "unauthenticated", "the token is not of this run");
    });
  const named = (runId: number, name: string | undefined): Artifact | undefined =>
    state.artifacts.find((artifact) => artifact.runId === runId && artifact.name === name);

  return [
    twirp("CreateArtifact", ({ name = "", mime_type = "application/zip" }, runId, call) => {
      const key = `${runId} ${name}`;
      if (pending.has(key) || named(runId, name) !== undefined) {
        return twirpError(409, "already_exists", "an artifact with this name already exists on the workflow run");
      }
      const blobId = createBlob(state, mime_type);
      pending.set(key, blobId);
      return jsonAnswer(200, { ok: true, signed_upload_url: blobUrl(state, blobId, call.origin) });
    }),
    twirp("FinalizeArtifact", ({ name = "", size, hash }, runId) => {
      const blobId = pending.get(`${runId} ${name}`) ?? "";
      const content = state.blobs.get(blobId)?.content;
      if (content === undefined) return twirpError(404, "not_found", `nothing was uploaded as ${name}`);
      if (Number(size) !== content.length || (hash ?? digestOf(content)) !== digestOf(content)) {
        return twirpError(400, "invalid_argument", "size or hash is not that of the upload");
      }
      pending.delete(`${runId} ${name}`);
      const { id } = addArtifact(state, { runId, name, blobId });
      return jsonAnswer(200, { ok: true, artifact_id: String(id) });
    }),
    twirp("ListArtifacts", ({ name_filter, id_filter }, runId) => {
      const matching = state.artifacts
        .filter((artifact) => artifact.runId === runId)
        .filter(({ name }) => name_filter === undefined || name === name_filter)
        .filter(({ id }) => id_filter === undefined || String(id) === id_filter);
      return jsonAnswer(200, { artifacts: matching.map(listedArtifact) });
    }),
    twirp("GetSignedArtifactURL", ({ name }, runId, call) => {
      const artifact = named(runId, name);
      if (artifact === undefined) return twirpError(404, "not_found", `no artifact ${name}`);
      return jsonAnswer(200, { signed_url: blobUrl(state, artifact.blobId, call.origin) });
    }),
    twirp("DeleteArtifact", ({ name }, runId) => {
      const artifact = named(runId, name);
      if (artifact === undefined) return twirpError(404, "not_found", `no artifact ${name}`);
      state.artifacts = state.artifacts.filter((other) => other !== artifact);
      return jsonAnswer(200, { ok: true, artifact_id: String(artifact.id) });
    }),
  ];
}

/** Puts a blob with content into the list of artifacts. */
export function addArtifact(
  state: GithubState,
  given: Pick<Artifact, "runId" | "name" | "blobId"> & Partial<Artifact>,
): Artifact {
  const content = state.blobs.get(given.blobId)?.content ?? Buffer.alloc(0);
  const artifact = {
    id: state.nextId(),
    size_in_bytes: content.length,
    digest: digestOf(content),
    expired: false,
    created_at: new Date().toISOString(),
    ...given,
  };
  state.artifacts.push(artifact);
  return artifact;
}

const listedArtifact = ({ id, runId, name, size_in_bytes, created_at, digest }: Artifact): unknown => ({
  workflow_run_backend_id: String(runId),
  workflow_job_run_backend_id: jobOf(runId),
  database_id: String(id),
  ...{ name, size: String(size_in_bytes), created_at, digest },
});

const twirpError = (status: number, code: string, msg: string): Answer => jsonAnswer(status, { code, msg });
