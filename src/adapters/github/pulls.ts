import { field, jsonAt, numberAt, textAt } from "./answer.ts";
import { type GithubClient, refusalOf } from "./client.ts";

/** A pull request, as much of it as a run needs. */
export type Pull = {
  readonly number: number;
  readonly open: boolean;
  readonly sha: string;
  readonly branch: string | null;
  readonly baseBranch: string | null;
  /** Its head lives in another repository. */
  readonly fork: boolean;
  /** The commit on the base branch that it became, `null` unless it is merged. */
  readonly mergedAs: string | null;
};

/** An answer, or one clause about why there is none. */
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Pull requests that hold a commit: open and merged ones, only the merged one once it is on the default branch. */
export const pullsOfCommit = (client: GithubClient, sha: string): Promise<Asked<readonly Pull[]>> =>
  listed(client, "GET /commits/{sha}/pulls", { sha, per_page: 100 });

/** Open pull requests of a fork's branch: a fork's commits are often not known under `/commits/{sha}/pulls`. */
export const pullsOfBranch = (
  client: GithubClient,
  { owner, branch }: { readonly owner: string; readonly branch: string },
): Promise<Asked<readonly Pull[]>> =>
  listed(client, "GET /pulls", { state: "open", head: `${owner}:${branch}`, per_page: 100 });

export const pullOfNumber = async (client: GithubClient, number: number): Promise<Asked<Pull>> => {
  const reply = await client.request("GET /pulls/{number}", { number });
  if (!reply.ok) return { ok: false, reason: refusalOf(reply) };
  const pull = pullOf(reply.data);
  return pull === null ? { ok: false, reason: "GitHub's answer is no pull request" } : { ok: true, value: pull };
};

const listed = async (
  client: GithubClient,
  route: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Asked<readonly Pull[]>> => {
  const reply = await client.request(route, parameters);
  if (!reply.ok) return { ok: false, reason: refusalOf(reply) };
  const items = Array.isArray(reply.data) ? reply.data : [];
  return { ok: true, value: items.map(pullOf).filter((pull) => pull !== null) };
};

const pullOf = (item: unknown): Pull | null => {
  const [head, base] = [jsonAt(item, "head"), jsonAt(item, "base")];
  const [number, sha] = [numberAt(item, "number"), textAt(head, "sha")];
  if (number === null || sha === null) return null;
  const home = numberAt(field(head, "repo"), "id");
  return {
    number,
    sha,
    open: textAt(item, "state") === "open",
    branch: textAt(head, "ref"),
    baseBranch: textAt(base, "ref"),
    fork: home === null || home !== numberAt(field(base, "repo"), "id"),
    mergedAs: textAt(item, "merged_at") === null ? null : textAt(item, "merge_commit_sha"),
  };
};
