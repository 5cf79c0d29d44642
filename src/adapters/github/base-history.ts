import type { ArtifactRead, BaseHistory, WorkflowRun } from "../../ports.ts";
import { field, jsonAt, listAt, numberAt, textAt } from "./answer.ts";
import { type GithubClient, type GithubReply, refusalOf } from "./client.ts";
import { downloadBounded, matchesDigest, tooLarge } from "./download.ts";
import { readZipEntry } from "./zip.ts";

const MAX_PACKED = 10 * 1024 * 1024;
const MAX_UNPACKED = 20 * 1024 * 1024;
const RUN_PAGES = 5;
const COMMIT_PAGES = 3;
const PAGE = 100;

export type BaseHistoryOptions = {
  readonly client: GithubClient;
  /** Commit under test; `null` leaves the ancestry unknown. */
  readonly headSha: string | null;
  readonly baseBranch: string | null;
  /** Whether the commit under test is itself on the base branch; its line then starts with itself. */
  readonly onBase: boolean;
  /** Event of this run: after a deployment, the base's own runs are deployments' too, and listed under no branch. */
  readonly event?: string | null;
  /** Where artifacts may be downloaded from beside https: tests and some self-hosted servers use http. */
  readonly allowHttp: boolean;
};

/**
 * The base branch's past as GitHub tells it. `ancestors` and `runs` reject with one sentence when GitHub refuses;
 * an artifact that cannot be had is an answer.
 */
export const githubBaseHistory = (options: BaseHistoryOptions): BaseHistory => ({
  ancestors: (limit) => firstParentLine(options, limit),
  runs: async ({ branch, workflow }) => {
    const ofBranch = await listRuns(options.client, { workflow, filter: { branch }, pages: RUN_PAGES });
    if (options.event !== DEPLOYMENT) return ofBranch;
    const deployed = await listRuns(options.client, { workflow, filter: { event: DEPLOYMENT }, pages: 1 });
    const known = new Set(ofBranch.map(({ id }) => id));
    return [...ofBranch, ...deployed.filter(({ id }) => !known.has(id))];
  },
  artifact: (read) => readArtifact({ ...options, foreign: false }, read),
});

const firstParentLine = async (options: BaseHistoryOptions, limit: number): Promise<readonly string[]> => {
  const start = options.onBase ? options.headSha : await mergeBase(options);
  if (start === null) return [];
  const parents = new Map<string, string | null>();
  const line = [start];
  for (let page = 1; page <= COMMIT_PAGES && line.length < limit; page += 1) {
    const reply = must(await options.client.request("GET /commits", { sha: start, per_page: PAGE, page }));
    const commits = Array.isArray(reply.data) ? reply.data : [];
    for (const commit of commits) {
      const sha = textAt(commit, "sha");
      if (sha !== null) parents.set(sha, textAt(listAt(commit, "parents")[0], "sha"));
    }
    extend(line, parents, limit);
    if (commits.length < PAGE) break;
  }
  return line;
};

/** Follows first parents as far as they are known; a list of commits mixes in those of merged branches. */
const extend = (line: string[], parents: ReadonlyMap<string, string | null>, limit: number): void => {
  for (let next = parents.get(line.at(-1) ?? ""); next && line.length < limit; next = parents.get(next))
    line.push(next);
};

const mergeBase = async ({ client, headSha, baseBranch }: BaseHistoryOptions): Promise<string | null> => {
  if (headSha === null || baseBranch === null) return null;
  const basehead = `${baseBranch}...${headSha}`;
  const reply = must(await client.request("GET /compare/{basehead}", { basehead, per_page: 1 }));
  return textAt(jsonAt(reply.data, "merge_base_commit"), "sha");
};

type RunList = {
  readonly workflow: string;
  readonly filter: Readonly<Record<string, string>>;
  readonly pages: number;
};

const DEPLOYMENT = "deployment_status";

const listRuns = async (
  client: GithubClient,
  { workflow, filter, pages }: RunList,
): Promise<readonly WorkflowRun[]> => {
  const file = workflow.slice(workflow.lastIndexOf("/") + 1);
  const runs: WorkflowRun[] = [];
  for (let page = 1; page <= pages; page += 1) {
    const parameters = { file, ...filter, per_page: PAGE, page, exclude_pull_requests: true };
    const reply = must(await client.request("GET /actions/workflows/{file}/runs", parameters));
    const items = listAt(reply.data, "workflow_runs");
    runs.push(...items.map(workflowRunOf).filter((run) => run !== null));
    if (items.length < PAGE) break;
  }
  return runs;
};

/** A workflow run as GitHub lists it, `null` for anything else. */
export const workflowRunOf = (item: unknown): WorkflowRun | null => {
  const id = numberAt(item, "id");
  const repositoryId = numberAt(jsonAt(item, "repository"), "id");
  const [headSha, path, event] = [textAt(item, "head_sha"), textAt(item, "path"), textAt(item, "event")];
  if (id === null || repositoryId === null || headSha === null || path === null || event === null) return null;
  return {
    id,
    event,
    headSha,
    path,
    repositoryId,
    status: textAt(item, "status") ?? "unknown",
    conclusion: textAt(item, "conclusion"),
    headBranch: textAt(item, "head_branch"),
    headRepositoryId: numberAt(jsonAt(item, "head_repository"), "id"),
    createdAt: textAt(item, "created_at") ?? "",
  };
};

export type ArtifactSource = Pick<BaseHistoryOptions, "client" | "allowHttp"> & {
  /** Takes a fork's artifact too: its content is then nobody's word. */
  readonly foreign: boolean;
};

/** One named file of one named artifact of a run, bounded in size, checked against its digest. */
export const readArtifact = async (
  { client, allowHttp, foreign }: ArtifactSource,
  { runId, artifact, file }: { readonly runId: number; readonly artifact: string; readonly file: string },
): Promise<ArtifactRead> => {
  const listed = await client.request("GET /actions/runs/{run}/artifacts", {
    run: runId,
    name: artifact,
    per_page: PAGE,
  });
  if (!listed.ok) return refused(refusalOf(listed));
  const newest = listAt(listed.data, "artifacts")
    .filter((item) => textAt(item, "name") === artifact && numberAt(item, "id") !== null)
    .toSorted((a, b) => (numberAt(b, "id") ?? 0) - (numberAt(a, "id") ?? 0))[0];
  if (newest === undefined) return { kind: "absent" };
  const reason = reasonAgainst(newest, runId, foreign);
  if (reason !== null) return refused(reason);
  const location = await redirectOf(client, numberAt(newest, "id") ?? 0);
  if (!location.ok) return refused(location.reason);
  if (!isFetchable(location.value, allowHttp)) return refused("GitHub points to an address that is not https");
  const download = await downloadBounded(client, location.value, MAX_PACKED);
  if (download.kind === "refused") return download;
  const digest = textAt(newest, "digest");
  // Artifacts of before 2025 have no digest.
  if (digest !== null && !matchesDigest(download.bytes, digest))
    return refused("its digest is not the one GitHub tells");
  const entry = readZipEntry(download.bytes, file, MAX_UNPACKED);
  // An artifact is there and holds something else: not the same as a run that left none.
  return entry.kind === "absent" ? refused(`its archive holds no ${file}`) : entry;
};

/** Forks share the names of artifacts with us: the artifact itself must say that it is this repository's (GHSA-5xr6-xhww-33m4). */
const reasonAgainst = (item: unknown, runId: number, foreign: boolean): string | null => {
  const run = jsonAt(item, "workflow_run");
  if (field(item, "expired") === true) return "it has expired";
  if (run !== null && numberAt(run, "id") !== runId) return "it belongs to another run";
  if (!foreign && run !== null && numberAt(run, "head_repository_id") !== numberAt(run, "repository_id"))
    return "it comes from another repository (a fork)";
  return (numberAt(item, "size_in_bytes") ?? 0) > MAX_PACKED ? tooLarge(MAX_PACKED) : null;
};

type Location = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: string };

/** GitHub answers with a signed address of another host, good for a minute. */
const redirectOf = async (client: GithubClient, id: number): Promise<Location> => {
  const reply = await client.request("GET /actions/artifacts/{id}/zip", { id });
  if (!reply.ok) return { ok: false, reason: reply.status === 410 ? "it has expired" : refusalOf(reply) };
  const location = reply.headers["location"];
  return location === undefined
    ? { ok: false, reason: `GitHub said ${reply.status} without an address` }
    : { ok: true, value: location };
};

const isFetchable = (location: string, allowHttp: boolean): boolean => {
  const protocol = URL.parse(location)?.protocol;
  return protocol === "https:" || (allowHttp && protocol === "http:");
};

const refused = (reason: string): ArtifactRead => ({ kind: "refused", reason });

const must = (reply: GithubReply): Extract<GithubReply, { readonly ok: true }> => {
  if (reply.ok) return reply;
  throw new Error(refusalOf(reply));
};
