import { describe, expect, it, test } from "vitest";
import type { AwsRead } from "../../../src/cloud/aws-read.ts";
import type { MetricQuery } from "../../../src/cloud/queries.ts";
import type { StackResource } from "../../../src/cloud/stack.ts";
import { type NameFrontEnd, nameFrontEnd } from "../../../src/gate/name-front-end.ts";
import { epochMs } from "../../../src/units.ts";
import { cart, orders } from "./cloud-scene.ts";

type World = {
  readonly url?: string;
  readonly host?: string;
  readonly functions?: NameFrontEnd["signs"]["functions"];
  /** Names that CloudWatch lists, with what each counted. */
  readonly listed?: Readonly<Record<string, number | null>>;
  readonly list?: AwsRead<never>;
  readonly resources?: readonly StackResource[];
};

const REST = "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod";
const ALB = "https://shop-123.eu-west-1.elb.amazonaws.com/";

const name = async (world: World) => {
  const { url = REST, host = null, functions = [orders], listed = {}, list, resources } = world;
  const isBalancer = url === ALB;
  const asked: MetricQuery[] = [];
  const named = await nameFrontEnd({
    signs: { url, host, headers: {}, functions, given: null },
    stackName: resources === undefined ? null : "preview",
    span: { start: epochMs(60_000), end: epochMs(120_000) },
    expected: { atLeast: 990, atMost: 1000 },
    ports: {
      cloud: {
        list: async () =>
          list ?? {
            kind: "value",
            value: Object.keys(listed).map((one) =>
              isBalancer ? { LoadBalancer: one } : { ApiName: one, Stage: "prod" },
            ),
          },
        query: async (queries) => {
          asked.push(...queries);
          const counts = queries.map(({ id, dimensions }): [string, number | null] => [
            id,
            listed[dimensions["ApiName"] ?? dimensions["LoadBalancer"] ?? ""] ?? null,
          ]);
          return { kind: "values", values: Object.fromEntries(counts), messages: [] };
        },
      },
      stacks: {
        read: async () => ({ kind: "absent" }),
        functions: async () => ({ kind: "absent" }),
        resources: async () => ({ kind: "value", value: resources ?? [] }),
      },
    },
    signal: new AbortController().signal,
  });
  return { name: named.ref?.name ?? null, notes: named.notes, asked };
};

const BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188";
const resource = (type: string, physicalId: string): StackResource => ({ type, logicalId: "X", physicalId });

describe("a name is found, or stays unknown; it is never guessed", () => {
  it.each<[string, World, string | null]>([
    ["the only API that counted what was sent", { listed: { orders: 998, shop: 12, old: null } }, "orders"],
    ["two that were as busy", { listed: { orders: 998, shop: 1001 } }, null],
    ["one that counted far more is somebody else's", { listed: { shop: 40_000 } }, null],
    ["one that counted too few is not ours yet", { listed: { shop: 500 } }, null],
    ["a count that lacks a few is", { listed: { orders: 930 } }, "orders"],
    ["nothing is listed", {}, null],
    [
      "more names than are worth the reads",
      { listed: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`a${i}`, 998])) },
      null,
    ],
    [
      "load balancers of another name are not asked",
      { url: ALB, listed: { "app/shop/50dc6c495c0c9188": 998, "app/shop2/50dc6c495c0c9188": 998 } },
      "app/shop/50dc6c495c0c9188",
    ],
    [
      "the stack's only load balancer",
      { url: ALB, resources: [resource("AWS::ElasticLoadBalancingV2::LoadBalancer", BALANCER)] },
      "app/shop/50dc6c495c0c9188",
    ],
    [
      "a REST API's id in the stack is no name",
      { resources: [resource("AWS::ApiGateway::RestApi", "a1b2c3")], listed: { orders: 998 } },
      "orders",
    ],
    [
      "two distributions in the stack",
      {
        url: "https://d1.cloudfront.net/",
        resources: [resource("AWS::CloudFront::Distribution", "E1"), resource("AWS::CloudFront::Distribution", "E2")],
      },
      null,
    ],
  ])("%s", async (_, world, expected) => expect((await name(world)).name).toBe(expected));

  test("the stage of the path is asked for, so that other previews of one API do not count", async () => {
    const { asked } = await name({ listed: { orders: 998 } });
    expect(asked.map(({ dimensions }) => dimensions)).toEqual([{ ApiName: "orders", Stage: "prod" }]);
  });

  it.each<[string, World, RegExp]>([
    ["a REST API", {}, /^The REST API's own times.*front-end: rest-api:NAME\/STAGE does\.$/],
    ["a load balancer", { url: ALB }, /load-balancer: app\/NAME\/ID does/],
    [
      "a function URL of several functions",
      { url: "https://x.lambda-url.eu-west-1.on.aws/", functions: [orders, cart] },
      /front-end: function-url:FUNCTION does/,
    ],
    [
      "no permission to list",
      {
        list: {
          kind: "denied",
          permission: true,
          reason: "The AWS role may not call cloudwatch:ListMetrics.",
          hint: "",
        },
      },
      /^The AWS role may not call cloudwatch:ListMetrics\. The REST API's/,
    ],
  ])("%s without a name is one note that says what to write", async (_, world, note) => {
    expect((await name(world)).notes).toEqual([expect.stringMatching(note)]);
  });
});
