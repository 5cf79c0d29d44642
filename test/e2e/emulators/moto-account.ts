/** Fills an account of moto: functions, metrics as Lambda publishes them, a role that may do nothing. */
import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { zipOf } from "../../../simulator/zip.ts";
import { KEYS, REGION } from "./product.ts";

/** Sums of a minute, and each sample of Duration in milliseconds. */
export type Figures = {
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
  readonly concurrency: readonly number[];
  readonly durations: readonly number[];
};

export type MotoAccount = {
  /** A function with the alias `live`. */
  readonly createFunction: (name: string, reserved: number) => Promise<void>;
  /** Under `FunctionName` alone, or with `Resource` for an alias. */
  readonly publish: (name: string, alias: string | null, at: number, figures: Figures) => Promise<void>;
  /** A user without any right, and from then on every call is checked. */
  readonly lock: () => Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }>;
  readonly unlock: () => Promise<void>;
  readonly close: () => void;
};

/** Most values of one datum (PutMetricData). */
const MAX_VALUES = 150;

export const motoAccount = async (endpoint: string): Promise<MotoAccount> => {
  const settings = { endpoint, region: REGION, credentials: KEYS };
  const [lambda, metrics] = [new LambdaClient(settings), new CloudWatchClient(settings)];
  const role = await iam(endpoint, {
    Action: "CreateRole",
    RoleName: "handler",
    AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}',
  });
  const arn = textOf(role, "Arn");
  const checkFrom = async (calls: string): Promise<void> => {
    await fetch(`${endpoint}/moto-api/reset-auth`, { method: "POST", body: calls });
  };
  return {
    createFunction: async (name, reserved) => {
      const code = { ZipFile: zipOf({ "index.mjs": "export const handler = async () => 1;" }) };
      const FunctionName = name;
      const definition = { Role: arn, Runtime: "nodejs22.x", Handler: "index.handler", Code: code } as const;
      await lambda.send(new CreateFunctionCommand({ FunctionName, ...definition, MemorySize: 512 }));
      const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
      await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: Version }));
      const limit = { ReservedConcurrentExecutions: reserved };
      await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ...limit }));
    },
    publish: async (name, alias, at, figures) => {
      const MetricData = dataOf(figures).map((datum) => ({
        ...datum,
        Timestamp: new Date(at),
        Dimensions: [
          { Name: "FunctionName", Value: name },
          ...(alias === null ? [] : [{ Name: "Resource", Value: `${name}:${alias}` }]),
        ],
      }));
      await metrics.send(new PutMetricDataCommand({ Namespace: "AWS/Lambda", MetricData }));
    },
    lock: async () => {
      await iam(endpoint, { Action: "CreateUser", UserName: "gate" });
      const key = await iam(endpoint, { Action: "CreateAccessKey", UserName: "gate" });
      await checkFrom("0");
      return { accessKeyId: textOf(key, "AccessKeyId"), secretAccessKey: textOf(key, "SecretAccessKey") };
    },
    unlock: () => checkFrom("Infinity"),
    close: () => {
      lambda.destroy();
      metrics.destroy();
    },
  };
};

const dataOf = ({ invocations, errors, throttles, concurrency, durations }: Figures): readonly MetricDatum[] => [
  // One sample a call, as Lambda has it: only so does a sum tell from an average.
  ...samples("Invocations", invocations, 1),
  ...samples("Throttles", throttles, 1),
  ...samples("Errors", errors, 1),
  ...samples("Errors", invocations - errors, 0),
  { MetricName: "ConcurrentExecutions", Unit: "Count", Values: [...concurrency] },
  ...chunks(durations).map((Values) => ({ MetricName: "Duration", Unit: "Milliseconds" as const, Values })),
];

const samples = (MetricName: string, count: number, value: number): readonly MetricDatum[] =>
  count === 0 ? [] : [{ MetricName, Unit: "Count", Values: [value], Counts: [count] }];

const chunks = (values: readonly number[]): readonly number[][] =>
  Array.from({ length: Math.ceil(values.length / MAX_VALUES) }, (_, index) =>
    values.slice(index * MAX_VALUES, (index + 1) * MAX_VALUES),
  );

/** IAM's Query protocol; moto takes the service from the signature's scope and checks no signature before `lock`. */
const iam = async (endpoint: string, words: Readonly<Record<string, string>>): Promise<string> => {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/iam/aws4_request" },
    body: new URLSearchParams({ Version: "2010-05-08", ...words }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`moto refused ${words["Action"]}: ${text}`);
  return text;
};

const textOf = (xml: string, element: string): string => {
  const [, text] = new RegExp(`<${element}>([^<]+)</${element}>`).exec(xml) ?? [];
  if (text === undefined) throw new Error(`moto's answer has no ${element}: ${xml}`);
  return text;
};
