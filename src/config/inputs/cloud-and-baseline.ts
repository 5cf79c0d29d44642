import { FILE_NAME, type InputRow } from "../input-row.ts";

const NAME = {
  type: "text",
  pattern: "[A-Za-z0-9_][A-Za-z0-9._-]{0,99}",
  form: "a name of at most 100 letters, digits, dots, underscores and hyphens",
  example: "api",
} as const;

export const AWS_INPUTS = [
  {
    name: "aws-region",
    knownAs: ["region"],
    section: "aws",
    value: {
      type: "text",
      pattern: "[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}",
      form: "the name of an AWS region",
      example: "eu-central-1",
    },
    defaultNote: "the region of the functions' ARN, else `AWS_REGION`",
    about: "Region of the Lambda functions.",
    built: true,
  },
  {
    name: "functions",
    knownAs: ["function", "lambda", "function-name", "lambdas"],
    section: "aws",
    value: { type: "functions" },
    defaultNote: "none, AWS is not asked",
    about: "Lambda functions behind the target: name, name:alias or ARN; one a line or separated by commas.",
    built: true,
  },
  {
    name: "base-functions",
    section: "aws",
    value: { type: "functions" },
    defaultNote: "none, AWS is not asked about the base",
    about:
      "Lambda functions behind `base-url`, in the order of `functions`: other functions, or other aliases of them.",
    built: true,
  },
  {
    name: "front-end",
    section: "aws",
    value: {
      type: "text",
      pattern: "(rest-api|http-api|function-url|alb|cloudfront)(:[^\\s/]+(/[^\\s/]+)?)?",
      form: "a front end, with its name in CloudWatch where it is known",
      example: "rest-api:orders/prod",
    },
    defaultNote: "by the URL's host and the target's answers",
    about:
      "What stands before the functions, and its name in CloudWatch: `rest-api:NAME/STAGE`, `http-api:ID`, `function-url:FUNCTION`, `cloudfront:DISTRIBUTION`.",
    built: true,
  },
  {
    name: "load-balancer",
    knownAs: ["alb"],
    section: "aws",
    value: {
      type: "text",
      pattern:
        "(arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer/)?app/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}",
      form: "the ARN of an Application Load Balancer, or its end",
      example: "app/shop/50dc6c495c0c9188",
    },
    defaultNote: "by the URL's host",
    about: "Application Load Balancer in front of the target.",
    built: true,
  },
  {
    name: "ecs",
    knownAs: ["fargate", "ecs-service"],
    section: "aws",
    value: {
      type: "text",
      pattern: "[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}",
      form: "cluster and service",
      example: "main/shop",
    },
    defaultNote: "none",
    about: "ECS service behind the load balancer: its processor, memory and tasks are read.",
    built: true,
  },
  {
    name: "prices",
    section: "aws",
    value: { ...FILE_NAME, example: "prices.json" },
    defaultNote: "the table of this version",
    about: "A price table of your own instead of the built-in one.",
    built: true,
  },
  {
    name: "reference-rps",
    section: "aws",
    value: { type: "rate", max: 10_000_000, example: "200/s" },
    defaultNote: "the rate of the baseline",
    about: "Requests per second at which required concurrency is stated.",
    built: true,
  },
  {
    name: "max-concurrency",
    section: "aws",
    value: { type: "integer", min: 1, max: 10_000_000, example: "800" },
    defaultNote: "no limit",
    about: "Short for the limit `required-concurrency: <= N`.",
    built: true,
  },
  {
    name: "metrics-timeout",
    section: "aws",
    value: { type: "duration", min: "0s", max: "1h", example: "3m" },
    default: "3m",
    about: "How long to wait for CloudWatch, counted from the end of the load.",
    built: true,
  },
  {
    name: "logs",
    section: "aws",
    value: { type: "choice", values: ["auto", "on", "off"] },
    default: "auto",
    about:
      "Whether REPORT lines are read for cold starts, memory and errors: auto reads them if it may, on says so when it may not.",
    built: true,
  },
] as const satisfies readonly InputRow[];

export const BASELINE_INPUTS = [
  {
    name: "baseline",
    section: "baseline",
    value: {
      type: "text",
      pattern: "artifact|none|[^\\u0000-\\u001f]*[./\\\\][^\\u0000-\\u001f]*",
      form: "artifact, none, or the path of a run record",
      example: "base.json",
    },
    default: "artifact",
    about:
      "What to compare with: `artifact` (runs of the base branch), `none` (absolute limits only) or the path of a run record or a history; with `base-url` a history only, for what was calibrated.",
    built: true,
  },
  {
    name: "baseline-branch",
    section: "baseline",
    value: {
      type: "text",
      pattern: "[^\\s~^:?*\\[\\\\]+",
      form: "the name of a branch",
      example: "main",
    },
    defaultNote: "the pull request's base branch, else the default branch",
    about: "Branch whose runs are the baseline.",
    built: true,
  },
  {
    name: "baseline-workflow",
    section: "baseline",
    value: {
      type: "text",
      pattern: "(\\.github/workflows/)?[^\\s/\\\\]+\\.ya?ml",
      form: "the file name of a workflow",
      example: "gate.yml",
    },
    defaultNote: "this workflow's file",
    about: "Workflow whose runs are the baseline.",
    built: true,
  },
  {
    name: "baseline-wait",
    section: "baseline",
    value: { type: "duration", min: "0s", max: "1h", example: "2m" },
    default: "2m",
    about: "How long to wait for the merge base's own run while it is in progress.",
    built: true,
  },
  {
    name: "segment-time",
    section: "baseline",
    value: { type: "duration", min: "1s", max: "10m", example: "20s" },
    default: "20s",
    about:
      "Paired mode: how long one segment is measured with all users, after an unmeasured start of them; takes the place of `run-time`.",
    built: true,
  },
  {
    name: "max-duration",
    section: "baseline",
    value: { type: "duration", min: "10s", max: "6h", example: "15m" },
    default: "15m",
    about: "Paired mode: how long base and head may be loaded in all, a confirmation included.",
    built: true,
  },
  {
    name: "name",
    section: "top",
    value: NAME,
    defaultNote: "the job id",
    about: "One gate among several in a repository; names the artifacts.",
    built: true,
  },
] as const satisfies readonly InputRow[];

export const KEY_NAME = NAME;
