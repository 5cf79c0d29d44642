import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Commit and branch of the checkout we stand in; `null` where there is none, or no git. */
export const checkoutFacts = async (): Promise<{ readonly sha: string | null; readonly branch: string | null }> => {
  const [sha, branch] = await Promise.all([git("rev-parse", "HEAD"), git("rev-parse", "--abbrev-ref", "HEAD")]);
  return { sha, branch: branch === "HEAD" ? null : branch };
};

/** The root of the checkout we stand in and the branch that pull requests go to, as far as git knows them. */
export const repositoryFacts = async (): Promise<{
  readonly root: string | null;
  readonly baseBranch: string | null;
}> => {
  const [root, remote, main] = await Promise.all([
    git("rev-parse", "--show-toplevel"),
    git("symbolic-ref", "--short", "refs/remotes/origin/HEAD"),
    git("rev-parse", "--abbrev-ref", "HEAD"),
  ]);
  // Without a remote's default branch the present one is a guess that holds for these two names only.
  const present = main === "main" || main === "master" ? main : null;
  return { root, baseBranch: remote?.replace(/^origin\//, "") ?? present };
};

const git = async (...args: readonly string[]): Promise<string | null> => {
  try {
    const { stdout } = await promisify(execFile)("git", args, { timeout: 2_000 });
    return stdout.trim() || null;
  } catch {
    return null;
  }
};
