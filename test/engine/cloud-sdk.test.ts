/** Answers the simulator does not give: a hand-written awsJson 1.0 server behind the real SDK. */
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCloudWatch } from "../../src/adapters/aws/cloudwatch.ts";
import type { FunctionRef } from "../../src/cloud/cloud.ts";
import { buildQueries, type MetricAnswer } from "../../src/cloud/queries.ts";
import { epochMs } from "../../src/units.ts";

const start = 1_700_000_040_000;
const window = { start: epochMs(start), end: epochMs(start + 180_000) };
const orders: FunctionRef = { label: "orders", name: "orders", qualifier: null, region: null };

type Asked = {
  readonly MetricDataQueries: readonly { readonly Id: string; readonly MetricStat: { readonly Stat: string } }[];
  readonly NextToken?: string;
};
type Reply = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown };

let server: Server;
let url: string;
let asked: Asked[];
let reply: (call: Asked, index: number) => Reply;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const call = JSON.parse(text) as Asked;
      asked.push(call);
      const { status = 200, headers = {}, body } = reply(call, asked.length - 1);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH", url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  vi.stubEnv("AWS_REGION", undefined);
  vi.stubEnv("AWS_DEFAULT_REGION", undefined);
  vi.stubEnv("NO_PROXY", "127.0.0.1");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const query = async (functions: readonly FunctionRef[] = [orders], region: string | null = "eu-central-1") => {
  const cloud = createCloudWatch({ region });
  const answer = await cloud.query(buildQueries(functions), window);
  cloud.close();
  return answer;
};

const point = (id: string, values: readonly unknown[], change: object = {}) => ({
  Id: id,
  Label: id,
  StatusCode: "Complete",
  Timestamps: values.map((_, index) => start / 1000 + index * 180),
  Values: values,
  ...change,
});
const page = (results: readonly unknown[], change: object = {}): Reply => ({
  body: { MetricDataResults: results, Messages: [], ...change },
});
const figure = (answer: MetricAnswer, id: string) => (answer.kind === "values" ? answer.values[id] : answer);

describe("pages and buckets", () => {
  test("more than 500 queries go in several calls", async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ ...orders, name: `fn-${index}`, label: `fn-${index}` }));
    reply = (call) => page(call.MetricDataQueries.map(({ Id }, index) => point(Id, [index])));
    const answer = await query(many);
    expect(asked.length).toBeGreaterThan(1);
    expect(Math.max(...asked.map((call) => call.MetricDataQueries.length))).toBeLessThanOrEqual(500);
    expect(answer.kind === "values" && Object.values(answer.values).every((value) => value !== null)).toBe(true);
  });

  test("PartialData goes on in the next page, and a page without points takes nothing away", async () => {
    reply = (call) =>
      call.NextToken === undefined
        ? page([point("f0_invocations", [], { StatusCode: "PartialData" }), point("f0_errors", [2])], {
            NextToken: "more",
          })
        : page([point("f0_invocations", [40]), point("f0_errors", [])]);
    const answer = await query();
    expect(asked.map((call) => call.NextToken)).toEqual([undefined, "more"]);
    expect(figure(answer, "f0_invocations")).toBe(40);
    expect(figure(answer, "f0_errors")).toBe(2);
    expect(figure(answer, "f0_throttles")).toBeNull();
  });

  test("pages without end are an error, not a hang", async () => {
    reply = () => page([], { NextToken: "again" });
    expect(await query()).toMatchObject({ kind: "unavailable", reason: expect.stringContaining("pages") });
  });

  test("only the bucket that starts with the window is taken", async () => {
    reply = () =>
      page([
        point("f0_invocations", [30, 10]),
        point("f0_duration_p95", [9], { Timestamps: [start / 1000 - 60] }),
        point("f0_duration_average", [null]),
      ]);
    const answer = await query();
    expect(figure(answer, "f0_invocations")).toBe(30);
    expect(figure(answer, "f0_duration_p95")).toBeNull();
    expect(figure(answer, "f0_duration_average")).toBeNull();
    expect(answer.kind === "values" && answer.messages.join()).toContain("other time buckets");
  });

  test("a datapoint without a number is missing, and nobody is told of other time buckets", async () => {
    reply = () => page([point("f0_invocations", [30]), point("f0_duration_p95", [null])]);
    const answer = await query();
    expect(figure(answer, "f0_duration_p95")).toBeNull();
    expect(answer.kind === "values" && answer.messages).toEqual([]);
  });

  test("messages of the answer and of single results are kept, each once, on one line", async () => {
    reply = () =>
      page([point("f0_invocations", [1], { Messages: [{ Code: "Own", Value: "two\nlines" }] })], {
        Messages: [
          { Code: "Top", Value: "x" },
          { Code: "Top", Value: "x" },
        ],
      });
    const answer = await query();
    expect(answer.kind === "values" && answer.messages).toEqual(["Top: x", "Own: two lines"]);
  });
});

describe("an internal error of single results", () => {
  test("only what failed is asked again", async () => {
    reply = (_, index) =>
      index === 0
        ? page([point("f0_invocations", [5]), point("f0_errors", [], { StatusCode: "InternalError" })])
        : page([point("f0_errors", [1])]);
    const answer = await query();
    expect(asked[1]?.MetricDataQueries.map(({ Id }) => Id)).toEqual(["f0_errors"]);
    expect([figure(answer, "f0_invocations"), figure(answer, "f0_errors")]).toEqual([5, 1]);
  });

  test("one that stays makes the poll unavailable, never a missing figure", async () => {
    reply = () => page([point("f0_invocations", [5]), point("f0_errors", [], { StatusCode: "InternalError" })]);
    expect(await query()).toMatchObject({ kind: "unavailable" });
  });
});

describe("a server that fails", () => {
  const crash: Reply = { status: 500, body: "<!doctype html>" };
  const statistics = (call: Asked) => call.MetricDataQueries.map(({ MetricStat }) => MetricStat.Stat);
  const asksPercentiles = (call: Asked): boolean => statistics(call).some((one) => one.startsWith("p"));
  const all = (call: Asked, value: number): Reply => page(call.MetricDataQueries.map(({ Id }) => point(Id, [value])));

  test("over percentiles: the plain statistics are kept, the percentiles are missing and not 0", async () => {
    reply = (call) => (asksPercentiles(call) ? crash : all(call, 7));
    const answer = await query();
    expect([figure(answer, "f0_invocations"), figure(answer, "f0_duration_max")]).toEqual([7, 7]);
    expect([figure(answer, "f0_duration_p50"), figure(answer, "f0_duration_p99")]).toEqual([null, null]);
    expect(answer.kind === "values" && answer.messages.join()).toContain("no percentiles");
  });

  test("over the whole question: both halves make the same answer", async () => {
    reply = (call) => (call.MetricDataQueries.length === buildQueries([orders]).length ? crash : all(call, 7));
    const answer = await query();
    expect(answer.kind === "values" && Object.values(answer.values)).toEqual(buildQueries([orders]).map(() => 7));
    expect(answer.kind === "values" && answer.messages).toEqual([]);
  });

  test("always: unavailable, in a sentence without the SDK's inner life", async () => {
    reply = () => crash;
    expect(await query()).toEqual({
      kind: "unavailable",
      reason: "CloudWatch answered with status 500 and something that cannot be read.",
    });
  });
});

describe("refusals are denied, with a sentence and without account numbers", () => {
  const refuse = (status: number, code: string, message = "no"): Reply => ({
    status,
    headers: { "x-amzn-query-error": `${code};Sender` },
    body: { __type: `com.amazonaws.cloudwatch#${code}`, message },
  });
  const arn =
    "User: arn:aws:sts::123456789012:assumed-role/gate/x is not authorized to perform: cloudwatch:GetMetricData";

  test.each<[string, Reply, RegExp]>([
    ["no permission", refuse(403, "AccessDenied", arn), /cloudwatch:GetMetricData/],
    ["an expired token", refuse(403, "ExpiredToken"), /expired/],
    ["an unknown key", refuse(403, "InvalidClientTokenId"), /access key/],
    ["a wrong signature", refuse(403, "SignatureDoesNotMatch"), /signature/],
    ["any other 403", refuse(403, "SomethingNew"), /SomethingNew/],
    ["a forbidden result", page([point("f0_errors", [], { StatusCode: "Forbidden" })]), /cloudwatch:GetMetricData/],
  ])("%s", async (_, answer, reason) => {
    reply = () => answer;
    const result = await query();
    expect(result).toMatchObject({ kind: "denied", reason: expect.stringMatching(reason) });
    expect(JSON.stringify(result)).not.toContain("123456789012");
    expect(asked).toHaveLength(1);
  });

  test("no credentials at all", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    expect(await query()).toMatchObject({ kind: "denied", reason: expect.stringMatching(/no AWS credentials/) });
  });

  test("no region", async () => {
    expect(await query([orders], null)).toMatchObject({ kind: "denied", reason: expect.stringMatching(/aws-region/) });
  });

  test("a bad request is unavailable, with what AWS said", async () => {
    reply = () => refuse(400, "ValidationError", "the period is odd");
    expect(await query()).toMatchObject({
      kind: "unavailable",
      reason: expect.stringMatching(/^Validation.*: the period is odd\.$/),
    });
  });

  test("a dead endpoint is unavailable", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH", "http://127.0.0.1:1");
    expect(await query()).toMatchObject({ kind: "unavailable", reason: expect.stringContaining("ECONNREFUSED") });
  });
});

test("the SDK is not loaded before the first query, and an open client does not hold the process", async () => {
  reply = () => page([point("f0_invocations", [3])]);
  const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
  const program = `
    import { registerHooks } from "node:module";
    let sdk = 0;
    registerHooks({ load: (url, context, next) => { if (url.includes("@aws-sdk")) sdk += 1; return next(url, context); } });
    const { createCloudWatch } = await import(${source("adapters/aws/cloudwatch.ts")});
    const { buildQueries } = await import(${source("cloud/queries.ts")});
    const cloud = createCloudWatch({ region: "eu-central-1" });
    const before = sdk;
    const queries = buildQueries([${JSON.stringify(orders)}]);
    const answer = await cloud.query(queries, ${JSON.stringify(window)});
    console.log(JSON.stringify({ before, after: sdk > 0, value: answer.values?.f0_invocations }));
  `;
  // Nobody calls close(): a socket that stays open would keep the process until the timeout kills it.
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    timeout: 20_000,
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  expect(JSON.parse(stdout)).toEqual({ before: 0, after: true, value: 3 });
});
