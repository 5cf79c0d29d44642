import type { AwsRead } from "../cloud/aws-read.ts";
import { knownOf } from "../cloud/aws-read.ts";
import type { FunctionRef } from "../cloud/cloud.ts";
import { containerQueries, type EcsRef } from "../cloud/containers.ts";
import { serviceName } from "../cloud/ecs-service.ts";
import { accessQueries } from "../cloud/front-end-metrics.ts";
import { buildQueries, type MetricQuery } from "../cloud/queries.ts";
import { stackFunctions, stackUrl } from "../cloud/stack.ts";
import { lookBack } from "../cloud/window.ts";
import type { Config } from "../config/config.ts";
import { type Finding, fail, ok, warn } from "../config/finding.ts";
import type {
  Clock,
  CloudMetrics,
  ContainerServices,
  FunctionLogs,
  LambdaControl,
  LogRange,
  Stacks,
} from "../ports.ts";

export type RightsPorts = {
  readonly clock: Clock;
  readonly cloud: CloudMetrics;
  readonly lambda: LambdaControl;
  readonly logs: FunctionLogs;
  readonly stacks: Stacks;
  readonly services: ContainerServices;
};

const CHECK = "aws";
const POLICY = "docs/permissions.md has the policy.";

/** What the stack adds to the configuration: the URL and the functions where they are not given. */
export type Rights = {
  readonly findings: readonly Finding[];
  readonly url: string | null;
};

/** One harmless read for each right of the role. Credentials that are of no use end it: every other call would say the same. */
export const checkRights = async ({ target, aws }: Config, ports: RightsPorts): Promise<Rights> => {
  const { frontEnd, ecs } = aws;
  if (target.stackName === null && aws.functions.length === 0 && ecs === null && frontEnd === null)
    return {
      findings: [ok(CHECK, "Neither functions, stack-name, ecs nor front-end is set here, so AWS was not asked.")],
      url: null,
    };
  const stack = await checkStack(target.stackName, ports.stacks);
  if (stack.useless) return stack;
  const functions = aws.functions.length > 0 ? aws.functions : stack.functions;
  const lambda = functions.length === 0 ? NOTHING : await checkFunctions(functions, aws.logs, ports);
  const alone = functions.length === 0;
  const asked = lambda.useless || ecs === null ? [] : await serviceFindings(ecs, alone, ports);
  const before =
    alone && ecs === null && frontEnd !== null ? [await metricsFinding(accessQueries(frontEnd), ports)] : [];
  return { ...stack, findings: [...stack.findings, ...lambda.findings, ...asked, ...before] };
};

/** Findings about one part of AWS, and whether credentials that are of no use made the rest idle. */
type Checked = { readonly findings: readonly Finding[]; readonly useless: boolean };

const NOTHING: Checked = { findings: [], useless: false };

const checkFunctions = async (
  functions: readonly FunctionRef[],
  logs: Config["aws"]["logs"],
  ports: RightsPorts,
): Promise<Checked> => {
  const [first] = functions;
  if (first === undefined) return NOTHING;
  const useless = uselessFinding(await ports.lambda.configuration(first));
  if (useless !== null) return { findings: [useless], useless: true };
  return {
    findings: [
      ...(await lambdaFindings(functions, ports.lambda)),
      await metricsFinding(buildQueries(functions.slice(0, 1)), ports),
      ...(logs === "off" ? [] : await logFindings(functions, ports)),
    ],
    useless: false,
  };
};

/** Its metrics are asked for where no function's were: the right is the same. */
const serviceFindings = async (ref: EcsRef, alone: boolean, ports: RightsPorts): Promise<readonly Finding[]> => {
  const read = await ports.services.read(ref);
  const useless = uselessFinding(read);
  if (useless !== null) return [useless];
  return [
    rightFinding("ecs:DescribeServices", [{ name: serviceName(ref), read }], "warn"),
    ...(alone ? [await metricsFinding(containerQueries(ref), ports)] : []),
  ];
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

/** The one right without which the gate knows nothing of what AWS saw. */
const metricsFinding = async (queries: readonly MetricQuery[], { cloud, clock }: RightsPorts): Promise<Finding> => {
  const answer = await cloud.query(queries, lookBack(clock.now()));
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
    const isLogs = right.startsWith("logs:");
    const level = isLogs ? "warn" : "fail";
    const mend = `Check the name, the region and the account${isLogs ? "; a log group appears with the first call of its function" : ""}.`;
    return { level, check: CHECK, text: `${right}: AWS knows no ${absent.name}.`, mend };
  }
  const silent = tried.find(({ read }) => read.kind === "unavailable");
  if (silent?.read.kind === "unavailable")
    return warn(CHECK, `${right} gave no answer: ${silent.read.reason}`, "Try again.");
  return ok(CHECK, `${right}: allowed for ${tried.map(({ name }) => name).join(", ")}.`);
};

const uselessFinding = (read: AwsRead<unknown>): Finding | null =>
  read.kind === "denied" && !read.permission ? fail(CHECK, read.reason, read.hint) : null;
