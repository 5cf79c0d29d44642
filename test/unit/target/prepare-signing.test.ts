import { describe, expect, test } from "vitest";
import type { AwsRead } from "../../../src/cloud/aws-read.ts";
import type { Config } from "../../../src/config/config.ts";
import { UserError } from "../../../src/errors.ts";
import { prepareSigning, type SigningPorts } from "../../../src/gate/prepare-signing.ts";
import type { AwsKeys } from "../../../src/load/signing.ts";
import { config } from "../record/sample-record.ts";

const KEYS: AwsKeys = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: null, expiresAt: null };

const portsOf = (read: AwsRead<AwsKeys> = { kind: "value", value: KEYS }, region: string | null = null) => {
  const signed: string[] = [];
  const ports: SigningPorts = {
    keys: async () => read,
    sign: async (request, scope) => {
      signed.push(`${request.method} ${request.host} ${request.path} ${scope.service} ${scope.region}`);
      return { kind: "signed", headers: [["authorization", "signed"]] };
    },
    lambda: { region: async () => region },
  };
  return { ports, signed };
};

const asking = (url: string, target: Partial<Config["target"]> = {}, region: string | null = null): Config => {
  const sample = config();
  return { ...sample, target: { ...sample.target, sigv4: true, url, ...target }, aws: { ...sample.aws, region } };
};

const URL_OF_LAMBDA = "https://abc.lambda-url.eu-west-1.on.aws/orders";

const problemsOf = async (asked: Config, ports: SigningPorts): Promise<readonly string[]> => {
  try {
    await prepareSigning(asked, ports);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ code, severity, message }) => `${severity} ${code}: ${message}`);
  }
};

test("without sigv4 nobody asks for credentials", async () => {
  const sample = config();
  const keys = async (): Promise<never> => {
    throw new Error("asked");
  };
  expect(await prepareSigning(sample, { ...portsOf().ports, keys })).toBeNull();
});

describe("the scope is the host's", () => {
  test.each<[string, Config, string | null, object]>([
    ["a function URL", asking(URL_OF_LAMBDA, {}, "us-east-1"), null, { service: "lambda", region: "eu-west-1" }],
    [
      "the Host header before the address",
      asking("https://10.0.0.7/", { headers: { HOST: "x.execute-api.us-east-2.amazonaws.com" } }),
      "eu-west-1",
      { service: "execute-api", region: "us-east-2" },
    ],
    [
      "a domain of one's own with aws-region",
      asking("https://api.example.com/", {}, "eu-north-1"),
      "us-east-1",
      {
        service: "execute-api",
        region: "eu-north-1",
      },
    ],
    [
      "a domain of one's own with AWS_REGION",
      asking("https://api.example.com/"),
      "us-east-1",
      {
        service: "execute-api",
        region: "us-east-1",
      },
    ],
  ])("%s", async (_, asked, region, scope) => {
    expect((await prepareSigning(asked, portsOf(undefined, region).ports))?.scope).toEqual(scope);
  });
});

describe("what cannot be signed is refused before anything is sent", () => {
  test("no credentials", async () => {
    const read = {
      kind: "denied",
      permission: false,
      reason: "There are no AWS credentials.",
      hint: "Set some.",
    } as const;
    expect(await problemsOf(asking(URL_OF_LAMBDA), portsOf(read).ports)).toEqual([
      "usage credentials-missing: sigv4 has nothing to sign with: there are no AWS credentials.",
    ]);
  });
  test("no region", async () => {
    expect(await problemsOf(asking("https://api.example.com/"), portsOf().ports)).toEqual([
      "usage missing-value: sigv4 needs a region to sign for, and the host api.example.com names none.",
    ]);
  });
  test("headers that the signature sets", async () => {
    const headers = { Authorization: "Bearer x", "X-Amz-Date": "20260101T000000Z" };
    const problems = await problemsOf(asking(URL_OF_LAMBDA, { headers }), portsOf().ports);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain("conflicting-values: sigv4 and a header authorization");
  });
});

test("a readiness probe carries its own headers and those that sign it, for the host that is sent", async () => {
  const { ports, signed } = portsOf();
  const signing = await prepareSigning(asking(URL_OF_LAMBDA), ports);
  const headers = await signing?.probeHeaders("https://abc.lambda-url.eu-west-1.on.aws/health?a=b+c", { "x-a": "1" });
  expect(headers).toEqual({ "x-a": "1", authorization: "signed" });
  expect(signed).toEqual(["GET abc.lambda-url.eu-west-1.on.aws /health?a=b%20c lambda eu-west-1"]);
});
