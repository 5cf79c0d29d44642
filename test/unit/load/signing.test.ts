import { describe, expect, test } from "vitest";
import { type AwsKeys, scopeOfHost, signablePath, withoutKeys } from "../../../src/load/signing.ts";

describe("service and region are told by the host name", () => {
  test.each([
    ["abc123.lambda-url.eu-west-1.on.aws", "lambda", "eu-west-1"],
    ["ABC123.Lambda-Url.Us-East-2.On.Aws.", "lambda", "us-east-2"],
    ["abc123.execute-api.ap-southeast-2.amazonaws.com", "execute-api", "ap-southeast-2"],
    ["abc123.execute-api.us-east-1.amazonaws.com:443", "execute-api", "us-east-1"],
    ["abc123.execute-api.cn-north-1.amazonaws.com.cn", "execute-api", "cn-north-1"],
    ["abc123-vpce-0a1b.execute-api.us-gov-west-1.amazonaws.com", "execute-api", "us-gov-west-1"],
    ["vpce-0a1b-x.execute-api.us-east-1.vpce.amazonaws.com", "execute-api", "us-east-1"],
  ])("%s is %s in %s", (host, service, region) => {
    expect(scopeOfHost(host)).toEqual({ service, region });
  });
  test.each(["api.example.com", "127.0.0.1:3000", "abc.lambda-url.eu-west-1.on.aws.example.com", "lambda-url.on.aws"])(
    "%s tells nothing",
    (host) => {
      expect(scopeOfHost(host)).toBeNull();
    },
  );
});

test("a plus sign in a query is sent as the blank it means; a path keeps its own", () => {
  expect(signablePath("/a+b?c=d+e&f=%2B")).toBe("/a+b?c=d%20e&f=%2B");
  expect(signablePath("/a+b")).toBe("/a+b");
});

const KEYS: AwsKeys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  sessionToken: "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDabc+def",
  expiresAt: null,
};

describe("what signs is cleared from an answer", () => {
  test.each([
    ["Credential=AKIAIOSFODNN7EXAMPLE/20261121/eu-west-1", "the access key"],
    [`x-amz-security-token:${KEYS.sessionToken}\nhost`, "the token"],
    ["x-amz-security-token:IQoJb3JpZ2luX2VjEJr////", "the beginning of the token, cut off"],
    ["token CXVzLWVhc3QtMSJHMEUCIQD", "a piece from its middle"],
    [KEYS.secretAccessKey, "the secret key"],
  ])("%j: %s", (text) => {
    const cleared = withoutKeys(text, KEYS);
    expect(cleared).toContain("***");
    expect(cleared).not.toMatch(/IQoJb3|CXVzLWVhc3|AKIAIOS|wJalr/);
  });
  test("a signature, whole or cut off, and the hash of a canonical request", () => {
    const hash = "83bd31672081c235fb8fc5b290ef13a1f39cffd7da3c1885544d7b88b49d9afc";
    expect(withoutKeys(`Signature=${hash}, '${hash}'`, KEYS)).toBe("Signature=***, '***'");
    expect(withoutKeys("Signature=83bd3167208", KEYS)).toBe("Signature=***");
  });
  test("other words stay as they are", () => {
    const text = '{"message":"The request signature we calculated does not match"}';
    expect(withoutKeys(text, KEYS)).toBe(text);
  });
});
