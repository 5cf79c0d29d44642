import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import { createGithubClient, type GithubClient } from "../../src/adapters/github/client.ts";
import { markOutdated } from "../../src/adapters/github/comments.ts";
import { type ActionContext, parseContext } from "../../src/adapters/github/context.ts";
import { setOutputs } from "../../src/adapters/github/outputs.ts";
import { githubPublisher } from "../../src/adapters/github/publisher.ts";
import type { Publisher } from "../../src/ports.ts";

const MARKER = "<!-- swarmgate:v1:gate -->";
const sha = (letter: string): string => letter.repeat(40);
const bot = { login: "github-actions[bot]", type: "Bot" } as const;
const mallory = { login: "mallory", type: "User" } as const;
const always = { onlyIfPresent: false };

let simulator: Simulator;
let client: GithubClient;
let folder: string;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  client = createGithubClient({ token: "ghs_x", apiUrl: simulator.urls.github, repository: "octo/shop", retryBase: 1 });
  folder = await mkdtemp(join(tmpdir(), "swarmgate-publish-"));
  // The toolkit writes its progress and, without a file, its outputs to the log.
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await simulator.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  const pulls = [{ number: 7, head: { sha: sha("b"), ref: "feature" }, base: { sha: sha("a"), ref: "main" } }];
  await simulator.putGithub({ reset: true, pulls });
});

const context = (some: Partial<ActionContext["git"]> = {}): ActionContext => {
  const parsed = parseContext(
    { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "octo/shop", GITHUB_RUN_ID: "77" },
    {},
  );
  return { ...parsed, git: { ...parsed.git, sha: sha("b"), pullRequest: 7, ...some } };
};
const publisher = (some: Partial<ActionContext["git"]> = {}, token = "ghs_x"): Publisher =>
  githubPublisher({ client, token, context: context(some), name: "gate", temporary: folder });
const comments = async () => (await simulator.github()).comments.map(({ body, user }) => [user.login, body]);

describe("the comment", () => {
  test("is created once and edited from then on", async () => {
    const first = await publisher().comment(MARKER, `${MARKER}\none`, always);
    const second = await publisher().comment(MARKER, `${MARKER}\ntwo`, always);
    expect(second).toEqual(first);
    expect(await comments()).toEqual([[bot.login, `${MARKER}\ntwo`]]);
  });

  test("gets its marker when the text came without", async () => {
    await publisher().comment(MARKER, "one", always);
    expect(await comments()).toEqual([[bot.login, `${MARKER}\none`]]);
  });

  test("is found on the third page, past a person's copy of the marker", async () => {
    const chatter = Array.from({ length: 220 }, (_, n) => ({ issue: 7, body: `comment ${n}`, user: mallory }));
    const spoof = { issue: 7, body: `${MARKER}\nall is well`, user: mallory };
    await simulator.putGithub({ comments: [spoof, ...chatter, { issue: 7, body: `${MARKER}\nold`, user: bot }] });
    expect(await publisher().comment(MARKER, "new", always)).toMatchObject({ ok: true });
    const all = await comments();
    expect(all).toHaveLength(222);
    expect(all[0]).toEqual(["mallory", `${MARKER}\nall is well`]);
    expect(all.at(-1)).toEqual([bot.login, `${MARKER}\nnew`]);
  });

  test.each([
    ["a person's copy of the marker", { issue: 7, body: `${MARKER}\nx`, user: mallory }],
    [
      "a person with the bot's name",
      { issue: 7, body: `${MARKER}\nx`, user: { login: bot.login, type: "User" as const } },
    ],
    ["another bot", { issue: 7, body: `${MARKER}\nx`, user: { login: "other[bot]", type: "Bot" as const } }],
    ["the marker within a text", { issue: 7, body: `hello ${MARKER}`, user: bot }],
    ["another gate's comment", { issue: 7, body: "<!-- swarmgate:v1:gate2 -->\nx", user: bot }],
  ])("leaves %s alone", async (_, other) => {
    await simulator.putGithub({ comments: [other] });
    await publisher().comment(MARKER, "new", always);
    expect(await comments()).toEqual([
      [other.user.login, other.body],
      [bot.login, `${MARKER}\nnew`],
    ]);
  });

  test.each([
    ["a secondary rate limit", 403, { "retry-after": "2" }],
    ["too many requests", 429, { "retry-after": "1" }],
    ["a spent primary limit", 403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }],
  ])("is written after %s", async (_, status, headers) => {
    const body = { message: "You have exceeded a secondary rate limit." };
    await simulator.putGithub({ overrides: [{ pathRegex: "/comments", status, headers, body, times: 1 }] });
    expect(await publisher().comment(MARKER, "one", always)).toMatchObject({ ok: true });
    expect(await comments()).toHaveLength(1);
  });

  test("is given up when a rate limit does not end", async () => {
    const limit = { pathRegex: "/comments", status: 429, headers: { "retry-after": "50" } };
    await simulator.putGithub({ overrides: [limit] });
    const impatient = createGithubClient({
      ...{ token: "ghs_x", apiUrl: simulator.urls.github, repository: "octo/shop", retryBase: 0.01 },
    });
    const asked = () => impatient.request("GET /issues/{issue}/comments", { issue: 7 });
    expect([await asked(), await asked()]).toMatchObject([{ status: 429 }, { status: 429 }]);
    // Three times, and then once: 120 s of waiting are all that a job has.
    const { requests } = await simulator.github();
    expect(requests.filter(({ path }) => path.includes("/comments"))).toHaveLength(4);
  });

  test("is not written a second time by a token of whom nobody says whose it is", async () => {
    const theirs = { issue: 7, body: `${MARKER}\nold`, user: mallory };
    await simulator.putGithub({ overrides: [{ pathRegex: "^/user$", status: 502 }], comments: [theirs] });
    expect(await publisher({}, "ghp_personal").comment(MARKER, "new", always)).toMatchObject({ ok: false });
    expect(await comments()).toEqual([["mallory", theirs.body]]);
  });

  test("of a person's token is found by that person's name", async () => {
    const overrides = [{ pathRegex: "^/user$", status: 200, body: { login: "mallory" } }];
    await simulator.putGithub({ overrides, comments: [{ issue: 7, body: `${MARKER}\nold`, user: mallory }] });
    await publisher({}, "ghp_personal").comment(MARKER, "new", always);
    expect(await comments()).toEqual([["mallory", `${MARKER}\nnew`]]);
  });

  test("that is only wanted where it is, stays away where it is not", async () => {
    expect(await publisher().comment(MARKER, "new", { onlyIfPresent: true })).toEqual({ ok: true, value: null });
    expect(await comments()).toEqual([]);
  });

  test("of an earlier commit is marked as outdated once, and loses the mark with the new figures", async () => {
    const mark = (line: string) =>
      markOutdated({ client, issue: 7, token: "ghs_x" }, { marker: MARKER, line, unless: "head bbbbbbb" });
    expect(await mark("outdated: measuring bbbbbbb")).toEqual({ ok: true, value: null });
    await publisher().comment(MARKER, `${MARKER}\n### fail\n\nhead aaaaaaa`, always);
    await mark("outdated: measuring 1111111");
    await mark("outdated: measuring bbbbbbb");
    expect(await comments()).toEqual([
      [bot.login, `${MARKER}\n> ⏳ outdated: measuring bbbbbbb\n\n### fail\n\nhead aaaaaaa`],
    ]);
    await publisher().comment(MARKER, `${MARKER}\n### pass\n\nhead bbbbbbb`, always);
    await mark("outdated: measuring bbbbbbb");
    expect(await comments()).toEqual([[bot.login, `${MARKER}\n### pass\n\nhead bbbbbbb`]]);
  });

  test("of somebody else is never marked", async () => {
    const body = `${MARKER}\nhead aaaaaaa`;
    await simulator.putGithub({ comments: [{ issue: 7, body, user: mallory }] });
    await markOutdated({ client, issue: 7, token: "ghs_x" }, { marker: MARKER, line: "x", unless: "y" });
    expect(await comments()).toEqual([["mallory", body]]);
  });

  test("survives a service that fails once", async () => {
    await simulator.putGithub({ overrides: [{ method: "POST", pathRegex: "/comments$", status: 502, times: 1 }] });
    expect(await publisher().comment(MARKER, "new", always)).toMatchObject({ ok: true });
    expect(await comments()).toHaveLength(1);
  });

  test("of a fork's token is a reason, not an exception", async () => {
    await simulator.putGithub({ readOnlyToken: true });
    const written = await publisher().comment(MARKER, "new", always);
    expect(written).toEqual({ ok: false, reason: expect.stringContaining("read-only token") });
  });

  test("needs a pull request", async () => {
    const written = await publisher({ pullRequest: null }).comment(MARKER, "new", always);
    expect(written).toEqual({ ok: false, reason: expect.stringContaining("no pull request") });
  });
});

describe("the commit status", () => {
  test("stands on the head with the gate's name, its text within GitHub's limit", async () => {
    expect(await publisher().status("failure", "x".repeat(300))).toEqual({ ok: true, value: null });
    const [status] = (await simulator.github()).statuses;
    expect(status).toMatchObject({
      ...{ sha: sha("b"), state: "failure", context: "swarmgate/gate" },
      target_url: "https://github.com/octo/shop/actions/runs/77",
    });
    expect(status?.description).toHaveLength(140);
  });

  test("that may not be written is a reason", async () => {
    await simulator.putGithub({ readOnlyToken: true });
    expect(await publisher().status("success", "fine")).toMatchObject({ ok: false });
    expect(await publisher({ sha: null }).status("success", "fine")).toMatchObject({ ok: false });
  });
});

describe("an artifact", () => {
  beforeEach(async () => {
    const run = { event: "push", head_branch: "main", head_sha: sha("b"), path: ".github/workflows/gate.yml" };
    const { runtimeToken } = await simulator.createRun(run);
    vi.stubEnv("ACTIONS_RUNTIME_TOKEN", runtimeToken);
    vi.stubEnv("ACTIONS_RESULTS_URL", simulator.urls.github);
    vi.stubEnv("GITHUB_SERVER_URL", "https://github.com");
  });
  const names = async () => (await simulator.github()).artifacts.map((artifact) => artifact.name);

  test("is stored, and nothing is left on the disk", async () => {
    const written = await publisher().artifact("swarmgate-gate-run", "run.json", '{"a":1}');
    expect(written).toEqual({ ok: true, value: { id: expect.any(Number) } });
    expect(await names()).toEqual(["swarmgate-gate-run"]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("whose name is taken says so with its code", async () => {
    await publisher().artifact("swarmgate-gate-run", "run.json", "1");
    expect(await publisher().artifact("swarmgate-gate-run", "run.json", "2")).toEqual({
      ...{ ok: false, code: "artifact-name-taken" },
      reason: expect.stringContaining("swarmgate-gate-run"),
    });
  });

  test("of an earlier attempt is replaced", async () => {
    await publisher().artifact("swarmgate-gate-run", "run.json", "1");
    expect(await publisher({ runAttempt: 2 }).artifact("swarmgate-gate-run", "run.json", "2")).toMatchObject({
      ok: true,
    });
    expect(await names()).toEqual(["swarmgate-gate-run"]);
  });

  test("without a runner's service is a reason", async () => {
    vi.stubEnv("ACTIONS_RUNTIME_TOKEN", "");
    expect(await publisher().artifact("a", "run.json", "1")).toMatchObject({ ok: false, code: "artifact-not-stored" });
  });
});

describe("the runner's files", () => {
  test("hold the summary, replaced when it is written again", async () => {
    const path = join(folder, "summary.md");
    await writeFile(path, "");
    vi.stubEnv("GITHUB_STEP_SUMMARY", path);
    await publisher().summary("# one");
    expect(await publisher().summary("# two")).toEqual({ ok: true, value: null });
    expect(await readFile(path, "utf8")).toBe("# two\n");
    expect(await publisher().summary("x".repeat(1_048_577))).toMatchObject({ ok: false });
    await rm(path);
  });

  test("hold the outputs, whatever is in them", async () => {
    const path = join(folder, "output");
    await writeFile(path, "");
    vi.stubEnv("GITHUB_OUTPUT", path);
    await setOutputs({ verdict: "fail", metrics: '[{"id":"p95"}]\nsecond', headline: "" });
    expect(await readFile(path, "utf8")).toMatch(
      /^verdict<<(\S+)\nfail\n\1\nmetrics<<(\S+)\n\[.*\]\nsecond\n\2\nheadline<<(\S+)\n\n\3\n$/,
    );
    await rm(path);
  });
});
