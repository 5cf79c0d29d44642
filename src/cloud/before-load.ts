import { type Problem, usageProblem } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { AccountFacts, CloudFacts, FunctionFacts } from "./facts.ts";

/** New accounts start with 10 (AWS Lambda quotas page: "New AWS accounts have reduced concurrency"). */
const NEW_ACCOUNT = 10;

/**
 * What the configuration says about the load before it starts: a limit that the users can reach together makes throttles
 * that are the quota's and not the change's (`concurrency-limit`, a warning); a reserved concurrency of 0 is an
 * off-switch and refuses the run. Limits that are not known say nothing.
 */
export const beforeLoad = (
  facts: Pick<CloudFacts, "account" | "functions">,
  plan: Pick<LoadPlan, "users">,
): readonly Problem[] => [
  ...facts.functions.flatMap((one) => functionProblem(one, plan.users)),
  ...accountProblem(facts, plan.users),
];

const functionProblem = (one: FunctionFacts, users: number): readonly Problem[] => {
  const { reservedConcurrency: reserved } = one;
  if (typeof reserved !== "number" || reserved >= users) return [];
  if (reserved === 0)
    return [
      usageProblem(
        "concurrency-limit",
        `${one.function} has a reserved concurrency of 0, which switches it off.`,
        "Raise or remove the function's reserved concurrency, and run again.",
      ),
    ];
  return [
    warning(
      `${one.function} has a reserved concurrency of ${reserved}, and ${users} users can have ${users} requests in flight: what is throttled then is that limit and not the change.`,
      "Raise the function's reserved concurrency, or use fewer users.",
    ),
  ];
};

const accountProblem = (
  { account, functions }: Pick<CloudFacts, "account" | "functions">,
  users: number,
): readonly Problem[] => {
  const limit = usable(account);
  // A reservation is a share of the account that nobody else can use up.
  const shared = functions.length === 0 || functions.some((one) => typeof one.reservedConcurrency !== "number");
  if (limit === null || limit >= users || !shared) return [];
  const young = (account?.concurrencyLimit ?? limit) <= NEW_ACCOUNT ? ", the limit of a new account" : "";
  return [
    warning(
      `The account has ${limit} concurrent executions${young}, and ${users} users can have ${users} requests in flight: what is throttled then is the quota and not the change.`,
      "Ask AWS to raise the quota L-B99A9384 (concurrent executions), or use fewer users.",
    ),
  ];
};

const usable = (account: AccountFacts | null): number | null => {
  const known = [account?.concurrencyLimit ?? null, account?.unreserved ?? null].filter((one) => one !== null);
  return known.length === 0 ? null : Math.min(...known);
};

const warning = (message: string, hint: string): Problem => ({
  code: "concurrency-limit",
  severity: "warning",
  message,
  hint,
});
