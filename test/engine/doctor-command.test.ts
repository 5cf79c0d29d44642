/** `doctor` as a child process: on what `init` wrote, on a live target, and on every right of the role. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/config/finding.ts";
import { STACKS } from "../../src/config/starter/stacks.ts";
import { type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;
let target: Server;
let url = "";
let folder = "";
beforeAll(async () => {
  world = await startGateWorld();
  target = createServer((request, response) => {
    response.statusCode = request.url === "/healthz" ? 204 : 404;
    response.end();
  });
  await new Promise<void>((done) => target.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/healthz`;
});
afterAll(async () => {
  target.close();
  await world.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarmgate-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Outcome = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

const cli = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [resolve("src/entry/cli.ts"), ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    child.on("close", (code) => done({ code, stdout, stderr }));
  });

const doctor = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const { code, stdout, stderr } = await cli(["doctor", "--json", ...args], env);
  const findings: readonly Finding[] = JSON.parse(stdout).doctor;
  const lines = findings.map(({ level, check, text }) => `${level} ${check}: ${text}`);
  return { code, stderr, lines, trouble: lines.filter((line) => !line.startsWith("ok ")) };
};

/** One core is a warning of its own, and is not what these tests are about. */
const besideCores = (lines: readonly string[]): readonly string[] => lines.filter((line) => !/one core/.test(line));

describe("on what init wrote", () => {
  it.each(STACKS)("%s passes", async (stack) => {
    expect((await cli(["init", "--stack", stack])).code).toBe(0);
    const { code, lines, trouble } = await doctor(["--url", url]);
    expect([code, besideCores(trouble)]).toEqual([0, []]);
    expect(lines.join("\n")).toMatch(
      /ok config: .github\/swarmgate.yml is valid[\s\S]*ok workflow: .*permissions it needs/,
    );
  });

  it("without a URL it says that none was tried, and passes", async () => {
    await cli(["init"]);
    const { code, trouble } = await doctor([]);
    expect([code, besideCores(trouble)]).toEqual([0, ["warn target: No URL is known here, so none was tried."]]);
  });
});

describe("what it finds", () => {
  it("one line each with the mend, for people", async () => {
    const { code, stdout, stderr } = await cli(["doctor", "--url", url]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^(ok|warn|fail) +[a-z]+ +\S.*\.$/);
    expect(stdout).toMatch(/^warn +workflow +No workflow runs swarmgate\. swarmgate init writes one\.$/m);
    expect(stdout).toMatch(/^ok +target +http:\/\/127\.0\.0\.1:\d+\/healthz answers with status 204 after .* s\.$/m);
  });

  it("a target that is not there: exit 1", async () => {
    const { code, trouble } = await doctor(["--url", "http://127.0.0.1:9/"]);
    expect([code, trouble.some((line) => /^fail target: .*connection is refused/.test(line))]).toEqual([1, true]);
    const refused = await doctor(["--url", url, "--ready-path", "/nothing"]);
    expect([refused.code, refused.trouble.some((line) => /status 404/.test(line))]).toEqual([1, true]);
  });

  it("a config file that cannot be read: exit 2 with every problem, and the rest is still looked at", async () => {
    mkdirSync(join(folder, ".github"));
    writeFileSync(join(folder, ".github", "swarmgate.yml"), "load:\n  user: 5\n  run-time: soon\n");
    const { code, trouble, lines } = await doctor([]);
    expect(code).toBe(2);
    expect(trouble.filter((line) => line.startsWith("fail config:"))).toHaveLength(2);
    expect(lines.some((line) => line.includes("open files"))).toBe(true);
    const { stdout } = await cli(["doctor", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "swarmgate.result/v1", verdict: null, gateOpen: false });
  });

  it("more users than this process may have sockets: exit 1 with the number to allow", () => {
    const command = `ulimit -n 200 && exec "$0" "$1" doctor --url ${url} --users 100`;
    const words = ["-c", command, process.execPath, resolve("src/entry/cli.ts")];
    const { status, stdout } = spawnSync("sh", words, { cwd: folder, encoding: "utf8" });
    expect(stdout).toMatch(
      /^fail +machine +100 users need about 250 open files, and 200 are allowed\. Run ulimit -n 250/m,
    );
    expect(status).toBe(1);
  });

  it("is at ease with other people's workflows", async () => {
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
    writeFileSync(join(folder, ".github", "workflows", "other.yml"), "on: [push\njobs: !odd {}\n");
    const { code, trouble } = await doctor(["--url", url]);
    expect([code, besideCores(trouble)]).toEqual([0, ["warn workflow: No workflow runs swarmgate."]]);
  });
});

describe("the rights of the role", () => {
  const withFunction = ["--functions", "orders:live"];
  const aws = (lines: readonly string[]) => lines.filter((line) => / aws:/.test(line));

  it("each is tried with a harmless call, and all of them are fine", async () => {
    const live = await world.deploy("orders", { alias: "live", provisionedConcurrency: 1 });
    await world.simulator.putCloudformation({
      stacks: {
        preview: { outputs: { Url: live }, resources: [{ physicalId: "orders", type: "AWS::Lambda::Function" }] },
      },
    });
    const named = await doctor([...withFunction, "--stack-name", "preview"]);
    expect(aws(named.trouble)).toEqual([]);
    for (const right of RIGHTS) expect(aws(named.lines).join("\n")).toContain(right);
    expect(named.lines.some((line) => /^ok target: .*answers with status 200/.test(line))).toBe(true);
  });

  it.each([
    [
      "cloudwatch:GetMetricData",
      "fail",
      () => world.simulator.putCloudwatch({ denied: true }),
      () => world.simulator.putCloudwatch({ denied: false }),
    ],
    [
      "logs:StartQuery",
      "warn",
      () => world.simulator.putLogs({ deny: ["StartQuery"] }),
      () => world.simulator.putLogs({ deny: [] }),
    ],
    [
      "logs:FilterLogEvents",
      "warn",
      () => world.simulator.putLogs({ deny: ["FilterLogEvents"] }),
      () => world.simulator.putLogs({ deny: [] }),
    ],
    [
      "lambda:GetAlias",
      "warn",
      () => world.simulator.putLambda({ deny: ["GetAlias"] }),
      () => world.simulator.putLambda({ deny: [] }),
    ],
    [
      "lambda:GetFunctionConcurrency",
      "warn",
      () => world.simulator.putLambda({ deny: ["GetFunctionConcurrency"] }),
      () => world.simulator.putLambda({ deny: [] }),
    ],
  ])("without %s: %s", async (right, level, deny, allow) => {
    await world.deploy("orders", { alias: "live", provisionedConcurrency: 1 });
    await deny();
    try {
      const { code, trouble } = await doctor(withFunction);
      expect(aws(trouble)).toHaveLength(1);
      expect(aws(trouble)[0]).toMatch(new RegExp(`^${level} aws: .*${right}`));
      expect(code).toBe(level === "fail" ? 1 : 0);
    } finally {
      await allow();
    }
  });

  it("of containers the service and the metrics are asked for; a service that is not there fails", async () => {
    const container = { cluster: "main", service: "shop", tasks: 2, vcpu: 1, cpuMsPerRequest: 5, memoryPercent: 40 };
    await world.deploy("shop", { container });
    const alone = await doctor(["--ecs", "main/shop"]);
    expect([alone.code, aws(alone.lines)]).toEqual([
      0,
      ["ok aws: ecs:DescribeServices: allowed for main/shop.", "ok aws: cloudwatch:GetMetricData is allowed."],
    ]);
    const unknown = await doctor(["--ecs", "main/nobody"]);
    expect([unknown.code, aws(unknown.trouble)]).toEqual([
      1,
      ["fail aws: ecs:DescribeServices: AWS knows no main/nobody."],
    ]);
    await world.simulator.putEcs({ deny: ["DescribeServices"] });
    const denied = await doctor(["--ecs", "main/shop"]);
    await world.simulator.putEcs({ deny: [] });
    expect([denied.code, aws(denied.trouble)]).toEqual([
      0,
      [expect.stringMatching(/^warn aws: ecs:DescribeServices: main\/shop: .*may not call/)],
    ]);
    const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "" };
    const poor = await doctor(["--ecs", "main/shop"], none);
    expect([poor.code, aws(poor.trouble)]).toEqual([1, ["fail aws: There are no AWS credentials."]]);
  });

  it("of a front end alone the metrics are asked for, and credentials of no use fail", async () => {
    const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "" };
    for (const end of ["rest-api:orders/prod", "http-api:orders", "cloudfront:ABC", "alb"]) {
      const alone = await doctor(["--front-end", end]);
      expect([alone.code, aws(alone.lines)]).toEqual([0, ["ok aws: cloudwatch:GetMetricData is allowed."]]);
      const poor = await doctor(["--front-end", end], none);
      expect([poor.code, aws(poor.trouble)]).toEqual([
        1,
        [expect.stringMatching(/^fail aws: There are no AWS credentials/)],
      ]);
    }
  });

  it("a function that Lambda does not know", async () => {
    const { code, trouble } = await doctor(["--functions", "nobody"]);
    expect([code, aws(trouble).some((line) => /AWS knows no nobody/.test(line))]).toEqual([1, true]);
  });

  it("credentials that are missing end it with one sentence", async () => {
    const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "" };
    const { code, trouble } = await doctor(withFunction, none);
    expect([code, aws(trouble)]).toEqual([1, ["fail aws: There are no AWS credentials."]]);
  });
});

const RIGHTS = [
  "cloudformation:DescribeStacks",
  "cloudformation:ListStackResources",
  "cloudwatch:GetMetricData",
  "lambda:GetFunctionConfiguration",
  "lambda:GetFunctionConcurrency",
  "lambda:GetAlias",
  "lambda:GetProvisionedConcurrencyConfig",
  "lambda:GetAccountSettings",
  "logs:StartQuery",
  "logs:GetQueryResults",
  "logs:FilterLogEvents",
];
