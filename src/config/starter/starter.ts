import { starterConfig } from "./config-file.ts";
import { jobRights, type Right, roleRights, usesAws } from "./rights.ts";
import type { StackName } from "./stacks.ts";
import { type Project, starterWorkflow } from "./workflow.ts";

export const WORKFLOW_FILE = ".github/workflows/swarmgate.yml";
export const STARTER_CONFIG_FILE = ".github/swarmgate.yml";

/** Everything that `init` writes and says for a project. */
export type Starter = {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly jobRights: readonly Right[];
  readonly roleRights: readonly Right[];
  /** What a person has to do before the first run, in order. */
  readonly next: readonly string[];
};

export const starterFor = (project: Project): Starter => ({
  files: [
    { path: WORKFLOW_FILE, text: starterWorkflow(project) },
    { path: STARTER_CONFIG_FILE, text: starterConfig(project.stack) },
  ],
  jobRights: jobRights(project.stack),
  roleRights: roleRights(project.stack),
  next: [
    ...settings(project),
    "Run swarmgate doctor, then commit both files; the first push to the base branch stores the first baseline.",
  ],
});

const settings = ({ stack, service }: Project): readonly string[] => [
  ...(usesAws(stack)
    ? [
        "Set the repository variables AWS_ROLE (a role that GitHub's OIDC token may assume, that may deploy, and that has the rights above) and AWS_REGION.",
      ]
    : []),
  ...(stack === "serverless" && service === null ? ["Set the repository variable SERVICE_NAME."] : []),
  ...OTHERS[stack],
];

const OTHERS: Readonly<Record<StackName, readonly string[]>> = {
  sam: ["Give the template an output with the URL of the API, if it has none."],
  cdk: ["Name the stack after the environment variable STACK, and give it an output with the URL of the API."],
  serverless: [],
  sst: ["Return the URL of the API as url from run() in sst.config.ts."],
  vercel: ["Set the secret VERCEL_TOKEN and the variables VERCEL_ORG_ID and VERCEL_PROJECT_ID (.vercel/project.json)."],
  netlify: ["Set the secret NETLIFY_AUTH_TOKEN and the variable NETLIFY_SITE_ID."],
  url: ["Set the repository variable PREVIEW_URL, or put the step that deploys the preview into the workflow."],
};
