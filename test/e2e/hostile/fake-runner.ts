/** A runner that knows the documented protocol of JavaScript actions and nothing of the product. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type FakeGithub,
  type FakeRun,
  REPOSITORY,
  REPOSITORY_ID,
  runtimeToken,
  TOKEN,
  WORKFLOW,
} from "./fake-github.ts";

export const BASE_SHA = "b".repeat(40);
export const HEAD_SHA = "d".repeat(40);

/** Decided in seconds, and so calm that a busy machine does not count as a limit of the generator's. */
export const LOAD = {
  users: "30",
  "spawn-rate": "60",
  "run-time": "4s",
  "warm-up": "0s",
  "wait-time": "constant(0)",
  "stop-timeout": "1s",
  workers: "1",
} as const;

/** For runs that are not to be judged. */
export const SHORT = { ...LOAD, users: "4", "run-time": "1s" } as const;

export type Job = {
  readonly event: "push" | "pull_request";
  readonly inputs: Readonly<Record<string, string>>;
  readonly sha?: string;
  readonly branch?: string;
  readonly fork?: boolean;
  readonly attempt?: number;
  /** A run that goes on, such as one that is tried again. */
  readonly run?: FakeRun;
  readonly env?: Readonly<Record<string, string>>;
  /** Files in the workspace, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Cancels the job as soon as `when` holds, asked every 50 ms. */
  readonly cancel?: { readonly signal: NodeJS.Signals; readonly when: (log: string) => boolean };
  /** Over what GitHub would say in the event. */
  readonly payload?: Readonly<Record<string, unknown>>;
};

export type Ended = {
  readonly run: FakeRun;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Milliseconds from the cancel to the end, `null` when nobody cancelled. */
  readonly cancelled: number | null;
  /** The job's folder with everything in it. */
  readonly folder: string;
};

export type Runner = {
  readonly root: string;
  readonly job: (job: Job) => Promise<Ended>;
  readonly cli: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    cancel?: Job["cancel"],
  ) => Promise<CliEnded>;
  readonly close: () => void;
};

export type CliEnded = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

const ATTEMPTS = 3;

/** Starts jobs from a copy of what the repository ships, far from its node_modules. */
export const createRunner = (github: FakeGithub): Runner => {
  const root = mkdtempSync(join(tmpdir(), "hostile-"));
  cpSync("dist", join(root, "dist"), { recursive: true });
  cpSync("action.yml", join(root, "action.yml"));
  let jobs = 0;
  return {
    root,
    job: async (job) => {
      jobs += 1;
      const number = jobs;
      for (let attempt = 1; ; attempt += 1) {
        const ended = await runJob(github, { root, folder: join(root, `job-${number}-${attempt}`) }, job);
        // A busy machine is told so, and rightly: the same again.
        if (attempt === ATTEMPTS || job.cancel !== undefined || !ended.summary.includes("generator-saturated"))
          return ended;
        // As if it had never been: nobody is to wait for it, or to compare with it.
        if (job.run === undefined) github.runs.splice(github.runs.indexOf(ended.run), 1);
      }
    },
    cli: (args, env = {}, cancel) => runCli(root, args, { env, cancel }),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
};

const runJob = async (
  github: FakeGithub,
  { root, folder }: { readonly root: string; readonly folder: string },
  job: Job,
): Promise<Ended> => {
  mkdirSync(join(folder, "workspace"), { recursive: true });
  for (const [path, text] of Object.entries(job.files ?? {})) {
    mkdirSync(join(folder, "workspace", path, ".."), { recursive: true });
    writeFileSync(join(folder, "workspace", path), text);
  }
  const branch = job.branch ?? (job.event === "push" ? "main" : "topic");
  const sha = job.sha ?? (job.event === "push" ? BASE_SHA : HEAD_SHA);
  const run =
    job.run ??
    github.addRun({
      event: job.event,
      head_branch: branch,
      head_sha: sha,
      status: "in_progress",
      conclusion: null,
      ...(job.fork === true && { head_repository: { id: 777 } }),
    });
  const file = (name: string, text = ""): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const payload = {
    ...(job.event === "push" ? pushed(sha, branch) : pulled(sha, branch, job.fork === true)),
    ...job.payload,
  };
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_REPOSITORY_ID: String(REPOSITORY_ID),
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_ATTEMPT: String(job.attempt ?? 1),
    GITHUB_JOB: "gate",
    GITHUB_SHA: sha,
    GITHUB_REF: job.event === "push" ? `refs/heads/${branch}` : "refs/pull/12/merge",
    ...(job.event === "pull_request" && { GITHUB_HEAD_REF: branch, GITHUB_BASE_REF: "main" }),
    GITHUB_WORKFLOW: "perf",
    GITHUB_WORKFLOW_REF: `${REPOSITORY}/${WORKFLOW}@refs/heads/main`,
    GITHUB_EVENT_NAME: job.event,
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(payload)),
    GITHUB_OUTPUT: file("outputs.txt"),
    GITHUB_STEP_SUMMARY: file("summary.md"),
    GITHUB_STATE: file("state.txt"),
    GITHUB_ENV: file("env.txt"),
    GITHUB_PATH: file("path.txt"),
    GITHUB_WORKSPACE: join(folder, "workspace"),
    RUNNER_TEMP: folder,
    RUNNER_OS: "Linux",
    ACTIONS_RESULTS_URL: `${github.url}/`,
    ACTIONS_RUNTIME_TOKEN: runtimeToken(run.id),
    AWS_EC2_METADATA_DISABLED: "true",
    ...job.env,
  };
  for (const [name, value] of Object.entries({ "github-token": TOKEN, ...job.inputs }))
    env[`INPUT_${name.toUpperCase()}`] = value;
  const ended = await new Promise<Pick<Ended, "exitCode" | "signal" | "log" | "cancelled">>((resolve, reject) => {
    const main = join(root, "dist", "index.js");
    const child = spawn(process.execPath, [main], { cwd: join(folder, "workspace"), env });
    let log = "";
    let cancelledAt: number | null = null;
    const take = (chunk: Buffer): void => {
      log += chunk.toString("utf8");
    };
    const watch = setInterval(() => {
      if (job.cancel === undefined || cancelledAt !== null || !job.cancel.when(log)) return;
      cancelledAt = Date.now();
      child.kill(job.cancel.signal);
    }, 50);
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearInterval(watch);
      resolve({ exitCode, signal, log, cancelled: cancelledAt === null ? null : Date.now() - cancelledAt });
    });
  });
  run.status = "completed";
  run.conclusion = ended.exitCode === 0 ? "success" : "failure";
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const outputs = outputsOf(read("outputs.txt"));
  return { ...ended, run, folder, outputs, summary: read("summary.md") };
};

const repository = {
  id: REPOSITORY_ID,
  full_name: REPOSITORY,
  name: "shop",
  owner: { login: "octo-org" },
  default_branch: "main",
};

const pushed = (sha: string, branch: string): object => ({ ref: `refs/heads/${branch}`, after: sha, repository });

const pulled = (sha: string, ref: string, fork: boolean): object => ({
  action: "synchronize",
  number: 12,
  repository,
  pull_request: {
    number: 12,
    state: "open",
    head: { sha, ref, repo: { id: fork ? 777 : REPOSITORY_ID, full_name: fork ? "someone/shop" : REPOSITORY } },
    base: { sha: BASE_SHA, ref: "main", repo: { id: REPOSITORY_ID, full_name: REPOSITORY } },
  },
});

/** `name<<delimiter`, lines, delimiter. */
const outputsOf = (text: string): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (let rest = text; rest !== ""; ) {
    const match = /^([^\n<]+)<<([^\n]+)\n([\s\S]*?)\n?\2\n/.exec(rest);
    if (match === null)
      throw new Error(`outputs are not in the runner's format: ${JSON.stringify(rest.slice(0, 200))}`);
    found[match[1] ?? ""] = match[3] ?? "";
    rest = rest.slice(match[0].length);
  }
  return found;
};

/** Everything that a job has left in its folder, as one text. */
export const everythingIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "event.json")
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");

const runCli = (
  root: string,
  args: readonly string[],
  { env, cancel }: { readonly env: Readonly<Record<string, string>>; readonly cancel: Job["cancel"] | undefined },
): Promise<CliEnded> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...args], {
      cwd: root,
      env: { PATH: process.env["PATH"] ?? "", HOME: root, AWS_EC2_METADATA_DISABLED: "true", ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    child.on("error", reject);
    const watch = setInterval(() => {
      if (cancel?.when(stderr) !== true) return;
      clearInterval(watch);
      child.kill(cancel.signal);
    }, 50);
    child.on("close", (exitCode) => {
      clearInterval(watch);
      resolve({ exitCode, stdout, stderr });
    });
  });
