import { accountFacts } from "../cloud/account.ts";
import type { CloudResult } from "../cloud/cloud.ts";
import { expectedAtFrontEnd, expectedRequests } from "../cloud/expectation.ts";
import { type CloudFacts, noFacts } from "../cloud/facts.ts";
import { hostHeader } from "../cloud/front-ends.ts";
import { ACCOUNT_QUERY, buildQueries } from "../cloud/queries.ts";
import { loadSpan } from "../cloud/window.ts";
import type { Config } from "../config/config.ts";
import type { Problem } from "../errors.ts";
import type { LoadResult } from "../load/result.ts";
import type { Clock, CloudMetrics, FunctionLogs, Log, MetricNames, Quotas, Stacks } from "../ports.ts";
import type { ProbeRecord } from "../target/readiness.ts";
import { type EpochMs, epochMs, millis } from "../units.ts";
import { type AskBefore, askBefore } from "./ask-before.ts";
import { type Collected, collectCloud } from "./collect-cloud.ts";
import { type CollectedLogs, collectLogs } from "./collect-logs.ts";
import type { Deployment } from "./observe-deployment.ts";
import { readQuotas } from "./read-quotas.ts";
import { unlessAborted } from "./unless-aborted.ts";
import { untilDeadline } from "./until-deadline.ts";

export type AskAws = {
  readonly config: Pick<Config, "aws" | "target">;
  readonly load: LoadResult;
  readonly probes: readonly ProbeRecord[];
  /** Headers of an answer of the target. */
  readonly headers: Readonly<Record<string, string>>;
  readonly deployment: Deployment;
  readonly ports: {
    readonly cloud: CloudMetrics & MetricNames;
    readonly logs: FunctionLogs;
    readonly stacks: Stacks;
    readonly quotas: Quotas;
    readonly clock: Clock;
    readonly log: Log;
  };
  readonly signal: AbortSignal;
};

export type AwsSaw = { readonly cloud: CloudResult | null; readonly problems: readonly Problem[] };

/**
 * Lambda's metrics first, whose count decides how far AWS has come, then the front end's, logs and quotas within what is
 * left of metrics-timeout. Without functions the front end's own count decides.
 */
export const askAws = async (options: AskAws): Promise<AwsSaw> => {
  const { config, deployment, ports } = options;
  const { functions, frontEnd, prices, logs: wanted } = config.aws;
  if (functions.length === 0 && frontEnd === null) return { cloud: null, problems: [] };
  const loadEnd = ports.clock.now();
  const lambda = functions.length === 0 ? null : await askLambda(options, loadEnd);
  const before = await askFrontEnd(options, { loadEnd, lambda });
  const found = lambda ?? before.collected;
  if (found === null) return { cloud: null, problems: before.notes.map(unnamedFrontEnd) };
  const { values, silent: _, ...cloud } = found;
  const [logs, quotas] = await Promise.all([
    logsOf(options, { cloud, loadEnd }),
    quotasOf(options, { frontEnd: before.facts.frontEnd, cloud, loadEnd }),
  ]);
  const unread = logs.denied === null ? [] : [`${logs.denied} Logs were not read.`];
  const metricsRequested =
    before.metricsRequested + (lambda === null ? 0 : lambda.polls * (buildQueries(functions).length + 1));
  const claimed = values[ACCOUNT_QUERY.id] ?? null;
  const facts: CloudFacts = {
    ...noFacts,
    ...deployment.facts,
    ...before.facts,
    region: deployment.facts.region ?? config.aws.region,
    account: accountFacts({ ...deployment.facts.account, claimedMax: claimed, ...quotas.facts }),
    logs: logs.logs,
    prices,
    metricsRequested,
    logBytesScanned: logs.bytesScanned,
  };
  const notes = [
    ...cloud.notes,
    ...costNote(metricsRequested, cloud.polls),
    ...spillNotes(cloud),
    ...deployment.notes,
    ...before.notes,
    ...quotas.notes,
    ...logs.notes,
    ...(wanted === "on" ? [] : unread),
  ];
  const unseen = lambda === null ? unseenFrontEnd(cloud, options.signal) : [];
  return {
    cloud: { ...cloud, facts, notes },
    problems: [...unseen, ...(wanted === "on" ? unread.map(logsDenied) : [])],
  };
};

const askLambda = ({ config, load, probes, ports, signal }: AskAws, loadEnd: EpochMs): Promise<Collected> =>
  collectCloud({
    functions: config.aws.functions,
    span: loadSpan(load),
    loadEnd,
    expected: expectedRequests(load, probes),
    timeout: config.aws.metricsTimeout,
    ports,
    signal,
  });

/** Credentials that were of no use for Lambda's metrics are of none for the front end's. */
const askFrontEnd = async (
  { config, load, probes, headers, deployment, ports, signal }: AskAws,
  { loadEnd, lambda }: { readonly loadEnd: EpochMs; readonly lambda: Collected | null },
): Promise<AskBefore> => {
  const { target, aws } = config;
  const host = hostHeader(target.headers);
  return await askBefore({
    signs: { url: target.url ?? "", host, headers, functions: aws.functions, given: aws.frontEnd },
    ecs: aws.ecs,
    stackName: target.stackName,
    reachable: !deployment.hopeless && lambda?.state !== "denied" && lambda?.polls !== 0 && lambda?.silent !== true,
    decides: lambda === null,
    span: loadSpan(load),
    loadEnd,
    expected: expectedAtFrontEnd(load, probes),
    timeout: aws.metricsTimeout,
    ports,
    signal,
  });
};

/** Without functions no metric of the report is there to say that AWS told nothing. */
const unseenFrontEnd = ({ state, reason, polls }: CloudResult, signal: AbortSignal): readonly Problem[] => {
  if (signal.aborted || polls === 0) return [];
  if (state === "denied") return [{ ...UNSEEN, code: "cloud-denied", message: reason }];
  return state === "incomplete" ? [{ ...UNSEEN, code: "cloud-incomplete", message: reason }] : [];
};

/** There is no record of AWS that could hold the note. */
const unnamedFrontEnd = (message: string): Problem => ({ ...UNSEEN, code: "cloud-incomplete", message });

const UNSEEN = {
  severity: "warning",
  hint: "Nothing of what AWS saw is in this report; docs/permissions.md says what it needs.",
} as const satisfies Partial<Problem>;

/** As many as one call of GetMetricData takes. */
const MANY_METRICS = 500;

const costNote = (requested: number, polls: number): readonly string[] =>
  requested <= MANY_METRICS * Math.max(1, polls)
    ? []
    : [
        `More than ${MANY_METRICS} metrics were read in each of ${polls} polls, ${requested} in all; AWS charges for each, and the report's cost of this run holds it.`,
      ];

/** Calls that found no provisioned environment are what a load test of provisioned concurrency is for. */
const spillNotes = ({ functions }: CloudResult): readonly string[] =>
  functions.flatMap(({ function: name, provisioned }) => {
    if (provisioned === undefined) return [];
    const { spillover, utilisationMax } = provisioned;
    const busy = utilisationMax === null ? "" : ` was at most ${Math.round(100 * utilisationMax)} % busy`;
    const spilt = spillover === null || spillover === 0 ? "" : ` ${spillover} calls ran on demand beside it`;
    return busy + spilt === ""
      ? []
      : [`The provisioned concurrency of ${name}${[busy, spilt].filter(Boolean).join(";")}.`];
  });

const NO_LOGS: CollectedLogs = { logs: [], bytesScanned: null, notes: [], denied: null };
/** As often as the metrics are asked for (SPEC 12.2). */
export const LONGEST_PAUSE = 15_000;

type Found = { readonly cloud: CloudResult; readonly loadEnd: EpochMs };

const logsOf = async (options: AskAws, { cloud, loadEnd }: Found): Promise<CollectedLogs> => {
  const { config, deployment, ports, signal } = options;
  const { metricsTimeout, functions, logs } = config.aws;
  if (logs === "off" || functions.length === 0 || deployment.hopeless || cloud.polls === 0) return NO_LOGS;
  return await collectLogs({
    functions: deployment.reads,
    cloud,
    deadline: epochMs(loadEnd + metricsTimeout),
    pause: millis(Math.min(LONGEST_PAUSE, metricsTimeout / 8)),
    ports,
    signal,
  });
};

type QuotasRead = Awaited<ReturnType<typeof readQuotas>>;

/** Quotas are for head-room, which needs Lambda's figures. */
const quotasOf = async (
  { config: { aws }, deployment, ports, signal }: AskAws,
  { frontEnd, cloud: { state }, loadEnd }: Found & { readonly frontEnd: CloudFacts["frontEnd"] },
): Promise<QuotasRead> => {
  const hopeless = deployment.hopeless || state === "denied" || signal.aborted;
  if (aws.functions.length === 0 || hopeless) return { facts: {}, notes: [] };
  const stop = untilDeadline({ deadline: epochMs(loadEnd + aws.metricsTimeout), clock: ports.clock, signal });
  const reading = readQuotas(ports.quotas, {
    frontEnd: frontEnd?.kind ?? null,
    needsConcurrency: (deployment.facts.account?.concurrencyLimit ?? null) === null,
    inVpc: deployment.facts.functions.some(({ vpcSubnets }) => (vpcSubnets ?? 0) > 0),
  });
  const note = "Service Quotas did not answer in time. Head-room goes by AWS's default quotas.";
  return (await unlessAborted(reading, stop)) ?? { facts: {}, notes: signal.aborted ? [] : [note] };
};

/** `logs: on`, and they may not be read. */
export const logsDenied = (message: string): Problem => ({
  code: "cloud-denied",
  severity: "warning",
  message,
  hint: "Give the role the statements for logs of docs/permissions.md, or set logs: off.",
});
