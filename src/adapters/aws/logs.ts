import { setTimeout as sleep } from "node:timers/promises";
import type { CloudWatchLogsClient, QueryStatus, ResultField } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsRead } from "../../cloud/aws-read.ts";
import type { LogLine } from "../../cloud/report-line.ts";
import type { FunctionLogs, LogRange } from "../../ports.ts";
import { epochMs } from "../../units.ts";
import { type AwsOptions, awsRead, clientSettings } from "./aws-call.ts";

export type Logs = FunctionLogs & {
  /** Frees the sockets; a later call opens a new client. */
  readonly close: () => void;
};

type Sdk = typeof import("@aws-sdk/client-cloudwatch-logs");
type Opened = { readonly sdk: Sdk; readonly client: CloudWatchLogsClient };
type Found = { readonly rows: readonly Readonly<Record<string, string>>[]; readonly bytesScanned: number };

/** A query over a run's lines takes a second or two, a page of lines less. */
const QUERY_TIMEOUT = 60_000;
const LINES_TIMEOUT = 60_000;
const POLL = 500;
const MAX_PAGES = 2_000;
const RUNNING: ReadonlySet<QueryStatus | undefined> = new Set(["Scheduled", "Running"]);

/** CloudWatch Logs through the SDK, which is loaded on the first call. */
export const createLogs = ({ region, callTimeout }: AwsOptions): Logs => {
  let client: CloudWatchLogsClient | null = null;
  const open = async (): Promise<Opened> => {
    const sdk = await import("@aws-sdk/client-cloudwatch-logs");
    client ??= new sdk.CloudWatchLogsClient(clientSettings(region));
    return { sdk, client };
  };
  const read = <T>(
    action: string,
    { timeout, asker }: { readonly timeout: number; readonly asker?: AbortSignal | undefined },
    ask: (opened: Opened, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<AwsRead<T>> =>
    awsRead<T>({
      service: "CloudWatch Logs",
      action: `logs:${action}`,
      timeout: callTimeout ?? timeout,
      signal: asker,
      absent: ({ name }) => name === "ResourceNotFoundException",
      ask: async (signal) => ask(await open(), signal),
    });
  return {
    insights: async (range, query, asker) => {
      const started = await read("StartQuery", { timeout: QUERY_TIMEOUT, asker }, (opened, signal) =>
        startQuery(opened, range, query, signal),
      );
      if (started.kind !== "value") return started;
      const found = await read("GetQueryResults", { timeout: QUERY_TIMEOUT, asker }, (opened, signal) =>
        queryResults(opened, started.value, signal),
      );
      // A query that nobody waits for any more still counts against the account's limit of running ones.
      if (found.kind === "unavailable")
        await read("StopQuery", { timeout: POLL * 10 }, ({ sdk, client: logs }, abortSignal) =>
          logs.send(new sdk.StopQueryCommand({ queryId: started.value }), { abortSignal }),
        );
      return found;
    },
    lines: (range, pattern, limit, asker) =>
      read("FilterLogEvents", { timeout: LINES_TIMEOUT, asker }, (opened, signal) =>
        filteredLines(opened, range, { pattern, limit, signal }),
      ),
    close: () => {
      client?.destroy();
      client = null;
    },
  };
};

/** Times are whole seconds, both inclusive. */
const startQuery = async (
  { sdk, client }: Opened,
  { group, start, end }: LogRange,
  queryString: string,
  abortSignal: AbortSignal,
): Promise<string> => {
  const command = new sdk.StartQueryCommand({
    logGroupName: group,
    startTime: Math.floor(start / 1000),
    endTime: Math.ceil(end / 1000),
    queryString,
  });
  const { queryId } = await client.send(command, { abortSignal });
  if (queryId === undefined) throw new Error("Logs Insights gave the query no id");
  return queryId;
};

const queryResults = async ({ sdk, client }: Opened, queryId: string, abortSignal: AbortSignal): Promise<Found> => {
  for (;;) {
    const answer = await client.send(new sdk.GetQueryResultsCommand({ queryId }), { abortSignal });
    if (answer.status === "Complete")
      return { rows: (answer.results ?? []).map(rowOf), bytesScanned: answer.statistics?.bytesScanned ?? 0 };
    if (!RUNNING.has(answer.status)) throw new Error(`the query ended as ${answer.status ?? "unknown"}`);
    await sleep(POLL, null, { signal: abortSignal });
  }
};

const rowOf = (fields: readonly ResultField[]): Readonly<Record<string, string>> =>
  Object.fromEntries(fields.map(({ field = "", value = "" }) => [field, value]));

/** Empty pages with a token ahead of full ones are normal: only a missing token ends it. */
const filteredLines = async (
  { sdk, client }: Opened,
  { group, start, end }: LogRange,
  { pattern, limit, signal }: { readonly pattern: string; readonly limit: number; readonly signal: AbortSignal },
): Promise<readonly LogLine[]> => {
  const lines: LogLine[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES && lines.length < limit; page += 1) {
    const command = new sdk.FilterLogEventsCommand({
      logGroupName: group,
      startTime: start,
      endTime: end,
      filterPattern: pattern,
      ...(token === undefined ? {} : { nextToken: token }),
    });
    const answer = await client.send(command, { abortSignal: signal });
    for (const { message, timestamp, logStreamName = "" } of answer.events ?? [])
      if (message !== undefined && timestamp !== undefined)
        lines.push({ at: epochMs(timestamp), stream: logStreamName, message });
    token = answer.nextToken;
    if (token === undefined || token === "") break;
  }
  return lines.slice(0, limit);
};
