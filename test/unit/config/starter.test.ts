import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../../src/config/parse.ts";
import { readYaml } from "../../../src/config/read-yaml.ts";
import { detectStacks, projectName, STACKS, serviceName } from "../../../src/config/starter/stacks.ts";
import { STARTER_CONFIG_FILE, starterFor, WORKFLOW_FILE } from "../../../src/config/starter/starter.ts";

const SAM = "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n";

describe("the stack by its files", () => {
  it.each([
    ["a template with the SAM transform", { "template.yaml": SAM }, ["sam"]],
    ["the other ending", { "template.yml": SAM }, ["sam"]],
    ["a template of plain CloudFormation is no SAM application", { "template.yaml": "Resources: {}" }, []],
    [
      "a list of transforms",
      { "template.yaml": "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]" },
      ["sam"],
    ],
    ["cdk.json", { "cdk.json": null }, ["cdk"]],
    ["serverless.yml", { "serverless.yml": "service: a" }, ["serverless"]],
    ["serverless.ts", { "serverless.ts": null }, ["serverless"]],
    ["sst.config.ts", { "sst.config.ts": null }, ["sst"]],
    ["vercel.json", { "vercel.json": null }, ["vercel"]],
    ["a folder that is linked to Vercel", { ".vercel": null }, ["vercel"]],
    ["netlify.toml", { "netlify.toml": null }, ["netlify"]],
    ["nothing known", { "package.json": null, "vercel.json.bak": null }, []],
    ["several", { "cdk.json": null, "vercel.json": null, ".vercel": null }, ["cdk", "vercel"]],
  ])("%s", (_, files, expected) => {
    expect(detectStacks(files).map(({ stack }) => stack)).toEqual(expected);
  });

  it.each([
    ["service: orders\nprovider:\n", "orders"],
    ["# comment\nservice: 'orders' # name\n", "orders"],
    ["service:\n  name: orders\n", "orders"],
    [`service: \${file(x.yml):name}\n`, null],
    ["provider:\n  service: other\n", null],
  ])("%j is the service %j", (text, expected) => {
    expect(serviceName({ "serverless.yml": text })).toBe(expected);
  });

  it.each([
    ["Orders_API.v2", "orders-api-v2"],
    ["42-shop", "shop"],
    ["店", "preview"],
    ["x".repeat(80), "x".repeat(40)],
  ])("the folder %s begins names with %s", (folder, expected) => {
    expect(projectName(folder)).toBe(expected);
  });
});

describe("what is written", () => {
  const starters = STACKS.map((stack) => ({
    stack,
    ...starterFor({ stack, name: "orders", service: stack === "serverless" ? "shop" : null, baseBranch: "trunk" }),
  }));
  const textOf = (stack: string, path: string): string =>
    starters.find((one) => one.stack === stack)?.files.find((file) => file.path === path)?.text ?? "";
  it.each(STACKS)("the config file for %s is valid, and changes no default", (stack) => {
    const file = readYaml(textOf(stack, STARTER_CONFIG_FILE), STARTER_CONFIG_FILE);
    if (!file.ok) throw new Error(JSON.stringify(file.problems));
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync("schemas/config.schema.json", "utf8")));
    expect(validate(parse(textOf(stack, STARTER_CONFIG_FILE))), JSON.stringify(validate.errors)).toBe(true);
    const configured = (value: unknown) =>
      parseConfig({
        inputs: { url: "http://localhost:3000" },
        env: {},
        file: value,
        fileName: STARTER_CONFIG_FILE,
        defaults: { name: "gate" },
        needsTarget: true,
      });
    const config = configured(file.value);
    expect(config.ok, JSON.stringify(config)).toBe(true);
    expect(config).toEqual(configured(null));
  });

  it.each(STACKS)("what the config file for %s suggests in comments is valid as well", (stack) => {
    const text = textOf(stack, STARTER_CONFIG_FILE)
      .split("\n")
      .map((line, index) => (index === 0 ? "" : line.replace(/^( *)# ?/, "$1")))
      .join("\n");
    const file = readYaml(text, STARTER_CONFIG_FILE);
    if (!file.ok) throw new Error(JSON.stringify(file.problems));
    const config = parseConfig({
      inputs: { url: "http://localhost:3000" },
      env: { API_TOKEN: "0123456789" },
      file: file.value,
      fileName: STARTER_CONFIG_FILE,
      defaults: { name: "gate" },
      needsTarget: true,
    });
    expect(config.ok, JSON.stringify(config)).toBe(true);
  });

  it("each right in the workflow is one of those that are explained", () => {
    for (const { stack, jobRights } of starters) {
      const workflow = textOf(stack, WORKFLOW_FILE);
      const block = /permissions:\n((?: {6}\S.*\n)+)/.exec(workflow)?.[1] ?? "";
      const lines = block.trim().split(/\n */);
      expect(lines.map((line) => line.split(" #")[0])).toEqual(jobRights.map(({ right }) => right));
    }
  });

  it.each([
    ["sam", ["ecs"]],
    ["cdk", ["ecs"]],
    ["serverless", ["ecs"]],
    ["sst", ["cloudformation", "ecs"]],
  ] as const)("the AWS actions for %s are the policy of docs/permissions.md without %j", (stack, unused) => {
    const [, text = "{}"] = /```json\n([\s\S]*?)```/.exec(readFileSync("docs/permissions.md", "utf8")) ?? [];
    const policy: { readonly Statement: readonly { readonly Action: string | readonly string[] }[] } = JSON.parse(text);
    const asked = policy.Statement.flatMap(({ Action }) => Action).filter(
      (action) => !unused.some((service) => action.startsWith(`${service}:`)),
    );
    const named = (starters.find((one) => one.stack === stack)?.roleRights ?? []).flatMap(({ right }) => {
      const [service = "", rest = ""] = right.split(":");
      return rest.split(", ").map((action) => `${service}:${action}`);
    });
    expect(named.toSorted()).toEqual(asked.toSorted());
  });

  it("only a stack of its own gets a login to AWS", () => {
    const loggedIn = starters.filter(({ stack }) => textOf(stack, WORKFLOW_FILE).includes("configure-aws-credentials"));
    expect(loggedIn.map(({ stack }) => stack)).toEqual(["sam", "cdk", "serverless", "sst"]);
    for (const { stack, jobRights } of starters) {
      const login = jobRights.some(({ right }) => right.startsWith("id-token"));
      expect(login, stack).toBe(loggedIn.some((one) => one.stack === stack));
    }
  });

  it("takes the base branch and the service from the project", () => {
    expect(textOf("serverless", WORKFLOW_FILE)).toContain(`branches: ["trunk"]`);
    expect(textOf("serverless", WORKFLOW_FILE)).toContain(`stack-name: shop-\${{ env.STAGE }}`);
    const unknown = starterFor({ stack: "serverless", name: "a", service: null, baseBranch: "main" });
    expect(unknown.next.join()).toContain("SERVICE_NAME");
  });
});
