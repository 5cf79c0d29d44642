import { describe, expect, it, test } from "vitest";
import { explainConfig } from "../../../src/config/explain.ts";
import { configOf, problemsOf } from "./sources.ts";

const ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188";
const NAME = "app/shop/50dc6c495c0c9188";

describe("front-end, load-balancer and ecs together name one front end", () => {
  it.each([
    [{ "front-end": "rest-api:orders/prod" }, { kind: "rest-api", name: "orders", stage: "prod" }],
    [{ "load-balancer": NAME }, { kind: "alb", name: NAME }],
    [{ "load-balancer": ARN }, { kind: "alb", name: NAME }],
    [
      { "front-end": "alb", "load-balancer": NAME },
      { kind: "alb", name: NAME },
    ],
    [
      { ecs: "main/shop", "load-balancer": NAME },
      { kind: "alb-ecs", name: NAME },
    ],
    [{ ecs: "main/shop" }, { kind: "alb-ecs", name: null }],
  ])("%j", (inputs, frontEnd) => expect(configOf(inputs).aws.frontEnd).toMatchObject(frontEnd));

  test("without any of them it is left to host and answers", () => {
    expect(configOf({}).aws).toMatchObject({ frontEnd: null, ecs: null, prices: null, pricesFile: null });
  });

  test("the service is split into cluster and service", () => {
    expect(configOf({ ecs: "main/shop" }).aws.ecs).toEqual({ cluster: "main", service: "shop" });
  });

  test("a load balancer's ARN tells the region, unless aws-region does", () => {
    expect(configOf({ "load-balancer": ARN }).aws.region).toBe("eu-west-1");
    expect(configOf({ "load-balancer": ARN, "aws-region": "us-east-1" }).aws.region).toBe("us-east-1");
  });
});

describe("what cannot be meant is refused", () => {
  it.each([
    [
      { "front-end": "nginx" },
      'bad-value: front-end is "nginx", which is not a front end, with its name in CloudWatch where it is known.',
    ],
    [
      { "load-balancer": "shop" },
      'bad-value: load-balancer is "shop", which is not the ARN of an Application Load Balancer, or its end.',
    ],
    [{ ecs: "shop" }, 'bad-value: ecs is "shop", which is not cluster and service.'],
    [
      { "front-end": "http-api:a1", "load-balancer": NAME },
      "conflicting-values: front-end is http-api:a1, and load-balancer names what stands behind a load balancer.",
    ],
    [
      { "front-end": "cloudfront:E1", ecs: "main/shop" },
      "conflicting-values: front-end is cloudfront:E1, and ecs names what stands behind a load balancer.",
    ],
    [
      { "load-balancer": ARN, functions: "arn:aws:lambda:us-east-1:123456789012:function:pay" },
      expect.stringMatching(/^conflicting-values: .*eu-west-1.*us-east-1/),
    ],
  ])("%j", (inputs, sentence) => expect(problemsOf(inputs)).toEqual([sentence]));
});

describe("--dry-run says what would be asked", () => {
  it.each([
    [{ ecs: "main/shop", "load-balancer": NAME }, /the load balancer before ECS and the ECS service main\/shop, for/],
    [{ functions: "orders", "front-end": "http-api:a1" }, /CloudWatch is asked for the HTTP API before them/],
  ])("%j", (inputs, sentence) => expect(explainConfig(configOf(inputs)).join("\n")).toMatch(sentence));
});
