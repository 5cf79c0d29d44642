import { githubBaseHistory } from "../adapters/github/base-history.ts";
import { createGithubClient, type GithubClient } from "../adapters/github/client.ts";
import { type ActionContext, type Role, roleOf } from "../adapters/github/context.ts";
import { type ActionLog, actionLog, runnerGroups } from "../adapters/github/log.ts";
import { resolveContext } from "../adapters/github/resolve-context.ts";
import type { BaseHistory } from "../ports.ts";
import type { ActionJob } from "./action-job.ts";

/** What every mode needs of GitHub before it starts. */
export type Surroundings = {
  readonly client: GithubClient;
  readonly log: ActionLog;
  /** With its pull request looked up. */
  readonly context: ActionContext;
  readonly role: Role;
  readonly history: BaseHistory;
  /** Tests and some self-hosted servers have no https. */
  readonly allowHttp: boolean;
};

/** Asks GitHub only where the event leaves the pull request open. */
export const surroundingsOf = async ({ config, context: told, token, write }: ActionJob): Promise<Surroundings> => {
  const log = actionLog(write, await runnerGroups());
  const client = createGithubClient({ token, apiUrl: told.apiUrl, repository: told.git.repository ?? "" });
  const asked = config.baseline.branch;
  const context = await resolveContext(told, { client, asked });
  for (const warning of context.warnings) log.warn(warning);
  const role = roleOf(context, asked);
  if (role.kind === "none") log.warn(role.reason);
  const allowHttp = context.apiUrl.startsWith("http:");
  const history = githubBaseHistory({
    client,
    allowHttp,
    headSha: context.git.sha,
    baseBranch: asked ?? context.git.baseBranch,
    onBase: role.kind === "base-run",
    event: context.git.event,
  });
  return { client, log, context, role, history, allowHttp };
};
