import { markOutdated } from "../adapters/github/comments.ts";
import { unlessAborted } from "../gate/unless-aborted.ts";
import { commentMarker } from "../report/markdown.ts";
import type { ActionJob } from "./action-job.ts";
import type { Surroundings } from "./surroundings.ts";

type Outdating = {
  /** Does its work beside the run; more than once is once. */
  readonly start: () => void;
  readonly settled: () => Promise<void>;
};

/** Marks the figures of an earlier commit in the comment as outdated while this one is being measured. */
export const outdateComment = (
  { config, token, signal }: ActionJob,
  { client, context, role, log }: Surroundings,
): Outdating => {
  const { pullRequest, sha } = context.git;
  const { comment, commentKey } = config.report;
  let running: Promise<unknown> | null = null;
  const wanted = role.kind === "candidate" && comment !== "never" && !context.fork;
  const mark = async (issue: number, commit: string): Promise<void> => {
    const head = commit.slice(0, 7);
    const marked = await markOutdated(
      { client, issue, token },
      { marker: commentMarker(commentKey), line: `outdated: measuring ${head}`, unless: `head ${head}` },
    );
    if (!marked.ok) log.info(`The comment of the earlier commit was not marked as outdated: ${marked.reason}`);
  };
  return {
    start: () => {
      if (running === null && wanted && pullRequest !== null && sha !== null) running = mark(pullRequest, sha);
    },
    settled: async () => {
      if (running !== null) await unlessAborted(running, signal);
    },
  };
};
