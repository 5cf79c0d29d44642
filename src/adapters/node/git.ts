import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Commit and branch of the checkout we stand in; `null` where there is none, or no git. */
export const checkoutFacts = async (): Promise<{ readonly sha: string | null; readonly branch: string | null }> => {
  const [sha, branch] = await Promise.all([git("rev-parse", "HEAD"), git("rev-parse", "--abbrev-ref", "HEAD")]);
  return { sha, branch: branch === "HEAD" ? null : branch };
};

const git = async (...args: readonly string[]): Promise<string | null> => {
  try {
    const { stdout } = await promisify(execFile)("git", args, { timeout: 2_000 });
    return stdout.trim() || null;
  } catch {
    return null;
  }
};
