import { describe, expect, it, test } from "vitest";
import {
  balancerOfHost,
  type FrontEndRef,
  type FrontEndSigns,
  findFrontEnd,
  loadBalancerName,
  parseFrontEnd,
} from "../../../src/cloud/front-end-ref.ts";
import { cart, orders } from "./cloud-scene.ts";

const signs = (some: Partial<FrontEndSigns>): FrontEndSigns => ({
  url: "https://api.example.com/orders",
  host: null,
  headers: {},
  functions: [orders],
  given: null,
  ...some,
});

const SURE = { sure: true };

describe("which front end, and its name in CloudWatch", () => {
  it.each<[string, Partial<FrontEndSigns>, Partial<FrontEndRef> | null]>([
    [
      "the host of an HTTP API holds its id",
      { url: "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/" },
      { kind: "http-api", name: "a1b2c3", stage: null, ...SURE },
    ],
    [
      "the host of a REST API holds its id and not its name, and the path its stage",
      { url: "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/orders" },
      { kind: "rest-api", name: null, stage: "prod", ...SURE },
    ],
    [
      "a header tells the two apart",
      {
        url: "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/orders",
        headers: { "apigw-requestid": "Q3p=" },
      },
      { kind: "http-api", name: "a1b2c3" },
    ],
    [
      "an edge-optimised API answers through CloudFront and is an API all the same",
      {
        url: "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod",
        headers: { "x-amz-cf-id": "x", "x-amz-apigw-id": "y" },
      },
      { kind: "rest-api", stage: "prod" },
    ],
    [
      "where the address is nobody's the host header holds the id of an HTTP API",
      { url: "http://127.0.0.1:8080/", host: "a1b2c3.execute-api.eu-west-1.amazonaws.com" },
      { kind: "http-api", name: "a1b2c3" },
    ],
    [
      "and the path that is loaded the stage of a REST API",
      { url: "http://emulator:4566/prod/orders", host: "a1b2c3.execute-api.eu-west-1.amazonaws.com" },
      { kind: "rest-api", name: null, stage: "prod" },
    ],
    [
      "a VPC endpoint is in front of the API that the host header names",
      {
        url: "https://vpce-0a1b-x.execute-api.eu-west-1.vpce.amazonaws.com/prod",
        host: "a1b2c3.execute-api.eu-west-1.amazonaws.com",
      },
      { kind: "rest-api", stage: "prod" },
    ],
    [
      "a function URL publishes under its function",
      { url: "https://x.lambda-url.eu-west-1.on.aws/" },
      { kind: "function-url", name: "orders", ...SURE },
    ],
    [
      "of several functions nobody knows which has the URL",
      { url: "https://x.lambda-url.eu-west-1.on.aws/", functions: [orders, cart] },
      { kind: "function-url", name: null },
    ],
    [
      "Lambda's request id alone is a suspicion",
      { headers: { "x-amzn-requestid": "1" } },
      { kind: "function-url", name: "orders", sure: false },
    ],
    ["and without functions not even that", { headers: { "x-amzn-requestid": "1" }, functions: [] }, null],
    [
      "beside API Gateway's own id it is API Gateway's",
      { headers: { "x-amzn-requestid": "1", "x-amz-apigw-id": "2" } },
      { kind: "rest-api", name: null, stage: null },
    ],
    ["a load balancer shows itself in errors", { headers: { server: "awselb/2.0" } }, { kind: "alb", name: null }],
    [
      "what the user named overrules all of it",
      {
        url: "https://x.cloudfront.net/",
        headers: { "x-amz-cf-id": "x" },
        given: { kind: "rest-api", name: "orders", stage: "prod", sure: true },
      },
      { kind: "rest-api", name: "orders", stage: "prod" },
    ],
    [
      "a kind without a name still gets what the host says",
      { url: "https://a1.execute-api.eu-west-1.amazonaws.com/x", given: parseFrontEnd("http-api") },
      { kind: "http-api", name: "a1" },
    ],
    ["nothing at all", {}, null],
  ])("%s", (_, some, found) => {
    const ref = findFrontEnd(signs(some));
    if (found === null) expect(ref).toBeNull();
    else expect(ref).toMatchObject(found);
  });
});

describe("names as users write them", () => {
  it.each([
    ["rest-api:orders/prod", { kind: "rest-api", name: "orders", stage: "prod", sure: true }],
    ["http-api:a1b2c3", { kind: "http-api", name: "a1b2c3", stage: null, sure: true }],
    ["cloudfront", { kind: "cloudfront", name: null, stage: null, sure: true }],
    ["alb-ecs", null],
    ["nginx:x", null],
    ["rest-api:", null],
    ["rest-api:a/b/c", null],
  ])("%s", (text, ref) => expect(parseFrontEnd(text)).toEqual(ref));

  it.each([
    ["app/shop/50dc6c495c0c9188", "app/shop/50dc6c495c0c9188"],
    [
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188",
      "app/shop/50dc6c495c0c9188",
    ],
    ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/shop/50dc6c495c0c9188", null],
    ["shop", null],
  ])("load balancer %s", (text, name) => expect(loadBalancerName(text)).toBe(name));

  test.each([
    ["shop-1234567890.eu-west-1.elb.amazonaws.com", "shop"],
    ["internal-my-shop-42.eu-west-1.elb.amazonaws.com", "my-shop"],
    ["shop.example.com", null],
  ])("the host %s belongs to the load balancer %s", (host, name) =>
    expect(balancerOfHost({ url: "http://127.0.0.1/", host })).toBe(name),
  );
});
