import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  GetQueryResultsCommand,
  paginateFilterLogEvents,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { FunctionChange } from "../../simulator/function-settings.ts";
import { defaultLogsSettings } from "../../simulator/logs/settings.ts";

let simulator: Simulator;
let client: CloudWatchLogsClient;
const from = Math.floor(Date.now() / 1000) - 5;
const forms = ["Text", "JSON"] as const;

beforeAll(async () => {
  simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const options = { region: "eu-central-1", credentials, maxAttempts: 1 };
  client = new CloudWatchLogsClient({ ...options, endpoint: simulator.urls.logs });
  for (const logFormat of forms) await burst(`orders-${logFormat}`, { logFormat });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await simulator.putLogs(defaultLogsSettings);
});

/** 30 requests: up to 5 cold starts, some errors, some throttles. */
async function burst(name: string, change: FunctionChange) {
  const settings = { durationMs: 12, jitter: 0.3, initMs: 30, errorShare: 0.2, concurrencyLimit: 5 };
  const { functionUrl } = await simulator.putFunction(name, {
    ...settings,
    errorType: "TypeError",
    maxMemoryUsedMb: 91,
    ...change,
  });
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 6 }, async () => (await fetch(functionUrl)).arrayBuffer()));
  }
}

const queries = {
  Text: `
    # how long, how cold, how much memory
    filter @type = "REPORT"
    | stats count(*) as n, avg(@duration) as avg_ms, pct(@duration,50) as p50, pct(@duration,95) as p95,
        max(@duration) as max_ms, avg(@billedDuration) as billed_ms, sum(ispresent(@initDuration)) as cold,
        avg(@initDuration) as init_avg, max(@maxMemoryUsed/1000/1000) as mem_mb`,
  JSON: `
    filter type = "platform.report"
    | stats count(*) as n, avg(record.metrics.durationMs) as avg_ms, pct(record.metrics.durationMs,50) as p50,
        pct(record.metrics.durationMs,95) as p95, max(record.metrics.durationMs) as max_ms,
        avg(record.metrics.billedDurationMs) as billed_ms, count(record.metrics.initDurationMs) as cold,
        avg(record.metrics.initDurationMs) as init_avg, max(record.metrics.maxMemoryUsedMB) as mem_mb`,
};

const start = (logGroupName: string, queryString: string) =>
  client.send(new StartQueryCommand({ logGroupName, queryString, startTime: from, endTime: from + 600 }));

async function run(logGroupName: string, queryString: string) {
  const { queryId } = await start(logGroupName, queryString);
  const statuses: (string | undefined)[] = [];
  for (;;) {
    const { status, results = [], statistics } = await client.send(new GetQueryResultsCommand({ queryId }));
    statuses.push(status);
    if (status === "Scheduled" || status === "Running") continue;
    const rows = results.map((row) => Object.fromEntries(row.map(({ field = "", value = "" }) => [field, value])));
    return { statuses, rows, matched: statistics?.recordsMatched };
  }
}

async function truth(name: string) {
  const { entries, counts } = await simulator.ledger(name);
  const ran = entries.filter(({ outcome }) => outcome !== "throttled");
  const sorted = ran.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const inits = ran.flatMap(({ initMs }) => (initMs > 0 ? [initMs] : []));
  return {
    ...{ counts, sorted, mean: mean(sorted), initMean: mean(inits), cold: inits.length },
    billed: mean(ran.map((one) => Math.ceil(one.durationMs + one.initMs))),
  };
}

describe("Logs Insights", () => {
  it.each(forms)("tells what the ledger holds, from lines of the %s format", async (form) => {
    const told = await truth(`orders-${form}`);
    expect(told.counts).toMatchObject({ requests: 30 });
    expect(told.counts.throttles).toBeGreaterThan(0);
    const { rows, matched } = await run(`/aws/lambda/orders-${form}`, queries[form]);
    const [row] = rows;
    expect(rows).toHaveLength(1);
    expect(row).toMatchObject({ n: String(told.counts.invocations), cold: String(told.cold), mem_mb: "91" });
    expect(matched).toBe(told.counts.invocations);
    expect(Number(row?.["avg_ms"])).toBeCloseTo(told.mean, 1);
    expect(Number(row?.["p50"])).toBeCloseTo(told.sorted[Math.ceil(0.5 * told.sorted.length) - 1] ?? 0, 1);
    expect(Number(row?.["p95"])).toBeCloseTo(told.sorted[Math.ceil(0.95 * told.sorted.length) - 1] ?? 0, 1);
    expect(Number(row?.["max_ms"])).toBeCloseTo(told.sorted.at(-1) ?? 0, 1);
    expect(Number(row?.["billed_ms"])).toBeCloseTo(told.billed, 3);
    expect(Number(row?.["init_avg"])).toBeCloseTo(told.initMean, 1);
  });

  it.each([
    [
      "Text",
      `filter @message like /Invoke Error/ | parse @message /"errorType":"(?<kind>[^"]+)"/ | stats count(*) as n by kind`,
    ],
    ["JSON", `filter level = "ERROR" | stats count(*) as n by message.errorType as kind`],
  ])("counts errors by type in the %s format", async (form, query) => {
    const { counts } = await truth(`orders-${form}`);
    expect(counts.errors).toBeGreaterThan(0);
    const { rows } = await run(`/aws/lambda/orders-${form}`, query);
    expect(rows).toEqual([{ kind: "TypeError", n: String(counts.errors) }]);
  });

  it.each([
    ["Text", '@type = "REPORT"', "@duration"],
    ["JSON", 'type = "platform.report"', "record.metrics.durationMs"],
  ])("tells by slots of time when invocations of a version started, in the %s format", async (form, filter, took) => {
    const { entries } = await simulator.ledger(`orders-${form}`);
    const ran = entries.filter(({ outcome }) => outcome !== "throttled");
    // Lines round their times: in the longest quiet stretch nothing is near the edge.
    const started = ran.map(({ endMs, durationMs }) => Math.floor(endMs) - durationMs).sort((a, b) => a - b);
    const gaps = started.slice(1).map((at, i) => ({ from: started[i] ?? at, to: at }));
    const { from: before = 0, to = 0 } = gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0] ?? {};
    const edge = Math.round((before + to) / 2);
    const query = (version: string) => `filter ${filter} | filter @logStream like "[${version}]"
      | fields floor((toMillis(@timestamp) - ${edge} - ${took}) / 3600000) as slot | filter slot >= 0
      | stats count(*) as n by slot`;
    const late = started.filter((at) => at >= edge).length;
    const { rows } = await run(`/aws/lambda/orders-${form}`, query(ran[0]?.version ?? ""));
    expect(rows).toEqual([{ slot: "0", n: String(late) }]);
    expect(late).toBeLessThan(ran.length);
    expect((await run(`/aws/lambda/orders-${form}`, query("7"))).rows).toEqual([]);
  });

  it("gives lines with a pointer when nothing is counted", async () => {
    const { rows } = await run(
      "/aws/lambda/orders-Text",
      `fields @timestamp, @message | filter @type = "REPORT" | limit 2`,
    );
    expect(rows.map((row) => Object.keys(row))).toEqual(
      Array.from({ length: 2 }, () => ["@timestamp", "@message", "@ptr"]),
    );
  });

  it("is Scheduled, then Running, then Complete", async () => {
    await simulator.putLogs({ runningPolls: 3 });
    const { statuses } = await run("/aws/lambda/orders-Text", queries.Text);
    expect(statuses).toEqual(["Scheduled", "Running", "Running", "Complete"]);
  });

  it.each([
    [{ failQueries: 1 }, "Failed"],
    [{ timeoutQueries: 1 }, "Timeout"],
  ])("ends badly with %j, once", async (faults, end) => {
    await simulator.putLogs(faults);
    const first = await run("/aws/lambda/orders-Text", queries.Text);
    expect([first.statuses.at(-1), first.rows]).toEqual([end, []]);
    expect((await run("/aws/lambda/orders-Text", queries.Text)).statuses.at(-1)).toBe("Complete");
  });

  it("can be stopped", async () => {
    await simulator.putLogs({ runningPolls: 9 });
    const { queryId } = await start("/aws/lambda/orders-Text", queries.Text);
    expect((await client.send(new StopQueryCommand({ queryId }))).success).toBe(true);
    expect((await client.send(new GetQueryResultsCommand({ queryId }))).status).toBe("Cancelled");
  });

  it("finds nothing before the lines are ingested: no row at all", async () => {
    await simulator.putLogs({ delayMs: 3_600_000 });
    expect((await run("/aws/lambda/orders-Text", queries.Text)).rows).toEqual([]);
  });

  it.each([
    ["a group that is not there", "/aws/lambda/other", queries.Text, "ResourceNotFoundException"],
    ["a command it does not know", "/aws/lambda/orders-Text", "anomaly @message", "MalformedQueryException"],
    ["a function it does not know", "/aws/lambda/orders-Text", "stats stddev(@duration)", "MalformedQueryException"],
    ["half a query", "/aws/lambda/orders-Text", "filter @type = ", "MalformedQueryException"],
  ])("refuses %s", async (...[, group, query, name]) => {
    await expect(start(group, query)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});

describe("FilterLogEvents", () => {
  const filter = (form: string, filterPattern: string) => ({
    ...{ logGroupName: `/aws/lambda/orders-${form}`, filterPattern },
    ...{ startTime: from * 1000, endTime: (from + 600) * 1000 },
  });

  it.each([
    ["Text", '"REPORT RequestId"', /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\t/],
    ["JSON", '{ $.type = "platform.report" }', /^\{"time":"[^"]+","type":"platform.report","record":\{"requestId"/],
  ])("finds the reports in the %s format, page by page, some of them empty", async (form, pattern, line) => {
    await simulator.putLogs({ pageSize: 9, emptyPages: 2 });
    const sizes: number[] = [];
    const messages: string[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client }, filter(form, pattern))) {
      sizes.push(events.length);
      messages.push(...events.map(({ message = "" }) => message));
    }
    const { invocations } = (await truth(`orders-${form}`)).counts;
    expect(messages).toHaveLength(invocations);
    for (const message of messages) expect(message).toMatch(line);
    expect(sizes.slice(0, 4)).toEqual([0, 0, 9, 0]);
    expect(sizes.at(-1)).toBeGreaterThan(0);
  });

  it("tells a timeout apart from an error", async () => {
    await burst("slow", { durationMs: 200, timeoutMs: 20, concurrencyLimit: 100, errorShare: 0 });
    const lines = async (pattern: string) => {
      const { events = [] } = await client.send(
        new FilterLogEventsCommand({ ...filter("Text", pattern), logGroupName: "/aws/lambda/slow" }),
      );
      return events.map(({ message = "" }) => message);
    };
    expect(await lines('"Task timed out after 0.02 seconds"')).toHaveLength(30);
    expect(await lines('"REPORT RequestId" "Status: timeout"')).toHaveLength(30);
    expect(await lines('"Status: error"')).toHaveLength(0);
  });

  it("honours the millisecond, both ends inclusive, and names the stream of the version", async () => {
    const all = await client.send(new FilterLogEventsCommand(filter("Text", '"REPORT RequestId"')));
    const one = all.events?.[5];
    const same = (all.events ?? []).filter(({ timestamp }) => timestamp === one?.timestamp).length;
    const at = one?.timestamp ?? 0;
    const within = async (startTime: number, endTime: number) =>
      (await client.send(new FilterLogEventsCommand({ ...filter("Text", '"REPORT RequestId"'), startTime, endTime })))
        .events;
    expect(await within(at, at)).toHaveLength(same);
    expect((await within(at + 1, from * 1000 + 600_000))?.every(({ timestamp = 0 }) => timestamp > at)).toBe(true);
    expect(one?.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[1\]/);
  });

  it("is empty for another time", async () => {
    const later = { ...filter("Text", '"REPORT RequestId"'), startTime: (from + 500) * 1000 };
    const { events, nextToken } = await client.send(new FilterLogEventsCommand(later));
    expect([events, nextToken]).toEqual([[], undefined]);
  });

  it.each([
    ["a pattern it does not know", { filterPattern: "{ $.a > 3 }" }, {}, "InvalidParameterException"],
    ["a missing group", { logGroupName: "/aws/lambda/silent" }, {}, "ResourceNotFoundException"],
    ["a token that is none", { nextToken: "?" }, {}, "InvalidParameterException"],
    ["no permission", {}, { deny: ["FilterLogEvents"] }, "AccessDeniedException"],
    ["an old token", {}, { expired: true }, "ExpiredTokenException"],
    ["too many calls", {}, { throttleFirst: 1 }, "ThrottlingException"],
  ])("refuses %s", async (...[, change, faults, name]) => {
    await simulator.putFunction("silent", { logs: false });
    await simulator.putLogs(faults);
    const command = new FilterLogEventsCommand({ ...filter("Text", ""), ...change });
    await expect(client.send(command)).rejects.toMatchObject({ name });
  });
});

it("can refuse queries and leave the other way open", async () => {
  await simulator.putLogs({ deny: ["StartQuery"] });
  await expect(start("/aws/lambda/orders-Text", queries.Text)).rejects.toMatchObject({ name: "AccessDeniedException" });
  await simulator.putLogs({ deny: [], limitExceededFirst: 1 });
  await expect(start("/aws/lambda/orders-Text", queries.Text)).rejects.toMatchObject({
    name: "LimitExceededException",
  });
  const { operation } = (await simulator.logs()).calls.at(-1) ?? {};
  expect(operation).toBe("StartQuery");
});
