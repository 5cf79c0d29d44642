import type { TargetConfig } from "../config/config.ts";
import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { type EpochMs, epochMs } from "../units.ts";
import type { ReadinessRules } from "./readiness.ts";
import type { CommitRule } from "./ready-commit.ts";

type ReadyTarget = Pick<TargetConfig, "readyPath" | "readyStatus" | "readyCommit" | "readyTimeout">;

/**
 * What "ready" means for this target, from now on. `sha` is the deployed commit, `null` when nobody knows it: then
 * `ready-commit` cannot be kept and is a usage problem.
 */
export const readinessRules = (
  url: string,
  target: ReadyTarget,
  { sha, now }: { readonly sha: string | null; readonly now: EpochMs },
): Parsed<ReadinessRules> => {
  const commit = commitRule(target.readyCommit, sha);
  if (!commit.ok) return commit;
  return parsed({
    url: readyUrl(url, target.readyPath),
    status: target.readyStatus,
    commit: commit.value,
    timeout: target.readyTimeout,
    deadline: epochMs(now + target.readyTimeout),
  });
};

/** The ready path on the target's own origin; a path that looks like another host stays a path. */
export const readyUrl = (url: string, readyPath: string | null): string => {
  if (readyPath === null) return url;
  const ready = new URL(url);
  const [path = "/", ...query] = readyPath.split("#", 1).join("").split("?");
  ready.pathname = path;
  ready.search = query.join("?");
  return ready.href;
};

const commitRule = (readyCommit: TargetConfig["readyCommit"], sha: string | null): Parsed<CommitRule | null> => {
  if (readyCommit === null) return parsed(null);
  if (sha !== null) return parsed({ ...readyCommit, sha });
  return refused([
    usageProblem(
      "missing-value",
      "ready-commit is set, but the commit of this run is not known.",
      "Run it in a git checkout or in GitHub Actions, or leave ready-commit out.",
    ),
  ]);
};
