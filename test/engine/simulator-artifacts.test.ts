import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";

const run = promisify(execFile);
const main = { event: "push", head_branch: "main", head_sha: "a".repeat(40), path: ".github/workflows/gate.yml" };

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  folder = await mkdtemp(join(tmpdir(), "simulator-artifacts-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await simulator.putGithub({ reset: true });
});

const parts = {
  upload: `
    const { id, size, digest } = await client.uploadArtifact(input.name, [input.file], input.root);
    print({ id, size, digest });`,
  list: `
    print((await client.listArtifacts({ ...input })).artifacts.map(({ id, name, size, digest }) => ({ id, name, size, digest })));`,
  download: `
    print(await client.downloadArtifact(input.id, { path: input.root, expectedHash: input.digest, findBy: input.findBy }));`,
} as const;

/** Runs the real toolkit in a process of its own: it reads its addresses from the environment, some only at import. */
async function toolkit(part: keyof typeof parts, runtimeToken: string, input: unknown): Promise<unknown> {
  const script = `
    import { DefaultArtifactClient } from "@actions/artifact";
    const client = new DefaultArtifactClient();
    const input = JSON.parse(process.argv[1]);
    const print = (value) => process.stdout.write("\\nRESULT " + JSON.stringify(value) + "\\n");
    try { ${parts[part]} } catch (error) { print({ error: error.message }); }
    process.exit(0);`;
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    RUNNER_TEMP: folder,
    GITHUB_WORKSPACE: folder,
    GITHUB_REPOSITORY: "octo/shop",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_API_URL: simulator.urls.github,
    ACTIONS_RESULTS_URL: simulator.urls.github,
    ACTIONS_RUNTIME_TOKEN: runtimeToken,
  };
  const args = ["--input-type=module", "-e", script, JSON.stringify(input)];
  const { stdout } = await run(process.execPath, args, { env });
  return JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "null");
}

async function upload(runtimeToken: string, name: string, text: string) {
  const file = join(folder, "run.json");
  await writeFile(file, text);
  return (await toolkit("upload", runtimeToken, { name, file, root: folder })) as { id: number; digest: string };
}

const findBy = (workflowRunId: number) => ({
  findBy: { token: "t", workflowRunId, repositoryOwner: "octo", repositoryName: "shop" },
});
const rest = (path: string) =>
  fetch(`${simulator.urls.github}/repos/octo/shop${path}`, {
    headers: { authorization: "Bearer t" },
    redirect: "manual",
  });

describe("the real @actions/artifact", () => {
  it("uploads in blocks and another run downloads the same bytes", async () => {
    // Twelve megabytes of chance do not compress: the archive is larger than the 8 MB of one block.
    const text = randomBytes(12_000_000).toString("hex");
    const base = await simulator.createRun(main);
    const uploaded = await upload(base.runtimeToken, "gate-run", text);
    const { id } = uploaded;
    const digest = `sha256:${uploaded.digest}`;
    const { requests, artifacts } = await simulator.github();
    expect(requests.filter(({ path }) => path.includes("comp=block&")).length).toBeGreaterThan(1);
    expect(artifacts).toMatchObject([{ id, digest, runId: base.id, name: "gate-run" }]);

    const head = await simulator.createRun({ ...main, event: "pull_request", head_branch: "feature" });
    const listed = await toolkit("list", head.runtimeToken, findBy(base.id));
    expect(listed).toMatchObject([{ id, name: "gate-run", digest }]);
    const got = await toolkit("download", head.runtimeToken, {
      id,
      digest,
      root: join(folder, "got"),
      ...findBy(base.id),
    });
    expect(got).toMatchObject({ digestMismatch: false });
    expect(await readFile(join(folder, "got", "run.json"), "utf8")).toBe(text);
    const fetched = (await simulator.github()).requests.filter(
      ({ method, path }) => method === "GET" && path.startsWith("/blob/"),
    );
    expect(fetched.map(({ authorised, status }) => [authorised, status])).toEqual([[false, 200]]);
  });

  it("lists and downloads within its own run", async () => {
    const { runtimeToken } = await simulator.createRun(main);
    const { id } = await upload(runtimeToken, "one", "first");
    await upload(runtimeToken, "two", "second");
    expect(await toolkit("list", runtimeToken, {})).toHaveLength(2);
    await toolkit("download", runtimeToken, { id, root: join(folder, "own") });
    expect(await readFile(join(folder, "own", "run.json"), "utf8")).toBe("first");
  });

  it("is refused a second artifact of the same name in one run, and allowed it in another", async () => {
    const [one, other] = [await simulator.createRun(main), await simulator.createRun(main)];
    await upload(one.runtimeToken, "gate-run", "1");
    expect(await upload(one.runtimeToken, "gate-run", "2")).toMatchObject({ error: expect.stringContaining("409") });
    expect(await upload(other.runtimeToken, "gate-run", "3")).toMatchObject({ id: expect.any(Number) });
  });

  it("gets over a Results service that fails at first", async () => {
    await simulator.putGithub({ overrides: [{ pathRegex: "CreateArtifact", status: 502, times: 1 }] });
    const { runtimeToken } = await simulator.createRun(main);
    expect(await upload(runtimeToken, "gate-run", "1")).toMatchObject({ id: expect.any(Number) });
  });
});

describe("artifacts over REST", () => {
  it("come newest first by name over all runs, each with the run it is from", async () => {
    const first = await simulator.createRun({ ...main, conclusion: "success" });
    const second = await simulator.createRun({
      ...main,
      head_branch: "fork",
      head_repository_id: 9,
      conclusion: "failure",
    });
    const old = await simulator.createArtifact({ runId: first.id, name: "gate-run", files: { "run.json": "{}" } });
    await simulator.createArtifact({ runId: first.id, name: "other", files: {} });
    const recent = await simulator.createArtifact({ runId: second.id, name: "gate-run", digest: "sha256:bad" });
    const { total_count, artifacts } = (await (await rest("/actions/artifacts?name=gate-run")).json()) as {
      total_count: number;
      artifacts: unknown;
    };
    expect(total_count).toBe(2);
    expect(artifacts).toMatchObject([
      {
        id: recent.id,
        digest: "sha256:bad",
        workflow_run: { id: second.id, repository_id: 4242, head_repository_id: 9, head_branch: "fork" },
      },
      {
        id: old.id,
        size_in_bytes: old.size_in_bytes,
        expired: false,
        workflow_run: { id: first.id, head_repository_id: 4242, head_sha: main.head_sha },
      },
    ]);
  });

  it("are behind a 302, then gone with 410 once expired", async () => {
    const { id: runId } = await simulator.createRun(main);
    const { id } = await simulator.createArtifact({
      runId,
      name: "a",
      contentBase64: Buffer.from("raw").toString("base64"),
    });
    const moved = await rest(`/actions/artifacts/${id}/zip`);
    expect(moved.status).toBe(302);
    const address = moved.headers.get("location") ?? "";
    expect(await (await fetch(address)).text()).toBe("raw");
    expect((await fetch(address.replace(/sig=.*/, "sig=guess"))).status).toBe(403);
    await simulator.expireArtifact(id);
    expect((await rest(`/actions/artifacts/${id}/zip`)).status).toBe(410);
    expect((await rest("/actions/artifacts/1/zip")).status).toBe(404);
  });
});
