/** Artifacts as the REST interface shows them: of one run, by name over all runs, and their content behind a 302. */
import { type Answer, jsonAnswer } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import { blobUrl } from "./blob-store.ts";
import { artifactBody } from "./bodies/run-body.ts";
import type { Artifact } from "./model.ts";
import { found, notFound, numberOf, paged } from "./rest.ts";
import type { GithubState } from "./state.ts";

export const artifactRoutes = (state: GithubState): readonly Route[] => [
  route("GET /repos/:owner/:repo/actions/artifacts", (call) => listArtifacts(state, call, state.artifacts)),
  route("GET /repos/:owner/:repo/actions/runs/:id/artifacts", (call) => {
    const runId = numberOf(call, "id");
    if (state.run(runId) === undefined) return notFound();
    return listArtifacts(
      state,
      call,
      state.artifacts.filter((artifact) => artifact.runId === runId),
    );
  }),
  route("GET /repos/:owner/:repo/actions/artifacts/:id", (call) =>
    found(artifactOf(state, call), (artifact) => artifactBody(state, artifact, call.origin)),
  ),
  route("GET /repos/:owner/:repo/actions/artifacts/:id/zip", (call) => content(state, call)),
];

const artifactOf = (state: GithubState, call: Call): Artifact | undefined => {
  const id = numberOf(call, "id");
  return state.artifacts.find((artifact) => artifact.id === id);
};

function listArtifacts(state: GithubState, call: Call, artifacts: readonly Artifact[]): Answer {
  const name = call.query.get("name");
  const matching = artifacts.filter((artifact) => name === null || artifact.name === name).toReversed();
  return paged(call, matching, (some) => ({
    total_count: matching.length,
    artifacts: some.map((artifact) => artifactBody(state, artifact, call.origin)),
  }));
}

function content(state: GithubState, call: Call): Answer {
  if (call.headers.authorization === undefined) return jsonAnswer(401, { message: "Requires authentication" });
  const artifact = artifactOf(state, call);
  if (artifact === undefined) return notFound();
  if (artifact.expired) return jsonAnswer(410, { message: "Artifact has expired" });
  return { status: 302, headers: { location: blobUrl(state, artifact.blobId, call.origin) } };
}
