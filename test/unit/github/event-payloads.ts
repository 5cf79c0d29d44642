/** Webhook payloads in the shapes that GitHub documents, cut to the fields around those that are read. */
const hex = (digit: string): string => digit.repeat(40);
export const SHA = { head: hex("a"), merge: hex("c"), base: hex("b"), queue: hex("d") } as const;

export const repository = {
  id: 186853002,
  node_id: "MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=",
  name: "shop",
  full_name: "octo/shop",
  private: false,
  owner: { login: "octo", id: 21031067, type: "Organization" },
  fork: false,
  default_branch: "main",
};
const fork = { id: 99, full_name: "mallory/shop", owner: { login: "mallory", type: "User" }, fork: true };

export const pullRequest = (some: Readonly<Record<string, unknown>> = {}) => ({
  action: "synchronize",
  number: 7,
  before: SHA.base,
  after: SHA.head,
  pull_request: {
    id: 279147437,
    number: 7,
    state: "open",
    draft: false,
    merge_commit_sha: SHA.merge,
    head: { label: "octo:faster", ref: "faster", sha: SHA.head, repo: repository },
    base: { label: "octo:main", ref: "main", sha: SHA.base, repo: repository },
    ...some,
  },
  repository,
  sender: { login: "dev", type: "User" },
});
export const forkPullRequest = () =>
  pullRequest({ head: { label: "mallory:main", ref: "main", sha: SHA.head, repo: fork } });

export const push = (ref: string, after: string = SHA.head) => ({
  ref,
  before: SHA.base,
  after,
  created: false,
  deleted: /^0+$/.test(after),
  repository,
  pusher: { name: "dev" },
  head_commit: { id: after },
});

export const mergeGroup = (head_ref: string) => ({
  action: "checks_requested",
  merge_group: {
    head_sha: SHA.queue,
    head_ref,
    base_sha: SHA.base,
    base_ref: "refs/heads/main",
    head_commit: { id: SHA.queue },
  },
  repository,
});

/** Vercel deploys commits, others branches; older servers send neither `environment_url` nor a description. */
export const deploymentStatus = (
  status: Readonly<Record<string, unknown>> = {},
  deployment: Readonly<Record<string, unknown>> = {},
) => ({
  action: "created",
  deployment_status: {
    id: 209916254,
    state: "success",
    creator: { login: "vercel[bot]", type: "Bot" },
    description: "",
    environment: "Preview – api",
    target_url: "https://shop-abc.vercel.app",
    environment_url: "https://shop-abc.vercel.app",
    log_url: "https://vercel.com/octo/shop/abc",
    ...status,
  },
  deployment: {
    id: 145988746,
    sha: SHA.head,
    ref: SHA.head,
    task: "deploy",
    payload: {},
    original_environment: "Preview – api",
    environment: "Preview – api",
    production_environment: false,
    transient_environment: false,
    ...deployment,
  },
  repository,
});

export const workflowRun = (some: Readonly<Record<string, unknown>> = {}) => ({
  action: "completed",
  workflow_run: {
    id: 289782451,
    name: "gate",
    path: ".github/workflows/gate.yml@main",
    head_branch: "faster",
    head_sha: SHA.head,
    event: "pull_request",
    status: "completed",
    conclusion: "failure",
    pull_requests: [],
    head_repository: repository,
    repository,
    ...some,
  },
  workflow: { id: 9, path: ".github/workflows/gate.yml" },
  repository,
});
export const forkWorkflowRun = () => workflowRun({ head_branch: "main", head_repository: fork });

export const vercelDispatch = (some: Readonly<Record<string, unknown>> = {}) => ({
  action: "vercel.deployment.success",
  branch: "main",
  client_payload: {
    environment: "preview",
    git: { ref: "faster", sha: SHA.head, shortSha: "aaaaaaa" },
    id: "dpl_1",
    project: { id: "prj_1", name: "shop" },
    state: { type: "success" },
    url: "https://shop-abc.vercel.app",
    ...some,
  },
  repository,
});

export const issueComment = (isPull: boolean) => ({
  action: "created",
  issue: { number: 7, state: "open", ...(isPull && { pull_request: { url: "https://api.github.com/x/pulls/7" } }) },
  comment: { id: 5, body: "hello", user: { login: "dev", type: "User" } },
  repository,
});
