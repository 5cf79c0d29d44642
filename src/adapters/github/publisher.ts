import type { Publisher, Written } from "../../ports.ts";
import { type UploadContext, uploadArtifact } from "./artifacts.ts";
import type { GithubClient } from "./client.ts";
import { upsertComment } from "./comments.ts";
import type { ActionContext } from "./context.ts";
import { writeSummary } from "./outputs.ts";
import { writeStatus } from "./status.ts";

export type PublisherOptions = {
  readonly client: GithubClient;
  readonly token: string;
  readonly context: ActionContext;
  /** The gate's name: its commit status is `swarmgate/<name>`. */
  readonly name: string;
  /** `RUNNER_TEMP`. */
  readonly temporary: string | null;
};

/** Everything a job on GitHub can write beside its own conclusion. */
export const githubPublisher = ({ client, token, context, name, temporary }: PublisherOptions): Publisher => {
  const { pullRequest, sha, runAttempt } = context.git;
  const upload: UploadContext = { temporary, runAttempt };
  return {
    comment: async (marker, body, { onlyIfPresent }) =>
      pullRequest === null
        ? nowhere("This run belongs to no pull request, so there is nothing to comment on.")
        : await upsertComment({ client, issue: pullRequest, token }, { marker, body, onlyIfPresent }),
    summary: writeSummary,
    artifact: (artifact, fileName, content) => uploadArtifact(upload, artifact, { name: fileName, content }),
    status: async (state, description) =>
      sha === null
        ? nowhere("This run belongs to no commit, so there is nothing to put a status on.")
        : await writeStatus(
            { client, sha, context: `swarmgate/${name}`, targetUrl: context.runUrl },
            state,
            description,
          ),
  };
};

const nowhere = (reason: string): Written<never> => ({ ok: false, reason });
