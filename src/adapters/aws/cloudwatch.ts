import type { CloudWatchClient, GetMetricDataCommandOutput, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { MetricAnswer, MetricQuery } from "../../cloud/queries.ts";
import type { CloudMetrics, MetricNames } from "../../ports.ts";
import { allowed, awsRead, beforeAbort, clientSettings, tooLate } from "./aws-call.ts";
import { type Collected, collected, collectPage } from "./metric-pages.ts";
import { sdkFailure, serverFault } from "./sdk-failure.ts";

export type CloudWatchOptions = {
  /** `null` leaves it to the SDK: `AWS_REGION`, then the profile. */
  readonly region: string | null;
  /** One poll with all its pages and retries, in milliseconds. */
  readonly pollTimeout?: number;
};

export type CloudWatch = CloudMetrics &
  MetricNames & {
    /** Frees the sockets; a later query opens a new client. */
    readonly close: () => void;
  };

type Sdk = typeof import("@aws-sdk/client-cloudwatch");
type Window = Parameters<CloudMetrics["query"]>[1];

const QUERIES_PER_CALL = 500;
const MAX_PAGES = 50;
/** How often `InternalError` of single results is asked again within one poll. */
const MAX_REPEATS = 2;
const POLL_TIMEOUT = 20_000;

/**
 * CloudWatch through the SDK, which is loaded on the first query: a run without functions never pays for it. Endpoint,
 * credentials and retry of throttled calls are the SDK's own (`AWS_ENDPOINT_URL_CLOUDWATCH` and so on).
 */
export const createCloudWatch = ({ region, pollTimeout = POLL_TIMEOUT }: CloudWatchOptions): CloudWatch => {
  const clients = new Map<string | null, CloudWatchClient>();
  const open = async (at: string | null): Promise<Pick<Call, "sdk" | "client">> => {
    const sdk = await import("@aws-sdk/client-cloudwatch");
    const client = clients.get(at) ?? new sdk.CloudWatchClient({ ...clientSettings(at), maxAttempts: 5 });
    clients.set(at, client);
    return { sdk, client };
  };
  const query = async (queries: readonly MetricQuery[], window: Window, asker?: AbortSignal): Promise<MetricAnswer> => {
    const signal = allowed(pollTimeout, asker);
    try {
      const answers: MetricAnswer[] = [];
      for (const [at, group] of Map.groupBy(queries, (one) => one.region ?? region))
        answers.push(await beforeAbort(readOrSplit({ ...(await open(at)), signal, window }, group), signal));
      return together(answers);
    } catch (error) {
      return signal.aborted
        ? { kind: "unavailable", reason: `CloudWatch did not answer ${tooLate(pollTimeout, asker)}.` }
        : sdkFailure(error);
    }
  };
  return {
    query,
    list: (namespace, metric, asker) =>
      awsRead({
        service: "CloudWatch",
        action: "cloudwatch:ListMetrics",
        timeout: pollTimeout,
        signal: asker,
        ask: async (signal) => await listAll({ ...(await open(region)), signal }, { namespace, metric }),
      }),
    close: () => {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
};

/** One answer of several regions: a failure of one of them is a failure. */
const together = (answers: readonly MetricAnswer[]): MetricAnswer => {
  const failed = answers.find((one) => one.kind !== "values");
  if (failed !== undefined) return failed;
  const told = answers.filter((one) => one.kind === "values");
  return {
    kind: "values",
    values: Object.assign({}, ...told.map(({ values }) => values)),
    messages: told.flatMap(({ messages }) => messages),
  };
};

/** 500 metrics a page; whoever has more of them is not told apart by their names. */
const MAX_LIST_PAGES = 4;

const listAll = async (
  { sdk, client, signal }: Omit<Call, "window">,
  { namespace, metric }: { readonly namespace: string; readonly metric: string },
): Promise<readonly Readonly<Record<string, string>>[]> => {
  const found: Readonly<Record<string, string>>[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_LIST_PAGES; page += 1) {
    const command = new sdk.ListMetricsCommand({
      Namespace: namespace,
      MetricName: metric,
      RecentlyActive: "PT3H",
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const answer = await client.send(command, { abortSignal: signal });
    for (const { Dimensions = [] } of answer.Metrics ?? [])
      found.push(Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value])));
    token = answer.NextToken;
    if (token === undefined || token === "") break;
  }
  return found;
};

type Call = {
  readonly sdk: Sdk;
  readonly client: CloudWatchClient;
  readonly signal: AbortSignal;
  readonly window: Window;
};

/**
 * A server that fails over a percentile fails the whole call with it, and then the plain statistics would be lost too:
 * after a fault of the server's own both kinds are asked apart, and only what fails again is missing.
 */
const readOrSplit = async (call: Call, queries: readonly MetricQuery[]): Promise<MetricAnswer> => {
  const [percentiles, plain] = [queries.filter(isPercentile), queries.filter((query) => !isPercentile(query))];
  try {
    return await readAll(call, queries);
  } catch (error) {
    if (!serverFault(error) || percentiles.length === 0 || plain.length === 0) throw error;
  }
  const answer = await readAll(call, plain);
  if (answer.kind !== "values") return answer;
  const rest = await readAll(call, percentiles).catch(sdkFailure);
  if (rest.kind === "values") return together([answer, rest]);
  const missing = Object.fromEntries(percentiles.map(({ id }) => [id, null]));
  return {
    kind: "values",
    values: { ...answer.values, ...missing },
    messages: [...answer.messages, `it gave no percentiles: ${rest.reason}`],
  };
};

const isPercentile = ({ statistic }: MetricQuery): boolean => /^p\d/.test(statistic);

const readAll = async (call: Call, queries: readonly MetricQuery[]): Promise<MetricAnswer> => {
  let sum = collected(queries);
  for (let from = 0; from < queries.length; from += QUERIES_PER_CALL)
    sum = await readChunk(call, queries.slice(from, from + QUERIES_PER_CALL), sum);
  if (sum.forbidden)
    return {
      kind: "denied",
      reason: "CloudWatch forbids these metrics; cloudwatch:GetMetricData must be allowed on *.",
    };
  if (sum.failed.size > 0)
    return { kind: "unavailable", reason: `CloudWatch had an internal error in ${sum.failed.size} of its figures.` };
  return { kind: "values", values: Object.fromEntries(sum.values), messages: [...sum.messages] };
};

/** Follows the pages; what came back as `InternalError` is asked again from its first page. */
const readChunk = async (call: Call, queries: readonly MetricQuery[], before: Collected): Promise<Collected> => {
  let sum = before;
  for (let repeat = 0; repeat <= MAX_REPEATS; repeat += 1) {
    const open = repeat === 0 ? queries : queries.filter(({ id }) => sum.failed.has(id));
    if (open.length === 0) break;
    sum = await readPages(call, open, sum);
  }
  return sum;
};

const readPages = async (call: Call, queries: readonly MetricQuery[], before: Collected): Promise<Collected> => {
  let sum = before;
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await readPage(call, queries, token);
    sum = collectPage(sum, answer, call.window.start);
    token = answer.NextToken;
    if (token === undefined || token === "") return sum;
  }
  throw new Error(`CloudWatch sent more than ${MAX_PAGES} pages`);
};

const readPage = (
  { sdk, client, signal, window }: Call,
  queries: readonly MetricQuery[],
  token: string | undefined,
): Promise<GetMetricDataCommandOutput> => {
  const period = (window.end - window.start) / 1000;
  const command = new sdk.GetMetricDataCommand({
    StartTime: new Date(window.start),
    EndTime: new Date(window.end),
    ScanBy: "TimestampAscending",
    MetricDataQueries: queries.map((query) => dataQuery(query, period)),
    ...(token === undefined ? {} : { NextToken: token }),
  });
  return client.send(command, { abortSignal: signal });
};

/** No `Unit`: one that does not match answers with nothing and without an error. */
const dataQuery = (query: MetricQuery, period: number): MetricDataQuery => ({
  Id: query.id,
  MetricStat: {
    Metric: {
      Namespace: query.namespace,
      MetricName: query.metric,
      Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: period,
    Stat: query.statistic,
  },
});
