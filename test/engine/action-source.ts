/** The action from its source or its bundle, as a child process with a runner's files and variables, on the simulator's GitHub. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { CreatedRun, GithubChange } from "../../simulator/control-contract.ts";
import { type ActionOutcome, runAction } from "../../src/entry/demo/action-runner.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { latency, load, outcomes, record, slice, task } from "../unit/record/sample-record.ts";

export const REPOSITORY = {
  id: 4242,
  name: "shop",
  full_name: "octo/shop",
  default_branch: "main",
  owner: { login: "octo" },
};
export const GATE = ".github/workflows/gate.yml";
const hex = (digit: string): string => digit.repeat(40);
export const SHA = { base: hex("b"), head: hex("a"), merge: hex("c") } as const;

export type ActionWorld = {
  readonly simulator: Simulator;
  readonly github: (change?: GithubChange) => Promise<void>;
  /** A finished run of the gate that left its record behind; its number. */
  readonly measured: (some: Partial<Measured>) => Promise<number>;
  readonly action: (started: Started) => Promise<ActionOutcome & { readonly runId: number }>;
  readonly stop: () => Promise<void>;
};

export type Measured = {
  readonly event: string;
  readonly branch: string;
  readonly sha: string;
  readonly repositoryId: number;
  readonly pullRequest: number | null;
  /** Median of the response time in milliseconds. */
  readonly p50: number;
  readonly edit: (record: RunRecord) => unknown;
  readonly workflow: string;
};

export type Started = {
  readonly event: string;
  readonly payload: unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Workflow file of this run. */
  readonly workflow?: string;
  readonly sha?: string;
  readonly ref?: string;
  /** A job of this run, which goes on; without it a run of its own, begun again where the machine was busy. */
  readonly inRun?: CreatedRun;
  readonly env?: Readonly<Record<string, string>>;
};

/** `from: "dist"` runs a copy of the built action, far from the repository; it can send load, the source cannot. */
export const startActionWorld = async (from: "source" | "dist" = "source"): Promise<ActionWorld> => {
  const root = mkdtempSync(join(tmpdir(), `swarmgate-${from}-`));
  const main = from === "dist" ? "dist/index.js" : relative(root, join(process.cwd(), "src/entry/action.ts"));
  if (from === "dist") cpSync("dist", join(root, "dist"), { recursive: true });
  writeFileSync(join(root, "action.yml"), readFileSync("action.yml", "utf8").replace("dist/index.js", main));
  const simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  let jobs = 0;
  return {
    simulator,
    github: async (change = {}) => {
      await simulator.putGithub({ ...repositoryState, reset: true, ...change });
    },
    measured: (some) => storeRun(simulator, { ...ON_BASE, ...some }),
    action: async (started) => {
      const start = () => {
        jobs += 1;
        return startAction(simulator, { root, workDir: join(root, `job-${jobs}`) }, started);
      };
      const first = await start();
      // A machine that is busy with other things makes the product call its own measurement invalid, and rightly so.
      if (started.inRun !== undefined || !first.summary.includes("generator-saturated")) return first;
      const second = await start();
      return { ...second, log: first.log + second.log };
    },
    stop: async () => {
      await simulator.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const repositoryState: GithubChange = {
  repository: "octo/shop",
  repositoryId: REPOSITORY.id,
  commits: [
    { sha: SHA.base, parents: [] },
    { sha: SHA.head, parents: [SHA.base] },
    { sha: SHA.merge, parents: [SHA.base, SHA.head] },
  ],
  branches: { main: SHA.base, faster: SHA.head },
  pulls: [{ number: 7, head: { sha: SHA.head, ref: "faster" }, base: { sha: SHA.base, ref: "main" } }],
};

const ON_BASE: Measured = {
  event: "push",
  branch: "main",
  sha: SHA.base,
  repositoryId: REPOSITORY.id,
  pullRequest: null,
  p50: 20,
  edit: (made) => made,
  workflow: GATE,
};

let made = 0;
const storeRun = async (simulator: Simulator, run: Measured): Promise<number> => {
  const { id } = await simulator.createRun({
    ...{ event: run.event, head_branch: run.branch, head_sha: run.sha, path: run.workflow, conclusion: "failure" },
    head_repository_id: run.repositoryId,
  });
  made += 1;
  const git = {
    ...record().git,
    event: run.event,
    sha: run.sha,
    branch: run.branch,
    pullRequest: run.pullRequest,
    runId: id,
  };
  const sound = record({ id: `stored-${made}`, load: steadyLoad(run.p50), git });
  const files = { "run.json": JSON.stringify(run.edit(sound)) };
  await simulator.createArtifact({ runId: id, name: "swarmgate-gate-run", files });
  return id;
};

/** A thousand calm answers around one median. */
const steadyLoad = (p50: number) => {
  const times = Array.from({ length: 1_000 }, (_, n) => p50 * (0.9 + (0.2 * n) / 999));
  const [response, counts] = [latency(...times), outcomes({ ok: 1_000 })];
  const one = task("GET /orders", { requests: 1_000, outcomes: counts, response, service: response, examples: {} });
  const slices = Array.from({ length: 20 }, (_, second) => slice(second, { ok: 50 }));
  const totals = { ...load().totals, requests: 1_000, outcomes: counts };
  return load({ totals, response, service: response, tasks: [one], slices });
};

const startAction = async (
  simulator: Simulator,
  { root, workDir }: { readonly root: string; readonly workDir: string },
  { event, payload, inputs = {}, workflow = GATE, sha = SHA.base, ref = "refs/heads/main", inRun, env = {} }: Started,
): Promise<ActionOutcome & { readonly runId: number }> => {
  const begun = { event, head_branch: ref.replace("refs/heads/", ""), head_sha: sha, path: workflow };
  const run = inRun ?? (await simulator.createRun(begun));
  const outcome = await runAction({
    actionDir: root,
    workDir,
    inputs,
    event: { name: event, payload },
    token: "ghs_simulated",
    env: {
      ...{ GITHUB_REPOSITORY: "octo/shop", GITHUB_REPOSITORY_ID: String(REPOSITORY.id), GITHUB_JOB: "gate" },
      ...{ GITHUB_RUN_ID: String(run.id), GITHUB_RUN_ATTEMPT: "1", GITHUB_SHA: sha, GITHUB_REF: ref },
      GITHUB_WORKFLOW_REF: `octo/shop/${workflow}@refs/heads/main`,
      ...{ GITHUB_API_URL: simulator.urls.github, ACTIONS_RESULTS_URL: simulator.urls.github },
      ACTIONS_RUNTIME_TOKEN: run.runtimeToken,
      ...env,
    },
  });
  if (inRun === undefined) await simulator.updateRun(run.id, { status: "completed", conclusion: "success" });
  return { ...outcome, runId: run.id };
};
