import { textAt } from "./answer.ts";
import type { GithubClient } from "./client.ts";
import type { ActionContext } from "./context.ts";
import { type Asked, type Pull, pullOfNumber, pullsOfBranch, pullsOfCommit } from "./pulls.ts";

/**
 * The context with its pull request looked up, where the event names only a commit or a number. `asked` is the
 * `baseline-branch`. What GitHub does not tell is a warning, and the run goes on without a pull request.
 */
export const resolveContext = async (
  context: ActionContext,
  { client, asked }: { readonly client: GithubClient; readonly asked: string | null },
): Promise<ActionContext> => {
  const { subject, git, fork } = context;
  if (subject.kind === "issue") return await byNumber(context, client, subject.number);
  if (subject.kind !== "commit" || git.sha === null) return context;
  const base = asked ?? git.baseBranch;
  if (!fork && git.branch !== null && git.branch === base) return context;
  const pulls = await candidates(client, git.sha, { owner: subject.owner, branch: git.branch });
  if (!pulls.ok)
    return warned(context, `The pull request of ${short(git.sha)} could not be looked up: ${pulls.reason}.`);
  const open = pulls.value.filter((pull) => pull.open && pull.sha === git.sha && (!fork || pull.fork));
  const chosen = open.find((pull) => pull.baseBranch === base) ?? open[0];
  if (chosen !== undefined) return withPull(context, chosen, open);
  const moved = pulls.value.find((pull) => pull.open);
  if (moved !== undefined)
    return warned(
      context,
      `${short(git.sha)} is not the head of pull request ${moved.number} any more, so nothing is commented.`,
    );
  return fork || git.branch !== null ? context : await onBaseOrNot(context, client, base);
};

/** By the commit, and for a fork also by its branch. */
const candidates = async (
  client: GithubClient,
  sha: string,
  { owner, branch }: { readonly owner: string | null; readonly branch: string | null },
): Promise<Asked<readonly Pull[]>> => {
  const byCommit = await pullsOfCommit(client, sha);
  if (owner === null || branch === null) return byCommit;
  if (byCommit.ok && byCommit.value.some((pull) => pull.open && pull.sha === sha)) return byCommit;
  return await pullsOfBranch(client, { owner, branch });
};

const withPull = (context: ActionContext, pull: Pull, open: readonly Pull[]): ActionContext => {
  const numbers = open.map(({ number }) => number).join(", ");
  const chosen: ActionContext = {
    ...context,
    fork: pull.fork,
    git: { ...context.git, sha: pull.sha, branch: pull.branch, baseBranch: pull.baseBranch, pullRequest: pull.number },
  };
  return open.length < 2
    ? chosen
    : warned(chosen, `${short(pull.sha)} is the head of pull requests ${numbers}: ${pull.number} gets the comment.`);
};

const byNumber = async (context: ActionContext, client: GithubClient, number: number): Promise<ActionContext> => {
  const pull = await pullOfNumber(client, number);
  return pull.ok
    ? withPull(context, pull.value, [pull.value])
    : warned(context, `Pull request ${number} could not be read: ${pull.reason}.`);
};

/** A commit that was deployed without naming its branch: one of the base branch, if it is part of it. */
const onBaseOrNot = async (
  context: ActionContext,
  client: GithubClient,
  base: string | null,
): Promise<ActionContext> => {
  if (base === null) return context;
  const reply = await client.request("GET /compare/{basehead}", {
    basehead: `${base}...${context.git.sha}`,
    per_page: 1,
  });
  const status = reply.ok ? textAt(reply.data, "status") : null;
  const onBase = status === "identical" || status === "behind";
  return onBase ? { ...context, git: { ...context.git, branch: base } } : context;
};

const warned = (context: ActionContext, warning: string): ActionContext => ({
  ...context,
  warnings: [...context.warnings, warning],
});

const short = (sha: string): string => sha.slice(0, 7);
