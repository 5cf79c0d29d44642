import type { AwsRead } from "../cloud/aws-read.ts";
import { knownOf } from "../cloud/aws-read.ts";
import type { FunctionRef } from "../cloud/cloud.ts";
import { buildQueries } from "../cloud/queries.ts";
import { stackFunctions, stackUrl } from "../cloud/stack.ts";
import type { Config } from "../config/config.ts";
import { type Finding, fail, ok, warn } from "../config/finding.ts";
import type { Clock, CloudMetrics, FunctionLogs, LambdaControl, LogRange, Stacks } from "../ports.ts";
import { type EpochMs, epochMs } from "../units.ts";

export type RightsPorts = {
  readonly clock: Clock;
  readonly cloud: CloudMetrics;
  readonly lambda: LambdaControl;
  readonly logs: FunctionLogs;
  readonly stacks: Stacks;
};

const CHECK = "aws";
/** Of metrics and logs that are asked for; what they hold does not matter. */
const LOOK_BACK = 5 * 60_000;
const POLICY = "docs/permissions.md has the policy.";

/** What the stack adds to the configuration: the URL and the functions where they are not given. */
export type Rights = {
  readonly findings: readonly Finding[];
  readonly url: string | null;
};

/** One harmless read for each right of the role. Credentials that are of no use end it: every other call would say the same. */
export const checkRights = async ({ target, aws }: Config, ports: RightsPorts): Promise<Rights> => {
  if (target.stackName === null && aws.functions.length === 0) {
    return { findings: [ok(CHECK, "Neither functions nor stack-name is set here, so AWS was not asked.")], url: null };
  }
  const stack = await checkStack(target.stackName, ports.stacks);
  const functions = aws.functions.length > 0 ? aws.functions : stack.functions;
  if (stack.useless) return stack;
  const first = functions[0];
  if (first === undefined) return stack;
  const useless = uselessFinding(await ports.lambda.configuration(first));
  if (useless !== null) return { ...stack, findings: [...stack.findings, useless] };
  return {
    ...stack,
    findings: [
      ...stack.findings,
      ...(await lambdaFindings(functions, ports.lambda)),
      await metricsFinding(functions, ports),
      ...(aws.logs === "off" ? [] : await logFindings(functions, ports)),
    ],
  };
};

type StackChecked = Rights & { readonly functions: readonly FunctionRef[]; readonly useless: boolean };

const checkStack = async (name: string | null, stacks: Stacks): Promise<StackChecked> => {
  if (name === null) return { findings: [], url: null, functions: [], useless: false };
  const read = await stacks.read(name);
  const useless = uselessFinding(read);
  if (useless !== null) return { findings: [useless], url: null, functions: [], useless: true };
  const listed = await stacks.functions(name);
  const url = read.kind === "value" ? stackUrl(name, read.value) : null;
  return {
    findings: [
      rightFinding("cloudformation:DescribeStacks", [{ name, read }], "fail"),
      rightFinding("cloudformation:ListStackResources", [{ name, read: listed }], "warn"),
      ...(url === null || url.ok ? [] : url.problems.map(({ message, hint }) => fail("target", message, hint))),
    ],
    url: url?.ok === true ? url.value : null,
    functions: stackFunctions(knownOf(listed) ?? []),
    useless: false,
  };
};

const lambdaFindings = async (
  functions: readonly FunctionRef[],
  lambda: LambdaControl,
): Promise<readonly Finding[]> => {
  const qualified = functions.filter(({ qualifier }) => qualifier !== null && qualifier !== "$LATEST");
  const aliases = qualified.filter(({ qualifier }) => !/^\d+$/.test(qualifier ?? ""));
  return [
    rightFinding("lambda:GetFunctionConfiguration", await readAll(functions, lambda.configuration), "warn"),
    rightFinding("lambda:GetFunctionConcurrency", await readAll(functions, lambda.reserved), "warn"),
    ...(aliases.length === 0 ? [] : [rightFinding("lambda:GetAlias", await readAll(aliases, lambda.alias), "warn")]),
    ...(qualified.length === 0
      ? []
      : [rightFinding("lambda:GetProvisionedConcurrencyConfig", await readAll(qualified, lambda.provisioned), "warn")]),
    rightFinding("lambda:GetAccountSettings", [{ name: "the account", read: await lambda.account() }], "warn"),
  ];
};

/** The one right without which the gate knows nothing of Lambda. */
const metricsFinding = async (functions: readonly FunctionRef[], { cloud, clock }: RightsPorts): Promise<Finding> => {
  const answer = await cloud.query(buildQueries(functions.slice(0, 1)), lookBack(clock.now()));
  const right = "cloudwatch:GetMetricData";
  if (answer.kind === "values") return ok(CHECK, `${right} is allowed.`);
  return answer.kind === "denied"
    ? fail(CHECK, answer.reason, POLICY)
    : warn(CHECK, `${right} gave no answer: ${answer.reason}`, "Try again.");
};

const logFindings = async (
  functions: readonly FunctionRef[],
  { lambda, logs, clock }: RightsPorts,
): Promise<readonly Finding[]> => {
  const groups = await Promise.all(
    functions.map(async (ref) => knownOf(await lambda.configuration(ref))?.logs.group ?? `/aws/lambda/${ref.name}`),
  );
  const names = [...new Set(groups)].map((name) => ({ label: name, name }));
  const rangeOf = ({ name }: { readonly name: string }): LogRange => ({ group: name, ...lookBack(clock.now()) });
  const query = "fields @timestamp | limit 1";
  return [
    rightFinding(
      "logs:StartQuery and logs:GetQueryResults",
      await readAll(names, (one) => logs.insights(rangeOf(one), query)),
      "warn",
    ),
    rightFinding("logs:FilterLogEvents", await readAll(names, (one) => logs.lines(rangeOf(one), "", 1)), "warn"),
  ];
};

const lookBack = (now: EpochMs): { readonly start: EpochMs; readonly end: EpochMs } => ({
  start: epochMs(now - LOOK_BACK),
  end: now,
});

type Tried = { readonly name: string; readonly read: AwsRead<unknown> };

/** One after the other: the control plane allows few calls a second. */
const readAll = async <One extends { readonly label: string }>(
  all: readonly One[],
  ask: (one: One) => Promise<AwsRead<unknown>>,
): Promise<readonly Tried[]> => {
  const tried: Tried[] = [];
  for (const one of all) tried.push({ name: one.label, read: await ask(one) });
  return tried;
};

/** The worst of all answers about one right. */
const rightFinding = (right: string, tried: readonly Tried[], without: "warn" | "fail"): Finding => {
  const denied = tried.find(({ read }) => read.kind === "denied");
  if (denied?.read.kind === "denied") {
    return {
      level: without,
      check: CHECK,
      text: `${right}: ${denied.name}: ${denied.read.reason}`,
      mend: denied.read.hint,
    };
  }
  const absent = tried.find(({ read }) => read.kind === "absent");
  if (absent !== undefined) {
    const level = right.startsWith("logs:") ? "warn" : "fail";
    const mend = "Check the name, the region and the account; a log group appears with the first call of its function.";
    return { level, check: CHECK, text: `${right}: AWS knows no ${absent.name}.`, mend };
  }
  const silent = tried.find(({ read }) => read.kind === "unavailable");
  if (silent?.read.kind === "unavailable")
    return warn(CHECK, `${right} gave no answer: ${silent.read.reason}`, "Try again.");
  return ok(CHECK, `${right}: allowed for ${tried.map(({ name }) => name).join(", ")}.`);
};

const uselessFinding = (read: AwsRead<unknown>): Finding | null =>
  read.kind === "denied" && !read.permission ? fail(CHECK, read.reason, read.hint) : null;
