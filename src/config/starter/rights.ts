import type { StackName } from "./stacks.ts";

export type Right = { readonly right: string; readonly why: string };

/** Lines of the job's `permissions:`, without what a deployment of that kind does not need. */
export const jobRights = (stack: StackName): readonly Right[] => [
  { right: "contents: read", why: "checks the code out, and finds the merge base" },
  { right: "actions: read", why: "reads the run records of the base branch" },
  { right: "pull-requests: write", why: "writes the comment" },
  ...(usesAws(stack) ? [{ right: "id-token: write", why: "logs in to AWS without stored keys" }] : []),
];

/** What the role in AWS_ROLE is asked for by the gate itself: the policy of docs/permissions.md without what a configuration has to ask for. */
export const roleRights = (stack: StackName): readonly Right[] => {
  if (!usesAws(stack)) return [];
  return [
    { right: "cloudwatch:GetMetricData", why: "Duration, throttles and concurrency of the functions" },
    { right: "cloudwatch:ListMetrics", why: "the name of the API in front of them, where nothing else tells it" },
    {
      right: "lambda:GetFunctionConfiguration, GetFunctionConcurrency, GetAlias, GetProvisionedConcurrencyConfig",
      why: "waits until the functions are deployed, and sees a change during the run",
    },
    { right: "lambda:GetAccountSettings", why: "the account's concurrency limit" },
    {
      right: "servicequotas:GetServiceQuota, GetAWSDefaultServiceQuota",
      why: "the limits of the API and of the functions' network",
    },
    {
      right: "logs:StartQuery, GetQueryResults, StopQuery, FilterLogEvents",
      why: "cold starts and memory from REPORT lines",
    },
    ...(hasStack(stack)
      ? [
          {
            right: "cloudformation:DescribeStacks, ListStackResources",
            why: "the URL and the functions of the stack",
          },
        ]
      : []),
  ];
};

/** Vercel and Netlify run functions in their own accounts, and of a plain URL nothing is known. */
export const usesAws = (stack: StackName): boolean => hasStack(stack) || stack === "sst";

/** SST deploys without CloudFormation since version 3. */
export const hasStack = (stack: StackName): boolean => stack === "sam" || stack === "cdk" || stack === "serverless";
