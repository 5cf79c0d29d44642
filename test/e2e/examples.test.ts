/** Every workflow in examples/, played on the simulator: its own events, conditions and inputs, with a smaller load. */
import { globSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GithubChange } from "../../simulator/control-contract.ts";
import type { Pull } from "../../simulator/github/model.ts";
import type { ActionOutcome } from "../../src/entry/demo/action-runner.ts";
import { awsEnvironment } from "../../src/entry/demo/repository.ts";
import { type ActionWorld, REPOSITORY, SHA, startActionWorld } from "../engine/action-source.ts";
import { githubDescription } from "../engine/github-description.ts";
import { covers, rightsFor } from "./github-rights.ts";
import { type Job, readWorkflow, type Use, usesOf } from "./workflow-file.ts";

/** Played by the test of paired mode: it needs two deployments at a time. */
const PLAYED_ELSEWHERE = ["paired-aliases.yml"];
const SECRET = "a-bypass-secret-of-vercel";
const FORK_ID = 666;

let world: ActionWorld;
let url = "";
const description = githubDescription();

beforeAll(async () => {
  world = await startActionWorld("dist");
  const { functionUrl } = await world.simulator.putFunction("orders-preview", { initMs: 0, durationMs: 400 });
  url = `${functionUrl}/orders`;
});
afterAll(() => world.stop());

/** One event of one workflow. */
type Play = {
  readonly file: string;
  /** Name of the file in the repository, where others name it. */
  readonly as?: string;
  readonly event: string;
  readonly payload: () => unknown;
  readonly sha: string;
  readonly ref: string;
  readonly change?: () => GithubChange;
  readonly headRepositoryId?: number;
  /** In the place of what the workflow says. */
  readonly inputs?: () => Readonly<Record<string, string>>;
  readonly verdicts: readonly string[];
  readonly exits?: number;
};

const repo = (id: number) => ({ ...REPOSITORY, id, ...(id === FORK_ID && { full_name: "mallory/shop" }) });
const pullPayload = (some: Readonly<Record<string, unknown>> = {}, home = REPOSITORY.id) => ({
  ...{ action: "synchronize", number: 7, repository: REPOSITORY },
  pull_request: {
    number: 7,
    head: { sha: SHA.head, ref: "faster", repo: repo(home) },
    base: { sha: SHA.base, ref: "main", repo: REPOSITORY },
  },
  ...some,
});
const push = {
  ...{ event: "push", sha: SHA.base, ref: "refs/heads/main" },
  ...{
    payload: () => ({ ref: "refs/heads/main", after: SHA.base, repository: REPOSITORY }),
    verdicts: ["no-baseline"],
  },
} as const;
/** Compared with one run only, the same code passes or cannot be told. */
const FINE = ["pass", "improved", "warn", "inconclusive"];
const pull = {
  ...{ event: "pull_request", sha: SHA.merge, ref: "refs/pull/7/merge" },
  ...{ payload: () => pullPayload(), verdicts: FINE },
} as const;
const deploymentOf = (id: number, sha: string, environment: string) => ({
  ...{ id, sha, environment, statuses: [{ state: "success", environment_url: url } as const] },
});
const stackOf = () => ({
  outputs: { ServiceEndpoint: url },
  resources: [{ logicalId: "Orders", physicalId: "orders-preview", type: "AWS::Lambda::Function" }],
});
const forked: Pull = {
  ...{ number: 7, login: "mallory", base: { sha: SHA.base, ref: "main" } },
  head: { sha: SHA.head, ref: "faster", repositoryId: FORK_ID },
};
const forkRun = (id: number) => ({
  ...{ id, event: "pull_request", head_sha: SHA.head, head_branch: "faster", actor: { login: "mallory" } },
  ...{ path: ".github/workflows/performance.yml", head_repository: { ...repo(FORK_ID), owner: { login: "mallory" } } },
});
const queueRef = `refs/heads/gh-readonly-queue/main/pr-7-${SHA.base}`;
let lastRun = 0;

const CHAINS: readonly (readonly [string, readonly Play[]])[] = [
  [
    "the first workflow",
    [
      { file: "pull-request.yml", ...push },
      { file: "pull-request.yml", ...pull },
    ],
  ],
  [
    "without AWS",
    [
      { file: "client-side-only.yml", ...push },
      { file: "client-side-only.yml", ...pull },
    ],
  ],
  [
    "a Vercel preview",
    [
      {
        ...{
          file: "vercel-preview.yml",
          event: "deployment_status",
          sha: SHA.head,
          ref: "",
          verdicts: ["no-baseline"],
        },
        payload: () => ({
          deployment: { id: 5, sha: SHA.head, ref: SHA.head, environment: "Preview", production_environment: false },
          ...{ deployment_status: { state: "success", environment_url: url }, repository: REPOSITORY },
        }),
      },
    ],
  ],
  [
    "a preview environment",
    [
      {
        ...{ file: "preview-environment.yml", ...push },
        change: () => ({
          deployments: [deploymentOf(5, SHA.base, "staging"), deploymentOf(6, SHA.head, "deploy-preview")],
        }),
      },
      { file: "preview-environment.yml", ...pull },
    ],
  ],
  [
    "a stack for every pull request",
    [
      { file: "stack-per-pull-request.yml", ...push },
      { file: "stack-per-pull-request.yml", ...pull },
    ],
  ],
  [
    "the Serverless Framework",
    [
      { file: "serverless-framework.yml", ...push },
      { file: "serverless-framework.yml", ...pull },
    ],
  ],
  ["four shards", [{ file: "shards.yml", ...pull, verdicts: ["no-baseline"] }]],
  [
    "a merge queue",
    [
      { file: "merge-queue.yml", ...push },
      {
        ...{ file: "merge-queue.yml", event: "merge_group", sha: SHA.merge, ref: queueRef, verdicts: FINE },
        payload: () => ({
          ...{ action: "checks_requested", repository: REPOSITORY },
          merge_group: { head_sha: SHA.merge, head_ref: queueRef, base_ref: "refs/heads/main", base_sha: SHA.base },
        }),
      },
    ],
  ],
  [
    "a fork and the report about it",
    [
      { file: "forks-measure.yml", as: "performance.yml", ...push, inputs: () => ({ url }) },
      {
        ...{ file: "forks-measure.yml", as: "performance.yml", ...pull, inputs: () => ({ url }) },
        ...{ payload: () => pullPayload({}, FORK_ID), headRepositoryId: FORK_ID },
        change: () => ({ pulls: [forked], readOnlyToken: true }),
      },
      {
        ...{ file: "forks-report.yml", event: "workflow_run", sha: SHA.base, ref: "refs/heads/main", verdicts: FINE },
        payload: () => ({ action: "completed", workflow_run: forkRun(lastRun), repository: REPOSITORY }),
        change: () => ({ readOnlyToken: false }),
      },
    ],
  ],
  [
    "a regression that is accepted",
    [
      {
        ...{ file: "accept-regression.yml", ...pull, verdicts: ["fail"] },
        payload: () => pullPayload({ action: "labeled", label: { name: "perf-accepted" }, sender: { login: "bob" } }),
      },
    ],
  ],
];

/** A load that is decided in seconds, where the workflow sends one. */
const smaller = ({ mode = "gate" }: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...((mode === "gate" || mode === "shard") && {
    ...{ users: "60", "spawn-rate": "120", "run-time": "4s", "warm-up": "0s", "wait-time": "constant(0.05)" },
    "ready-timeout": "20s",
  }),
  ...((mode === "gate" || mode === "merge") && { "metrics-timeout": "4s" }),
});

const jobsPlayed = new Map<string, { readonly job: Job; readonly rights: Set<string> }>();

/** The uses of one job at a time; those of a matrix together. */
const playJobs = async (play: Play, payload: unknown, uses: readonly Use[]): Promise<readonly ActionOutcome[]> => {
  const workflow = `.github/workflows/${play.as ?? play.file}`;
  const run = await world.simulator.createRun({
    ...{ event: play.event, head_branch: play.ref.replace("refs/heads/", ""), head_sha: play.sha, path: workflow },
    ...(play.headRepositoryId !== undefined && { head_repository_id: play.headRepositoryId }),
  });
  lastRun = run.id;
  const outcomes: ActionOutcome[] = [];
  for (const id of new Set(uses.map(({ job }) => job.id))) {
    const before = (await world.simulator.exchanges()).length;
    const together = uses.filter(({ job }) => job.id === id);
    const begin = ({ inputs }: Use) =>
      world.action({
        ...{ event: play.event, payload, sha: play.sha, ref: play.ref, workflow, inRun: run },
        inputs: { ...inputs, ...smaller(inputs), ...play.inputs?.() },
        env: { GITHUB_JOB: id, ...awsEnvironment(world.simulator) },
      });
    outcomes.push(...(await Promise.all(together.map(begin))));
    const exchanges = (await world.simulator.exchanges()).slice(before);
    expect(exchanges.flatMap((one) => description.problemsOf(one))).toEqual([]);
    const [first] = together;
    const known = jobsPlayed.get(`${play.file} ${id}`) ?? { job: first?.job ?? NO_JOB, rights: new Set<string>() };
    for (const right of rightsFor(exchanges)) known.rights.add(right);
    jobsPlayed.set(`${play.file} ${id}`, known);
  }
  await world.simulator.updateRun(run.id, { status: "completed", conclusion: "success" });
  return outcomes;
};
const NO_JOB: Job = { id: "", permissions: {}, steps: [] };

const ATTEMPTS = 3;

/** Again where the machine was busy with other things, which makes the product call its own measurement invalid. */
const playEvent = async (play: Play): Promise<readonly ActionOutcome[]> => {
  // Told before the run that it starts, which is the last one from then on.
  const payload = play.payload();
  const contexts = {
    github: { event: payload, event_name: play.event, ref: play.ref, repository: REPOSITORY.full_name },
    vars: { PREVIEW_URL: url, AWS_ROLE: "arn:aws:iam::123456789012:role/gate" },
    secrets: { VERCEL_AUTOMATION_BYPASS_SECRET: SECRET },
    steps: { deploy: { outputs: { url } } },
  };
  const workflow = readWorkflow(`examples/${play.file}`);
  expect(workflow.events).toContain(play.event);
  const uses = usesOf(workflow, contexts);
  expect(uses.length).toBeGreaterThan(0);
  if (play.change !== undefined) await world.simulator.putGithub(play.change());
  for (let attempt = 1; ; attempt += 1) {
    // CloudWatch counts by the minute: an earlier load in it would be foreign traffic.
    await world.simulator.resetFunction("orders-preview");
    const outcomes = await playJobs(play, payload, uses);
    if (attempt === ATTEMPTS || !outcomes.some(({ summary }) => summary.includes("generator-saturated")))
      return outcomes;
  }
};

/** What the chains find: stacks, a measured regression that was accepted, and nobody's comment yet. */
const prepare = async (): Promise<void> => {
  await world.github({ keepExchanges: true, permissions: { bob: "admin", alice: "write" } });
  const names = ["orders-main", "orders-7", "orders-pr-7"];
  await world.simulator.putCloudformation({ stacks: Object.fromEntries(names.map((name) => [name, stackOf()])) });
};
const measuredRegression = async (): Promise<void> => {
  const workflow = ".github/workflows/performance.yml";
  await world.measured({ workflow, p50: 20 });
  const change = { event: "pull_request", branch: "faster", sha: SHA.head, pullRequest: 7 };
  await world.measured({ workflow, ...change, p50: 400 });
  await world.simulator.putGithub({
    labels: { "7": ["perf-accepted"] },
    comments: [{ issue: 7, body: "Perf-Accept: p50 because it reads more", user: { login: "alice", type: "User" } }],
  });
};

describe.each(CHAINS)("%s", (title, plays) => {
  test("runs as it stands in examples/", async () => {
    await prepare();
    if (title.includes("accepted")) await measuredRegression();
    for (const play of plays) {
      const outcomes = await playEvent(play);
      const last = outcomes.at(-1);
      expect(play.verdicts, last?.log).toContain(last?.outputs["verdict"]);
      expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(outcomes.map(() => 0));
      expect(outcomes.map(({ log }) => log.replaceAll(`::add-mask::${SECRET}`, "")).join()).not.toContain(SECRET);
    }
    const { comments } = await world.simulator.github();
    const ours = comments.filter(({ user }) => user.type === "Bot");
    expect(ours).toHaveLength(plays.every(({ event }) => event === "push") ? 0 : 1);
  });
});

describe("the examples", () => {
  test("have all been played", () => {
    const files = globSync("examples/*.yml").map((path) => basename(path));
    const played = [...jobsPlayed.keys()].map((key) => key.split(" ")[0] ?? "");
    expect(files.filter((name) => !played.includes(name) && !PLAYED_ELSEWHERE.includes(name))).toEqual([]);
  });

  test("give every job the rights that its calls need, and no others", () => {
    const wrong = [...jobsPlayed].flatMap(([name, { job, rights }]) => [
      ...[...rights].filter((right) => !covers(job.permissions, right)).map((right) => `${name} lacks ${right}`),
      ...Object.entries(job.permissions)
        .filter(([right, level]) => !rights.has(`${right}: ${level}`) && !isUsedByOthers(job, right))
        .map(([right, level]) => `${name} has ${right}: ${level} for nothing`),
    ]);
    expect(wrong).toEqual([]);
  });
});

const isUsedByOthers = ({ steps }: Job, right: string): boolean =>
  steps.some(
    ({ uses = "" }) =>
      (right === "contents" && uses.startsWith("actions/checkout@")) ||
      (right === "id-token" && uses.startsWith("aws-actions/configure-aws-credentials@")),
  );
