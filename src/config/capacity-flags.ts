import type { CapacityQuestion } from "../cloud/capacity-answer.ts";
import { FRONT_ENDS } from "../cloud/front-ends.ts";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { millisToSeconds } from "../units.ts";
import { quote } from "./given.ts";
import { FILE_NAME, type InputRow, type ValueOf, type ValueType } from "./input-row.ts";
import { readValue } from "./read-value.ts";

const DURATION = { type: "duration", min: "0s", max: "15m" } as const;
const ENVIRONMENTS = { type: "integer", min: 0, max: 10_000_000 } as const;

/** The questions that `swarmgate capacity` answers; only its rate and duration are needed. */
const ROWS = {
  rate: {
    value: { type: "rate", max: 10_000_000, example: "200/s" },
    about: "Requests per second.",
  },
  duration: {
    value: { ...DURATION, example: "701ms" },
    about: "Mean Duration of the function, without cold starts.",
  },
  init: {
    value: { ...DURATION, example: "300ms" },
    about: "Mean Init Duration of a cold start.",
  },
  "cold-share": {
    value: {
      type: "text",
      pattern: "(100|[0-9]{1,2})(\\.[0-9]+)?\\s?%",
      form: "a percentage",
      example: "1%",
    },
    about: "Share of invocations that are cold starts; needs --init.",
  },
  ramp: {
    value: { ...DURATION, max: "6h", example: "30s" },
    about: "How long the rate takes to be reached; 0s is at once.",
  },
  memory: {
    value: { type: "integer", min: 128, max: 10_240, example: "512" },
    about: "Memory in MB; with it the answer holds the cost.",
  },
  architecture: {
    value: { type: "choice", values: ["x86_64", "arm64"] },
    about: "Processor; x86_64 unless given.",
  },
  "account-limit": {
    value: { ...ENVIRONMENTS, min: 1, example: "1000" },
    about: "Concurrent executions of the account in the region: 1,000 by default, 10 in new accounts.",
  },
  reserved: {
    value: { ...ENVIRONMENTS, example: "100" },
    about: "Reserved concurrency of the function.",
  },
  provisioned: {
    value: { ...ENVIRONMENTS, min: 1, example: "50" },
    about: "Provisioned concurrency of the function.",
  },
  "per-environment": {
    value: { type: "integer", min: 1, max: 1600, example: "64" },
    about: "Requests that one environment takes at a time, for Lambda Managed Instances.",
  },
  "front-end": {
    value: { type: "choice", values: FRONT_ENDS },
    about: "What stands before the function.",
  },
  region: {
    value: {
      type: "text",
      pattern: "[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}",
      form: "the name of an AWS region",
      example: "eu-central-1",
    },
    about: "Region, for prices and for API Gateway's default quotas.",
  },
  prices: {
    value: { ...FILE_NAME, example: "prices.json" },
    about: "A price table of your own instead of the built-in one.",
  },
} as const satisfies Readonly<Record<string, { readonly value: ValueType; readonly about: string }>>;

type Rows = typeof ROWS;
type Answers = { readonly [Name in keyof Rows]: ValueOf<Rows[Name]["value"]> | null };

/** The flags of the command, for its help. */
export const CAPACITY_ROWS: readonly InputRow[] = Object.entries(ROWS).map(([name, { value, about }]) => ({
  name,
  section: "none",
  value,
  about,
  built: true,
}));

export type CapacityRequest = { readonly question: CapacityQuestion; readonly prices: string | null };

/** The question from the texts of the flags, or every problem in them. */
export const readCapacity = (inputs: Readonly<Record<string, string>>): Parsed<CapacityRequest> => {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const { name, value } of CAPACITY_ROWS) {
    const text = inputs[name];
    const read = text === undefined ? parsed(null) : readValue({ label: `--${name}`, text, shown: quote(text) }, value);
    if (read.ok) values[name] = read.value;
    else problems.push(...read.problems);
  }
  const answers = values as Answers;
  const together = problems.length > 0 ? problems : togetherProblems(answers);
  return together.length > 0 ? refused(together) : parsed(toRequest(answers));
};

const togetherProblems = (answers: Answers): readonly Problem[] => {
  const cold = answers["cold-share"] !== null && answers.init === null;
  const managed = answers["per-environment"] !== null && answers.provisioned !== null;
  const { provisioned, reserved } = answers;
  const beyondReserved = provisioned !== null && reserved !== null && provisioned > reserved;
  return [
    ...(cold
      ? [
          usageProblem(
            "missing-value",
            "--cold-share needs --init.",
            "Give the mean Init Duration, such as --init 300ms.",
          ),
        ]
      : []),
    ...(beyondReserved
      ? [
          usageProblem(
            "conflicting-values",
            `--provisioned is ${provisioned}, more than --reserved ${reserved}.`,
            "Lambda provisions at most what is reserved for the function; lower the one or raise the other.",
          ),
        ]
      : []),
    ...(managed
      ? [
          usageProblem(
            "conflicting-values",
            "--provisioned and --per-environment exclude each other.",
            "Lambda Managed Instances have no provisioned concurrency; leave one of the two out.",
          ),
        ]
      : []),
  ];
};

const toRequest = (answers: Answers): CapacityRequest => {
  const share = answers["cold-share"];
  return {
    question: {
      rate: answers.rate ?? 0,
      durationMs: answers.duration ?? 0,
      initMs: answers.init,
      coldShare: share === null ? null : Number.parseFloat(share) / 100,
      rampSeconds: answers.ramp === null ? null : millisToSeconds(answers.ramp),
      memoryMb: answers.memory,
      architecture: answers.architecture ?? "x86_64",
      accountLimit: answers["account-limit"],
      reserved: answers.reserved,
      provisioned: answers.provisioned,
      perEnvironment: answers["per-environment"],
      frontEnd: answers["front-end"],
      region: answers.region,
    },
    prices: answers.prices,
  };
};
