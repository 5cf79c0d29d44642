/** A job that is cancelled, at any moment: out in seconds, nothing missing, nothing passed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readYaml } from "../../src/config/read-yaml.ts";
import { type FakeGithub, type Fault, startGithub } from "./hostile/fake-github.ts";
import { BASE_SHA, createRunner, type Job, LOAD, type Runner, SHORT } from "./hostile/fake-runner.ts";
import { fine, startTarget, status, type Target } from "./hostile/fake-target.ts";

let github: FakeGithub;
let runner: Runner;
let target: Target;
let aws: Target;
let good = "";
const cloudwatch = { asked: false };
beforeAll(async () => {
  [github, target, aws] = await Promise.all([startGithub(), startTarget(), startTarget()]);
  runner = createRunner(github);
  github.line = [BASE_SHA, "2".repeat(40)];
  const base = await runner.job({ event: "push", inputs: { url: target.url, ...LOAD } });
  good = base.outputs["run-record"] ?? "";
}, 120_000);
beforeEach(() => {
  github.faults = [];
  github.seen.length = 0;
  target.set(fine);
  // Lambda tells nothing of its functions, CloudWatch does not answer at all.
  aws.set((request, response) => {
    if (request.url?.startsWith("/20") === true)
      response.writeHead(403, { "x-amzn-errortype": "AccessDeniedException" }).end("{}");
    else cloudwatch.asked = true;
  });
});
afterAll(async () => {
  runner.close();
  await Promise.all([github.close(), target.close(), aws.close()]);
});

const hangs = (pattern: RegExp): Fault[] => [{ matches: pattern, times: 99, status: 502, delayMs: 30_000 }];
const asked = (pattern: RegExp): boolean => github.seen.some(({ line }) => pattern.test(line));

type Row = {
  readonly job?: Partial<Job>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly before?: () => void;
  readonly when: (log: string) => boolean;
  /** Whether requests of the window were sent. */
  readonly loaded: boolean;
};

const AWS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const isReady = (log: string): boolean => log.includes("is ready after");

const ROWS: Readonly<Record<string, Row>> = {
  "while it waits for the target": {
    before: () => target.set(status(503)),
    when: (log) => log.includes("Waiting for http"),
    loaded: false,
  },
  "while the target takes its time to answer a probe": {
    before: () => target.set(() => {}),
    when: () => target.count() > 0,
    loaded: false,
  },
  "in the warm-up": { inputs: { "warm-up": "30s" }, when: (log) => isReady(log) && target.count() > 6, loaded: false },
  "in the load": { inputs: { "run-time": "60s" }, when: () => target.count() > 150, loaded: true },
  "in the load of a target that hangs": {
    inputs: { "run-time": "60s", "stop-timeout": "30s" },
    before: () => {
      target.set((request, response, count) => {
        if (count < 60) fine(request, response, count);
      });
    },
    when: () => target.count() > 70,
    loaded: true,
  },
  "while it waits for what AWS saw": {
    inputs: { functions: "orders", "aws-region": "eu-west-1", "metrics-timeout": "60s" },
    when: () => cloudwatch.asked,
    loaded: true,
  },
  "while GitHub is asked for a baseline": {
    before: () => {
      github.faults = hangs(/compare/);
    },
    when: () => asked(/compare/),
    loaded: true,
  },
  "while the comment is written": {
    before: () => {
      // A comment that is there would be marked as outdated when the run begins.
      github.comments.length = 0;
      github.faults = hangs(/POST .*comments/);
    },
    when: () => asked(/POST .*comments/),
    loaded: true,
  },
  "while the record is stored": {
    before: () => {
      github.faults = hangs(/twirp/);
    },
    inputs: { "commit-status": "true" },
    // By then the comment and the status of a whole run stand there.
    when: () => asked(/twirp/) && asked(/POST .*statuses/) && asked(/(PATCH|POST) .*comments/),
    loaded: true,
  },
};

describe("a job that is cancelled", () => {
  it.each(Object.entries(ROWS).map(([name, row], at) => [name, row, at % 2 === 0 ? "SIGINT" : "SIGTERM"] as const))(
    "%s",
    async (_, { inputs, before, when, loaded }, signal) => {
      before?.();
      const run = await runner.job({
        event: "pull_request",
        inputs: { url: target.url, ...LOAD, ...inputs },
        env: { ...AWS, AWS_ENDPOINT_URL: new URL(aws.url).origin },
        cancel: { signal, when },
      });
      expect([run.exitCode, run.signal]).toEqual([130, null]);
      expect(run.cancelled).toBeLessThan(8_000);
      expect([run.outputs["verdict"], run.outputs["gate-open"]]).toEqual(["invalid", "false"]);
      expect(run.summary).toMatch(/interrupted|cancelled/);
      expect(run.summary).not.toContain("✅");
      const path = run.outputs["run-record"] ?? "";
      const record = JSON.parse(readFileSync(path, "utf8"));
      expect(record.validity).toMatchObject({ valid: false });
      expect(record.validity.problems.map(({ code }: { code: string }) => code)).toContain("interrupted");
      expect(record.totals.requests > 0).toBe(loaded);
      const compared = await runner.cli(["compare", "--base", good, "--head", path, "--json"]);
      expect([compared.exitCode, JSON.parse(compared.stdout).verdict]).toEqual([3, "invalid"]);
      for (const { body } of github.comments) expect(body).not.toContain("✅");
      for (const last of github.statuses.slice(-1)) expect(last).toMatchObject({ state: "failure" });
    },
  );

  it("before it has done anything", async () => {
    const run = await runner.job({
      event: "push",
      inputs: { url: target.url, ...SHORT },
      cancel: { signal: "SIGTERM", when: (log) => log.includes("::add-mask::") },
    });
    expect([run.exitCode, run.outputs["gate-open"]]).toEqual([130, "false"]);
    expect(run.outputs["verdict"]).toBe("invalid");
  });

  it("on the base branch leaves nothing that a later run is judged by", async () => {
    github.runs.length = 0;
    const cut = await runner.job({
      event: "push",
      inputs: { url: target.url, ...LOAD, "run-time": "60s" },
      cancel: { signal: "SIGINT", when: () => target.count() > 150 },
    });
    expect(cut.exitCode).toBe(130);
    const next = await runner.job({ event: "pull_request", inputs: { url: target.url, ...LOAD } });
    expect([next.exitCode, next.outputs["verdict"], next.outputs["baseline-sha"]]).toEqual([0, "no-baseline", ""]);
  });
});

it("the command line ends the same way", async () => {
  const args = Object.entries({ ...LOAD, "run-time": "60s" }).flatMap(([name, value]) => [`--${name}`, value]);
  const out = join(runner.root, "cut.json");
  const ended = runner.cli(
    ["run", "--url", target.url, ...args, "--out", out, "--baseline", good, "--json"],
    {},
    {
      signal: "SIGINT",
      when: () => target.count() > 150,
    },
  );
  const { exitCode, stdout } = await ended;
  expect(exitCode).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: "invalid", gateOpen: false });
  expect(existsSync(out)).toBe(true);
});

it("the action has no step after the job's own that could hang", () => {
  const action = readYaml(readFileSync("action.yml", "utf8"), "action.yml");
  if (!action.ok) throw new Error("action.yml cannot be read");
  expect((action.value as { runs: object }).runs).toEqual({ using: "node24", main: "dist/index.js" });
});
