import { jobRights, usesAws } from "./rights.ts";
import { STACK_TITLES, type StackName } from "./stacks.ts";

export type Project = {
  readonly stack: StackName;
  /** Begins the names of preview stacks. */
  readonly name: string;
  /** Of the Serverless Framework, `null` when it is not known. */
  readonly service: string | null;
  /** Pull requests are compared with it. */
  readonly baseBranch: string;
};

/** `.github/workflows/swarmgate.yml` for a project: deploys a preview of each change and of the base, and gates it. */
export const starterWorkflow = (project: Project): string => {
  const { stack, baseBranch } = project;
  const lines = [
    `# Written by swarmgate init for ${STACK_TITLES[stack]}.`,
    `# A push to ${baseBranch} stores a baseline, a pull request is compared with it.`,
    ...triggers(baseBranch),
    "jobs:",
    "  performance:",
    ...(stack === "url"
      ? []
      : [
          "    # A pull request from a fork gets neither secrets nor a login: it cannot deploy.",
          `    if: \${{ !github.event.pull_request.head.repo.fork }}`,
        ]),
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 30",
    "    permissions:",
    ...jobRights(stack).map(({ right, why }) => `      ${right} # ${why}`),
    ...environment(project),
    "    steps:",
    ...checkout(stack),
    ...deployment(project),
    ...gateStep(project),
  ];
  return `${lines.join("\n")}\n`;
};

const triggers = (baseBranch: string): readonly string[] => [
  "name: performance",
  "on:",
  "  push:",
  `    branches: [${JSON.stringify(baseBranch)}]`,
  "  pull_request:",
  "",
  "permissions: {}",
  "",
  "# Two gates on one deployment would measure each other. A baseline is not cut short.",
  "concurrency:",
  `  group: performance-\${{ github.ref }}`,
  `  cancel-in-progress: \${{ github.event_name == 'pull_request' }}`,
  "",
];

/** `pr-12` for a pull request, `base` for a push. */
const PREVIEW = `\${{ github.event.number && format('pr-{0}', github.event.number) || 'base' }}`;

const environment = ({ stack, name }: Project): readonly string[] => {
  switch (stack) {
    case "sam":
    case "cdk":
      return ["    env:", `      STACK: ${name}-${PREVIEW}`];
    case "serverless":
    case "sst":
      return ["    env:", `      STAGE: ${PREVIEW}`];
    default:
      return [];
  }
};

const checkout = (stack: StackName): readonly string[] => [
  "      - uses: actions/checkout@v7 # brings .github/swarmgate.yml, too",
  "        with:",
  "          persist-credentials: false",
  ...(usesAws(stack) ? LOGIN : []),
];

const LOGIN: readonly string[] = [
  "      - uses: aws-actions/configure-aws-credentials@v6",
  "        with:",
  `          role-to-assume: \${{ vars.AWS_ROLE }}`,
  `          aws-region: \${{ vars.AWS_REGION }}`,
];

const deployment = ({ stack }: Project): readonly string[] => {
  switch (stack) {
    case "sam":
      return [
        "      - run: sam build",
        "      - run: >-",
        '          sam deploy --stack-name "$STACK" --resolve-s3 --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND',
        "          --no-confirm-changeset --no-fail-on-empty-changeset",
      ];
    case "cdk":
      return [
        "      - run: npm ci",
        "      # Name the stack after the variable in your app: new OrdersStack(app, process.env.STACK ?? 'orders').",
        '      - run: npx cdk deploy "$STACK" --require-approval never',
      ];
    case "serverless":
      return [
        "      - run: npm ci",
        '      - run: npx serverless deploy --stage "$STAGE"',
        "        env:",
        `          SERVERLESS_ACCESS_KEY: \${{ secrets.SERVERLESS_ACCESS_KEY }} # asked for from version 4 on`,
      ];
    case "sst":
      return [
        "      - run: npm ci",
        "      # Return the address from run() in sst.config.ts: return { url: api.url };",
        "      - id: deploy",
        "        run: |",
        '          npx sst deploy --stage "$STAGE"',
        "          url=$(jq -er .url .sst/outputs.json)",
        ...HAND_ON,
      ];
    case "vercel":
      return [
        "      # A preview of the base as well: production differs in more than the code.",
        "      - id: deploy",
        "        run: |",
        "          url=$(npx vercel deploy --yes)",
        ...HAND_ON,
        "        env:",
        `          VERCEL_TOKEN: \${{ secrets.VERCEL_TOKEN }}`,
        `          VERCEL_ORG_ID: \${{ vars.VERCEL_ORG_ID }}`,
        `          VERCEL_PROJECT_ID: \${{ vars.VERCEL_PROJECT_ID }}`,
      ];
    case "netlify":
      return [
        "      - run: npm ci",
        "      # A draft of the base as well: production differs in more than the code.",
        "      - id: deploy",
        "        run: |",
        "          npx netlify-cli deploy --json > netlify.json",
        "          url=$(jq -er .deploy_url netlify.json)",
        ...HAND_ON,
        "        env:",
        `          NETLIFY_AUTH_TOKEN: \${{ secrets.NETLIFY_AUTH_TOKEN }}`,
        `          NETLIFY_SITE_ID: \${{ vars.NETLIFY_SITE_ID }}`,
      ];
    case "url":
      return ["      # Deploy the preview here, or wait for it, and hand its address on as url."];
  }
};

/** In a line of its own: inside `echo` the failure of the command before would go unseen. */
const HAND_ON: readonly string[] = ['          echo "url=$url" >> "$GITHUB_OUTPUT"'];

const gateStep = (project: Project): readonly string[] => {
  const headers = project.stack === "vercel" ? BYPASS : [];
  return [
    "      # The load, the limits and everything else: .github/swarmgate.yml.",
    "      - uses: swarmgate/swarmgate@v0",
    "        with:",
    `          ${targetOf(project)}`,
    ...headers,
  ];
};

const BYPASS: readonly string[] = [
  "          # For a protected preview, with the secret of its Protection Bypass for Automation in the step's env:",
  `          # headers: x-vercel-protection-bypass: \${VERCEL_BYPASS}`,
];

const targetOf = ({ stack, service }: Project): string => {
  switch (stack) {
    case "sam":
    case "cdk":
      return `stack-name: \${{ env.STACK }}`;
    case "serverless":
      return `stack-name: ${service ?? `\${{ vars.SERVICE_NAME }}`}-\${{ env.STAGE }}`;
    case "url":
      return `url: \${{ vars.PREVIEW_URL }}`;
    default:
      return `url: \${{ steps.deploy.outputs.url }}`;
  }
};
