import { describe, expect, it, test } from "vitest";
import { ANSWERS, SITUATION_TEXT, situationsOf } from "../../../src/cloud/front-end-answers.ts";
import { addressedFrontEnd, detectFrontEnd, FRONT_ENDS } from "../../../src/cloud/front-ends.ts";

describe("which front end it is", () => {
  it.each([
    ["https://abc123.lambda-url.eu-west-1.on.aws/", {}, "function-url"],
    ["https://a1b2c3.execute-api.us-east-1.amazonaws.com/prod/orders", {}, "rest-api"],
    ["https://a1b2c3.execute-api.us-east-1.amazonaws.com/", {}, "http-api"],
    ["https://a1b2c3.execute-api.cn-north-1.amazonaws.com.cn/dev", {}, "rest-api"],
    ["https://my-lb-1234.eu-west-1.elb.amazonaws.com/x", {}, "alb"],
    ["https://d111111abcdef8.cloudfront.net/", {}, "cloudfront"],
    ["https://a1b2c3.execute-api.us-east-1.amazonaws.com/orders", { "Apigw-Requestid": "Q3p=" }, "http-api"],
    ["https://api.example.com/", { "x-amz-apigw-id": "Xy" }, "rest-api"],
    ["https://api.example.com/", { server: "awselb/2.0" }, "alb"],
    ["https://api.example.com/", { "X-Amz-Cf-Id": "x", "x-amz-apigw-id": "y" }, "cloudfront"],
    ["https://api.example.com/", { server: "nginx" }, null],
    ["https://evil.example/?x=.lambda-url.eu-west-1.on.aws", {}, null],
    ["not a url", {}, null],
  ] as const)("%s %j is %s", (url, headers, frontEnd) => expect(detectFrontEnd(url, headers)).toBe(frontEnd));
});

describe("the front end by URL and Host header", () => {
  const LOCAL = "http://127.0.0.1:4566/";
  const BALANCER = "http://shop-1234567890.eu-west-1.elb.amazonaws.com/";
  it.each([
    [LOCAL, { host: "abc123.lambda-url.eu-west-1.on.aws" }, "function-url"],
    [LOCAL, { Host: "A1B2C3.execute-api.eu-west-1.amazonaws.com" }, "http-api"],
    [`${LOCAL}prod/orders`, { host: "a1b2c3.execute-api.eu-west-1.amazonaws.com:4566" }, "rest-api"],
    [LOCAL, { host: "shop-1234567890.eu-west-1.elb.amazonaws.com" }, "alb"],
    ["http://tunnel.example.com/", { HOST: "d111111abcdef8.cloudfront.net" }, "cloudfront"],
    // Rules of a load balancer go by the host that is asked for.
    [BALANCER, { host: "shop.example.com" }, "alb"],
    [BALANCER, { host: "d111111abcdef8.cloudfront.net" }, "alb"],
    [LOCAL, { host: "shop.example.com" }, null],
    [LOCAL, { host: "evil.example/?x=.cloudfront.net" }, null],
    [LOCAL, { host: "not a host" }, null],
    [LOCAL, { "x-forwarded-host": "d111111abcdef8.cloudfront.net" }, null],
    [LOCAL, {}, null],
    ["not a url", { host: "d111111abcdef8.cloudfront.net" }, null],
  ] as const)("%s with %j is %s", (url, sent, frontEnd) => expect(addressedFrontEnd(url, sent)).toBe(frontEnd));
});

describe("the table of answers", () => {
  test("every front end knows what a failed handler and a failed way to it look like", () => {
    for (const frontEnd of FRONT_ENDS) {
      const situations = ANSWERS.filter((row) => row.frontEnd === frontEnd).map((row) => row.situation);
      expect(situations, frontEnd).toContain("function-error");
      expect(situations.length, frontEnd).toBe(new Set(situations).size);
    }
  });
  test("every situation of the table has words, and every word is used", () => {
    expect(new Set(ANSWERS.map((row) => row.situation))).toEqual(new Set(Object.keys(SITUATION_TEXT)));
  });

  it.each([
    ["rest-api", 500, '{"message":"Internal server error"}', ["lambda-throttled"]],
    ["rest-api", 502, '{"message": "Internal server error"}', ["function-error", "function-timeout"]],
    ["rest-api", 504, '{"message":"Endpoint request timed out"}', ["front-end-timeout"]],
    ["rest-api", 403, '{"message":"Missing Authentication Token"}', ["wrong-path", "not-authorised"]],
    ["rest-api", 429, '{"message":"Limit Exceeded"}', ["own-quota"]],
    ["rest-api", 500, '{"error":"database is down"}', []],
    ["function-url", 429, '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}', ["lambda-throttled"]],
    [
      "http-api",
      503,
      '{"message":"Service Unavailable"}',
      ["lambda-throttled", "front-end-timeout", "function-timeout"],
    ],
    ["alb", 502, "<html>502 Bad Gateway</html>", ["lambda-throttled", "function-error", "function-timeout"]],
    ["alb", 503, "", ["no-target"]],
  ] as const)("%s %i %s", (frontEnd, status, text, situations) => {
    expect(situationsOf(frontEnd, { status, text }).map((row) => row.situation)).toEqual(situations);
  });

  test("Lambda at the edge is told by its header only", () => {
    const answer = { status: 503, text: "" };
    const plain = situationsOf("cloudfront", answer);
    const marked = situationsOf("cloudfront", {
      ...answer,
      headers: { "X-Cache": "LambdaLimitExceeded from cloudfront" },
    });
    expect(plain.map((row) => row.situation)).not.toContain("edge-limit");
    expect(marked[0]?.situation).toBe("edge-limit");
  });
});
