/** A small repository on the simulator's GitHub, and workflow runs of it as GitHub would start them. */
import type { SimulatorControl } from "../../../simulator/client.ts";
import type { CreatedRun } from "../../../simulator/control-contract.ts";
import { type ActionOutcome, type ActionRun, runAction } from "./action-runner.ts";

export const REPOSITORY = "acme/orders";
export const WORKFLOW = ".github/workflows/performance.yml";
export const PULL_NUMBER = 7;

const REPOSITORY_ID = 4242;
const TOKEN = "ghs_simulated_token";

const sha = (digit: string): string => digit.repeat(40);
/** main: 1 - 2 - 3; the pull request branches off 3. */
export const SHA = {
  first: sha("1"),
  second: sha("2"),
  base: sha("3"),
  head: sha("a"),
  pushedAgain: sha("b"),
} as const;

/** One run of the workflow: which event, on which commit, with which inputs. */
export type WorkflowRunRequest = Pick<ActionRun, "actionDir" | "workDir" | "inputs" | "onStart" | "onLine"> & {
  readonly event: "push" | "pull_request";
  readonly headSha: string;
  readonly headBranch?: string;
  readonly job?: string;
  /** A job of this run, which goes on; without it a run of its own. */
  readonly inRun?: CreatedRun;
  readonly attempt?: number;
  /** Repository of the pull request's head, another number for a fork. */
  readonly headRepositoryId?: number;
  /** Added to the action's environment, such as AWS_ENDPOINT_URL_CLOUDWATCH. */
  readonly env?: Readonly<Record<string, string>>;
};

export const createRepository = async (simulator: SimulatorControl): Promise<void> => {
  await simulator.putGithub({
    reset: true,
    repository: REPOSITORY,
    repositoryId: REPOSITORY_ID,
    defaultBranch: "main",
    commits: [
      { sha: SHA.first, parents: [] },
      { sha: SHA.second, parents: [SHA.first] },
      { sha: SHA.base, parents: [SHA.second] },
      { sha: SHA.head, parents: [SHA.base] },
      { sha: SHA.pushedAgain, parents: [SHA.head] },
    ],
    branches: { main: SHA.base, "faster-orders": SHA.head },
    pulls: [
      { number: PULL_NUMBER, head: { sha: SHA.head, ref: "faster-orders" }, base: { sha: SHA.base, ref: "main" } },
    ],
  });
};

/** Runs the built action once, as a workflow run that the simulator's GitHub knows; the run ends with the action's own conclusion. */
export const runWorkflow = async (
  simulator: SimulatorControl,
  request: WorkflowRunRequest,
): Promise<ActionOutcome & { readonly runId: number }> => {
  const isPush = request.event === "push";
  const headBranch = branchOf(request);
  const run = request.inRun ?? (await startRun(simulator, request));
  const outcome = await runAction({
    ...request,
    event: { name: request.event, payload: isPush ? pushPayload(request) : pullRequestPayload(request) },
    token: TOKEN,
    env: {
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_REPOSITORY_ID: String(REPOSITORY_ID),
      GITHUB_RUN_ID: String(run.id),
      GITHUB_RUN_ATTEMPT: String(request.attempt ?? 1),
      GITHUB_SHA: request.headSha,
      GITHUB_REF: isPush ? `refs/heads/${headBranch}` : `refs/pull/${PULL_NUMBER}/merge`,
      GITHUB_REF_NAME: isPush ? headBranch : `${PULL_NUMBER}/merge`,
      ...(!isPush && { GITHUB_HEAD_REF: headBranch, GITHUB_BASE_REF: "main" }),
      GITHUB_WORKFLOW: "performance",
      GITHUB_WORKFLOW_REF: `${REPOSITORY}/${WORKFLOW}@refs/heads/main`,
      GITHUB_JOB: request.job ?? "gate",
      GITHUB_API_URL: simulator.urls.github,
      ACTIONS_RESULTS_URL: simulator.urls.github,
      ACTIONS_RUNTIME_TOKEN: run.runtimeToken,
      ...request.env,
    },
  });
  if (request.inRun === undefined)
    await simulator.updateRun(run.id, {
      status: "completed",
      conclusion: outcome.exitCode === 0 ? "success" : "failure",
    });
  return { ...outcome, runId: run.id };
};

/** A workflow run that is in progress. */
export const startRun = (
  simulator: SimulatorControl,
  request: Pick<WorkflowRunRequest, "event" | "headSha" | "headBranch" | "headRepositoryId">,
): Promise<CreatedRun> =>
  simulator.createRun({
    event: request.event,
    head_branch: branchOf(request),
    head_sha: request.headSha,
    path: WORKFLOW,
    status: "in_progress",
    conclusion: null,
    ...(request.headRepositoryId !== undefined && { head_repository_id: request.headRepositoryId }),
  });

const branchOf = ({ event, headBranch }: Pick<WorkflowRunRequest, "event" | "headBranch">): string =>
  headBranch ?? (event === "push" ? "main" : "faster-orders");

/** What the real AWS SDK needs to talk to the simulator. */
export const awsEnvironment = (simulator: SimulatorControl): Record<string, string> => ({
  AWS_ENDPOINT_URL_CLOUDWATCH: simulator.urls.cloudwatch,
  AWS_ENDPOINT_URL_LAMBDA: simulator.urls.lambda,
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: simulator.urls.logs,
  AWS_ENDPOINT_URL_CLOUDFORMATION: simulator.urls.cloudformation,
  AWS_ENDPOINT_URL_SERVICE_QUOTAS: simulator.urls.quotas,
  AWS_ENDPOINT_URL_ECS: simulator.urls.ecs,
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "simulated",
  AWS_SECRET_ACCESS_KEY: "simulated",
});

const repository = {
  id: REPOSITORY_ID,
  full_name: REPOSITORY,
  name: "orders",
  owner: { login: "acme" },
  default_branch: "main",
};

const pushPayload = ({ headSha, headBranch = "main" }: WorkflowRunRequest): unknown => ({
  ref: `refs/heads/${headBranch}`,
  before: SHA.second,
  after: headSha,
  repository,
  head_commit: { id: headSha },
});

const pullRequestPayload = ({
  headSha,
  headRepositoryId = REPOSITORY_ID,
  headBranch = "faster-orders",
}: WorkflowRunRequest): unknown => ({
  action: "synchronize",
  number: PULL_NUMBER,
  repository,
  pull_request: {
    number: PULL_NUMBER,
    state: "open",
    draft: false,
    head: {
      sha: headSha,
      ref: headBranch,
      repo: { id: headRepositoryId, full_name: headRepositoryId === REPOSITORY_ID ? REPOSITORY : "somebody/orders" },
    },
    base: { sha: SHA.base, ref: "main", repo: { id: REPOSITORY_ID, full_name: REPOSITORY } },
    labels: [],
  },
});
