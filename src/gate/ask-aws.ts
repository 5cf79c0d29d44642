import type { CloudResult } from "../cloud/cloud.ts";
import { expectedRequests } from "../cloud/expectation.ts";
import { noFacts } from "../cloud/facts.ts";
import { buildQueries } from "../cloud/queries.ts";
import { loadSpan } from "../cloud/window.ts";
import type { AwsConfig } from "../config/config.ts";
import type { Problem } from "../errors.ts";
import type { LoadResult } from "../load/result.ts";
import type { Clock, CloudMetrics, FunctionLogs, Log } from "../ports.ts";
import type { ProbeRecord } from "../target/readiness.ts";
import { type EpochMs, epochMs, millis } from "../units.ts";
import { collectCloud } from "./collect-cloud.ts";
import { type CollectedLogs, collectLogs } from "./collect-logs.ts";
import type { Deployment } from "./observe-functions.ts";

export type AskAws = {
  readonly aws: AwsConfig;
  readonly load: LoadResult;
  readonly probes: readonly ProbeRecord[];
  readonly deployment: Deployment;
  readonly ports: {
    readonly cloud: CloudMetrics;
    readonly logs: FunctionLogs;
    readonly clock: Clock;
    readonly log: Log;
  };
  readonly signal: AbortSignal;
};

export type AwsSaw = { readonly cloud: CloudResult | null; readonly problems: readonly Problem[] };

/** Metrics first, then logs within what is left of metrics-timeout; together with the facts from before the load. */
export const askAws = async (options: AskAws): Promise<AwsSaw> => {
  const { aws, load, probes, deployment, ports, signal } = options;
  if (aws.functions.length === 0) return { cloud: null, problems: [] };
  const loadEnd = ports.clock.now();
  const cloud = await collectCloud({
    functions: aws.functions,
    span: loadSpan(load),
    loadEnd,
    expected: expectedRequests(load, probes),
    timeout: aws.metricsTimeout,
    ports,
    signal,
  });
  const logs = await logsOf(options, cloud, loadEnd);
  const unread = logs.denied === null ? [] : [`${logs.denied} Logs were not read.`];
  const perPoll = buildQueries(aws.functions).length;
  const facts = {
    ...noFacts,
    ...deployment.facts,
    logs: logs.logs,
    metricsRequested: cloud.polls * perPoll,
    logBytesScanned: logs.bytesScanned,
  };
  return {
    cloud: {
      ...cloud,
      facts,
      notes: [
        ...cloud.notes,
        ...costNote(perPoll, cloud.polls),
        ...deployment.notes,
        ...logs.notes,
        ...(aws.logs === "on" ? [] : unread),
      ],
    },
    problems: aws.logs === "on" ? unread.map(logsDenied) : [],
  };
};

/** As many as one call of GetMetricData takes; AWS charges 0.01 USD per 1,000 metrics. */
const MANY_METRICS = 500;

const costNote = (perPoll: number, polls: number): readonly string[] =>
  perPoll <= MANY_METRICS
    ? []
    : [
        `${perPoll} metrics were read ${polls} times, which AWS charges ${((perPoll * polls) / 100_000).toFixed(2)} USD for.`,
      ];

const NO_LOGS: CollectedLogs = { logs: [], bytesScanned: null, notes: [], denied: null };
/** As often as the metrics are asked for (SPEC 12.2). */
const LONGEST_PAUSE = 15_000;

const logsOf = async (
  { aws, deployment, ports, signal }: AskAws,
  cloud: CloudResult,
  loadEnd: EpochMs,
): Promise<CollectedLogs> => {
  if (aws.logs === "off" || deployment.hopeless || cloud.polls === 0) return NO_LOGS;
  return await collectLogs({
    functions: deployment.reads,
    cloud,
    deadline: epochMs(loadEnd + aws.metricsTimeout),
    pause: millis(Math.min(LONGEST_PAUSE, aws.metricsTimeout / 8)),
    ports,
    signal,
  });
};

const logsDenied = (message: string): Problem => ({
  code: "cloud-denied",
  severity: "warning",
  message,
  hint: "Give the role the statements for logs of docs/permissions.md, or set logs: off.",
});
