/**
 * A GitHub that was written without a look at the product or its simulator: the REST routes, the Results service and the
 * storage behind it, from GitHub's documentation. It fails, refuses and lies on demand, and keeps every request.
 */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const REPOSITORY = "octo-org/shop";
export const REPOSITORY_ID = 9001;
export const WORKFLOW = ".github/workflows/perf.yml";
export const TOKEN = "ghs_0123456789abcdefToken";

type User = { readonly login: string; readonly type: string };
export const BOT: User = { login: "github-actions[bot]", type: "Bot" };

export type FakeComment = { readonly id: number; readonly user: User; body: string };

export type FakeRun = {
  readonly id: number;
  readonly event: string;
  readonly head_branch: string;
  readonly head_sha: string;
  readonly path: string;
  status: string;
  conclusion: string | null;
  readonly head_repository: { readonly id: number } | null;
};

export type FakeArtifact = {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  content: Buffer;
  expired?: boolean;
  /** What the listing claims instead of the truth. */
  size?: number;
  digest?: string | null;
  headRepositoryId?: number;
  /** Answer of the download's first step. */
  status?: number;
};

/** The first `times` requests that match are answered so, once their effect has happened if `after` says so. */
export type Fault = {
  readonly matches: RegExp;
  times: number;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The service does what it was asked for, and its gateway fails. */
  readonly after?: boolean;
  readonly delayMs?: number;
  /** The connection breaks instead. */
  readonly breaks?: boolean;
};

export type Seen = { readonly line: string; readonly body: string; readonly status: number; readonly at: number };

export type FakeGithub = {
  readonly url: string;
  readonly comments: FakeComment[];
  readonly runs: FakeRun[];
  readonly artifacts: FakeArtifact[];
  readonly statuses: unknown[];
  readonly seen: Seen[];
  faults: Fault[];
  /** First-parent line, newest first; the merge base of every pull request is its first. */
  line: string[];
  readonly addRun: (run?: Partial<Omit<FakeRun, "id">>) => FakeRun;
  readonly addArtifact: (artifact: Omit<FakeArtifact, "id">) => FakeArtifact;
  readonly addComment: (user: User, body: string) => FakeComment;
  readonly close: () => Promise<void>;
};

type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };
type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly authorization: string;
};
type Handler = (asked: Asked, match: readonly string[]) => Reply;

export const runtimeToken = (runId: number): string => {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode({ alg: "none" })}.${encode({ scp: `Actions.Results:${runId}:job`, exp: 9_999_999_999 })}.x`;
};

export const startGithub = async (): Promise<FakeGithub> => {
  let lastId = 5000;
  const nextId = (): number => {
    lastId += 1;
    return lastId;
  };
  const server = createServer((request, response) => {
    answer(github, routes, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github: FakeGithub = {
    url,
    comments: [],
    runs: [],
    artifacts: [],
    statuses: [],
    seen: [],
    faults: [],
    line: [],
    addRun: (run = {}) => {
      const added = {
        event: "push",
        head_branch: "main",
        head_sha: github.line[0] ?? "",
        path: WORKFLOW,
        status: "completed",
        conclusion: "success",
        head_repository: { id: REPOSITORY_ID },
        ...run,
        id: nextId(),
      };
      github.runs.push(added);
      return added;
    },
    addArtifact: (artifact) => {
      const added = { ...artifact, id: nextId() };
      github.artifacts.push(added);
      return added;
    },
    addComment: (user, body) => {
      const added = { id: nextId(), user, body };
      github.comments.push(added);
      return added;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const routes = [...restRoutes(github), ...resultsRoutes(github)];
  return github;
};

const answer = async (
  github: FakeGithub,
  routes: readonly (readonly [RegExp, Handler])[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? "/", github.url);
  const line = `${request.method} ${request.url}`;
  const asked: Asked = {
    method: request.method ?? "",
    path: url.pathname,
    query: url.searchParams,
    body: Buffer.concat(chunks),
    authorization: String(request.headers.authorization ?? ""),
  };
  const fault = github.faults.find((one) => one.times > 0 && one.matches.test(line));
  if (fault !== undefined) fault.times -= 1;
  const honest = fault === undefined || fault.after === true ? handle(routes, asked) : null;
  const reply: Reply = fault ?? honest ?? { status: 500 };
  github.seen.push({ line, body: asked.body.toString("latin1"), status: reply.status, at: Date.now() });
  if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  if (fault?.breaks === true) {
    response.destroy();
    return;
  }
  const raw = Buffer.isBuffer(reply.body);
  const body = raw ? (reply.body as Buffer) : Buffer.from(reply.body === undefined ? "" : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    "content-type": raw ? "application/zip" : "application/json; charset=utf-8",
    "content-length": String(body.length),
    ...reply.headers,
  });
  response.end(body);
};

const handle = (routes: readonly (readonly [RegExp, Handler])[], asked: Asked): Reply => {
  for (const [pattern, handler] of routes) {
    const match = pattern.exec(`${asked.method} ${decodeURIComponent(asked.path)}`);
    if (match !== null) return handler(asked, match);
  }
  return notFound;
};

const notFound: Reply = { status: 404, body: { message: "Not Found", documentation_url: "https://docs.github.com" } };

const page = <T>(query: URLSearchParams, all: readonly T[]): readonly T[] => {
  const size = Math.min(100, Number(query.get("per_page") ?? 30));
  const at = (Number(query.get("page") ?? 1) - 1) * size;
  return all.slice(at, at + size);
};

const restRoutes = (github: FakeGithub): readonly (readonly [RegExp, Handler])[] => {
  const repo = `/repos/${REPOSITORY}`;
  const withToken =
    (handler: Handler): Handler =>
    (asked, match) =>
      [`token ${TOKEN}`, `Bearer ${TOKEN}`].includes(asked.authorization)
        ? handler(asked, match)
        : { status: 401, body: { message: "Bad credentials" } };
  const on = (pattern: string, handler: Handler): readonly [RegExp, Handler] => [
    new RegExp(`^${pattern}$`),
    withToken(handler),
  ];
  const textOf = (asked: Asked): string => String((JSON.parse(asked.body.toString("utf8")) as { body: unknown }).body);
  return [
    on("GET /user", () => ({ status: 403, body: { message: "Resource not accessible by integration" } })),
    on(`GET ${repo}/issues/(\\d+)/comments`, ({ query }) => ({ status: 200, body: page(query, github.comments) })),
    on(`POST ${repo}/issues/(\\d+)/comments`, (asked) => ({
      status: 201,
      body: github.addComment(BOT, textOf(asked)),
    })),
    on(`PATCH ${repo}/issues/comments/(\\d+)`, (asked, [, id]) => {
      const comment = github.comments.find((one) => one.id === Number(id));
      if (comment === undefined) return notFound;
      comment.body = textOf(asked);
      return { status: 200, body: comment };
    }),
    on(`POST ${repo}/statuses/([0-9a-f]+)`, (asked) => {
      const status: unknown = JSON.parse(asked.body.toString("utf8"));
      github.statuses.push(status);
      return { status: 201, body: { id: 1, ...(status as object) } };
    }),
    on(`GET ${repo}/compare/(.+)\\.\\.\\.(.+)`, () => ({
      status: 200,
      body: { status: "ahead", merge_base_commit: { sha: github.line[0] }, commits: [], files: [] },
    })),
    on(`GET ${repo}/commits`, ({ query }) => {
      const from = Math.max(0, github.line.indexOf(query.get("sha") ?? ""));
      const commits = github.line
        .slice(from)
        .map((sha, at, all) => ({ sha, parents: all[at + 1] === undefined ? [] : [{ sha: all[at + 1] }] }));
      return { status: 200, body: page(query, commits) };
    }),
    on(`GET ${repo}/actions/workflows/([^/]+)/runs`, ({ query }) => {
      const runs = github.runs
        .filter((run) => run.head_branch === (query.get("branch") ?? run.head_branch))
        .toSorted((a, b) => b.id - a.id)
        .map((run) => ({ ...run, repository: { id: REPOSITORY_ID }, created_at: new Date(run.id).toISOString() }));
      return { status: 200, body: { total_count: runs.length, workflow_runs: page(query, runs) } };
    }),
    on(`GET ${repo}/actions/runs/(\\d+)/artifacts`, ({ query }, [, id]) => {
      const artifacts = github.artifacts
        .filter((one) => one.runId === Number(id) && one.name === (query.get("name") ?? one.name))
        .map((one) => listed(github, one));
      return { status: 200, body: { total_count: artifacts.length, artifacts: page(query, artifacts) } };
    }),
    on(`GET ${repo}/actions/artifacts/(\\d+)/zip`, (_, [, id]) => {
      const artifact = github.artifacts.find((one) => one.id === Number(id));
      if (artifact === undefined) return notFound;
      if (artifact.status !== undefined) return { status: artifact.status, body: { message: "Artifact has expired" } };
      return { status: 302, headers: { location: `${github.url}/store/artifact/${artifact.id}` } };
    }),
    [
      /^GET \/store\/artifact\/(\d+)$/,
      ({ authorization }, [, id]) => {
        if (authorization !== "") return { status: 400, body: { message: "a token came to the storage" } };
        const artifact = github.artifacts.find((one) => one.id === Number(id));
        return artifact === undefined ? notFound : { status: 200, body: artifact.content };
      },
    ],
  ];
};

const listed = (github: FakeGithub, one: FakeArtifact): unknown => {
  const run = github.runs.find(({ id }) => id === one.runId);
  return {
    id: one.id,
    name: one.name,
    size_in_bytes: one.size ?? one.content.length,
    expired: one.expired === true,
    digest: one.digest === undefined ? digestOf(one.content) : one.digest,
    workflow_run: {
      id: one.runId,
      repository_id: REPOSITORY_ID,
      head_repository_id: one.headRepositoryId ?? REPOSITORY_ID,
      head_branch: run?.head_branch,
      head_sha: run?.head_sha,
    },
  };
};

const digestOf = (content: Buffer): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Twirp calls with the runtime token, and uploads as Azure's block blobs take them. */
const resultsRoutes = (github: FakeGithub): readonly (readonly [RegExp, Handler])[] => {
  const uploads = new Map<string, { content: Buffer; readonly blocks: Map<string, Buffer> }>();
  const pending = new Map<string, string>();
  type Body = { readonly workflow_run_backend_id: string; readonly name: string };
  const twirp = (operation: string, handler: (body: Body, runId: number) => Reply): readonly [RegExp, Handler] => [
    new RegExp(`^POST /twirp/github\\.actions\\.results\\.api\\.v1\\.ArtifactService/${operation}$`),
    ({ body, authorization }) => {
      const parsed = JSON.parse(body.toString("utf8")) as Body;
      const runId = Number(parsed.workflow_run_backend_id);
      const known = authorization === `Bearer ${runtimeToken(runId)}`;
      return known
        ? handler(parsed, runId)
        : { status: 401, body: { code: "unauthenticated", msg: "not of this run" } };
    },
  ];
  const find = (runId: number, name: string): number =>
    github.artifacts.findIndex((one) => one.runId === runId && one.name === name);
  return [
    twirp("CreateArtifact", ({ name }, runId) => {
      if (find(runId, name) >= 0)
        return { status: 409, body: { code: "already_exists", msg: "an artifact with this name already exists" } };
      const id = randomUUID();
      uploads.set(id, { content: Buffer.alloc(0), blocks: new Map() });
      pending.set(`${runId}/${name}`, id);
      return { status: 200, body: { ok: true, signed_upload_url: `${github.url}/store/upload/${id}?sig=1` } };
    }),
    twirp("FinalizeArtifact", ({ name }, runId) => {
      const content = uploads.get(pending.get(`${runId}/${name}`) ?? "")?.content;
      if (content === undefined) return { status: 404, body: { code: "not_found", msg: "nothing was uploaded" } };
      // Finalising twice, after an answer that was lost, is one artifact.
      const known = github.artifacts[find(runId, name)];
      const { id } = known ?? github.addArtifact({ runId, name, content });
      return { status: 200, body: { ok: true, artifact_id: String(id) } };
    }),
    twirp("DeleteArtifact", ({ name }, runId) => {
      const at = find(runId, name);
      if (at < 0) return { status: 404, body: { code: "not_found", msg: "no such artifact" } };
      const [gone] = github.artifacts.splice(at, 1);
      return { status: 200, body: { ok: true, artifact_id: String(gone?.id) } };
    }),
    twirp("ListArtifacts", (_, runId) => ({
      status: 200,
      body: {
        artifacts: github.artifacts
          .filter((one) => one.runId === runId)
          .map(({ id, name, content }) => ({
            workflow_run_backend_id: String(runId),
            workflow_job_run_backend_id: "job",
            database_id: String(id),
            name,
            size: String(content.length),
            created_at: new Date().toISOString(),
          })),
      },
    })),
    [
      /^PUT \/store\/upload\/(.+)$/,
      ({ query, body }, [, id]) => {
        const upload = uploads.get(id ?? "");
        if (upload === undefined) return { status: 404 };
        const part = query.get("comp");
        if (part === "block") upload.blocks.set(query.get("blockid") ?? "", body);
        else if (part === "blocklist") {
          const ids = [...body.toString("utf8").matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, block]) => block ?? "");
          upload.content = Buffer.concat(ids.map((one) => upload.blocks.get(one) ?? Buffer.alloc(0)));
        } else upload.content = body;
        const headers = { "x-ms-request-id": randomUUID(), "x-ms-version": "2025-01-05", etag: '"0x1"' };
        return { status: 201, headers: { ...headers, "last-modified": new Date().toUTCString() } };
      },
    ],
  ];
};
