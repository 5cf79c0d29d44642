import { describe, expect, it } from "vitest";
import { stackFunctions, stackUrl } from "../../../src/cloud/stack.ts";

const urlOf = (outputs: Readonly<Record<string, string>>) =>
  stackUrl("preview", {
    ...{ status: "CREATE_COMPLETE", reason: null },
    outputs: Object.entries(outputs).map(([key, value]) => ({ key, value })),
  });

const A = "https://a.example/";
const B = "https://b.example/";

describe("the URL of a stack", () => {
  it.each([
    ["the only URL", { Api: A, Table: "orders", Key: "https:" }, A],
    ["one URL under two names, with and without the slash", { Api: A, Url: "https://a.example" }, A],
    ["the Serverless Framework's REST API", { ServiceEndpoint: A, SiteUrl: B }, A],
    ["the Serverless Framework's HTTP API", { SiteUrl: B, HttpApiUrl: A }, A],
    ["the AWS CDK's endpoint", { SiteUrl: B, OrdersEndpoint1A2B3C4D: A }, A],
  ])("%s", (_, outputs, url) => {
    expect(urlOf(outputs)).toMatchObject({ ok: true, value: url });
  });

  it.each([
    ["none", { Table: "orders", Queue: "sqs://x" }, /no output that is a URL/],
    ["two that nothing tells apart", { One: A, Two: B }, /One, Two/],
    ["two of the CDK's", { AEndpoint1A2B3C4D: A, BEndpoint1A2B3C4D: B }, /several/],
  ])("%s is refused", (_, outputs, message) => {
    expect(urlOf(outputs)).toMatchObject({
      ok: false,
      problems: [{ code: "stack-not-usable", message: expect.stringMatching(message) }],
    });
  });
});

it("functions that only serve the deployment are left out", () => {
  const functions = [
    { logicalId: "OrdersFunction", name: "orders" },
    { logicalId: "CustomResourceProvider1", name: "custom" },
    { logicalId: "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A", name: "retention" },
    { logicalId: "Unborn", name: "" },
  ];
  expect(stackFunctions(functions)).toEqual([{ label: "orders", name: "orders", qualifier: null, region: null }]);
});
