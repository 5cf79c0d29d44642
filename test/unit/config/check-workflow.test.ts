import { describe, expect, it } from "vitest";
import { checkWorkflow } from "../../../src/config/check-workflow.ts";
import { readYaml } from "../../../src/config/read-yaml.ts";
import { STACKS } from "../../../src/config/starter/stacks.ts";
import { starterFor, WORKFLOW_FILE } from "../../../src/config/starter/starter.ts";
import { readWorkflow } from "../../../src/config/workflow-file.ts";

const check = (text: string, hasConfig = false) => {
  const value = readYaml(text, "w.yml");
  if (!value.ok) throw new Error(JSON.stringify(value.problems));
  return checkWorkflow("w.yml", readWorkflow(value.value), hasConfig);
};

const GOOD = `
on:
  push:
    branches: [main]
  pull_request:
jobs:
  gate:
    permissions:
      contents: read
      actions: read
      pull-requests: write
    steps:
      - uses: actions/checkout@v7
      - uses: swarmgate/swarmgate@v0
        with:
          url: https://a.example.com
`;

it.each(STACKS)("the workflow that init writes for %s is fine", (stack) => {
  const starter = starterFor({ stack, name: "a", service: null, baseBranch: "main" });
  const workflow = starter.files.find(({ path }) => path === WORKFLOW_FILE)?.text ?? "";
  expect(check(workflow, true).map(({ level }) => level)).toEqual(["ok"]);
});

describe("a workflow", () => {
  it.each<[string, (text: string) => string, readonly [string, RegExp][]]>([
    ["with everything", (text) => text, [["ok", /permissions it needs/]]],
    [
      "that runs the pull request's code with secrets",
      (text) =>
        text
          .replace("  pull_request:", "  pull_request_target:")
          .replace(
            "checkout@v7",
            `checkout@v7\n        with:\n          ref: \${{ github.event.pull_request.head.sha }}`,
          ),
      [["fail", /checks out the pull request's code/]],
    ],
    [
      "the same by the branch's name",
      (text) =>
        text
          .replace("  pull_request:", "  pull_request_target:")
          .replace("checkout@v7", `checkout@v7\n        with: { ref: '\${{ github.head_ref }}' }`),
      [["fail", /checks out the pull request's code/]],
    ],
    [
      "on pull_request_target with the base's code",
      (text) => text.replace("  pull_request:", "  pull_request_target:"),
      [["warn", /rights and secrets of the base branch/]],
    ],
    ["without pull requests", (text) => text.replace("  pull_request:\n", ""), [["warn", /not run on pull requests/]]],
    [
      "without runs on the base branch",
      (text) => text.replace("  push:\n    branches: [main]\n", ""),
      [["warn", /no baseline/]],
    ],
    [
      "with triggers as a list",
      (text) => text.replace(/on:\n[\s\S]*?jobs/, "on: [push, pull_request]\njobs"),
      [["ok", /./]],
    ],
    [
      "with one trigger",
      (text) => text.replace(/on:\n[\s\S]*?jobs/, "on: pull_request\njobs"),
      [["warn", /no baseline/]],
    ],
    ["without actions: read", (text) => text.replace("      actions: read\n", ""), [["fail", /lacks .*actions: read/]]],
    ["with actions: write, which reads too", (text) => text.replace("actions: read", "actions: write"), [["ok", /./]]],
    ["with contents: none", (text) => text.replace("contents: read", "contents: none"), [["fail", /contents: read/]]],
    [
      "that may only read pull requests",
      (text) => text.replace("pull-requests: write", "pull-requests: read"),
      [["warn", /no comment/]],
    ],
    [
      "that may only read them and writes no comment",
      (text) => text.replace("pull-requests: write", "pull-requests: read").replace(/$/, "          comment: never\n"),
      [["ok", /./]],
    ],
    [
      "with permissions of the whole workflow",
      (text) => text.replace(/ {4}permissions:\n( {6}.*\n)+/, "").replace("jobs:", "permissions: write-all\njobs:"),
      [["ok", /./]],
    ],
    [
      "that may read everything",
      (text) => text.replace(/ {4}permissions:\n( {6}.*\n)+/, "    permissions: read-all\n"),
      [["warn", /pull-requests: write/]],
    ],
    [
      "without permissions",
      (text) => text.replace(/ {4}permissions:\n( {6}.*\n)+/, ""),
      [["warn", /repository's default/]],
    ],
    [
      "with none for its job",
      (text) => text.replace(/ {4}permissions:\n( {6}.*\n)+/, "    permissions: {}\n"),
      [
        ["fail", /contents: read/],
        ["fail", /actions: read/],
        ["warn", /pull-requests: write/],
      ],
    ],
    [
      "that logs in to AWS without a token",
      (text) =>
        text.replace(
          "      - uses: swarmgate",
          "      - uses: aws-actions/configure-aws-credentials@v6\n        with: { role-to-assume: r }\n      - uses: swarmgate",
        ),
      [["fail", /id-token: write/]],
    ],
    [
      "that wants a commit status it may not write",
      (text) => text.replace(/$/, "          commit-status: true\n"),
      [["warn", /statuses: write/]],
    ],
    [
      "with a misspelt input",
      (text) => text.replace(/$/, "          user: 5\n"),
      [["fail", /user, which is no input/]],
    ],
    ["with the alias of an input", (text) => text.replace("url:", "host:"), [["ok", /./]]],
    [
      "with an input that is not built",
      (text) => text.replace(/$/, "          engine: k6\n"),
      [["fail", /engine, which is not built/]],
    ],
    [
      "that waits for a deployment it may not read",
      (text) => text.replace(/url: .*/, "environment: Preview"),
      [["fail", /deployments: read/]],
    ],
    [
      "that is started by the deployment itself",
      (text) => text.replace(/on:\n[\s\S]*?jobs/, "on: deployment_status\njobs").replace(/url: .*/, "environment: P*"),
      [["ok", /./]],
    ],
    [
      "whose shard has no rights and needs none",
      (text) =>
        text
          .replace(/ {4}permissions:\n( {6}.*\n)+/, "    permissions: {}\n")
          .replace(/$/, "          mode: shard\n          shard: 1/2\n"),
      [["ok", /./]],
    ],
    [
      "that reports on runs that ended",
      (text) => text.replace(/on:\n[\s\S]*?jobs/, "on: workflow_run\njobs").replace(/$/, "          mode: report\n"),
      [["ok", /./]],
    ],
    [
      "that reports and is never started by them",
      (text) => text.replace(/$/, "          mode: report\n"),
      [["warn", /not started by what it judges/]],
    ],
    [
      "that accepts by label",
      (text) => text.replace(/on:\n[\s\S]*?jobs/, "on: pull_request\njobs").replace(/$/, "          mode: evaluate\n"),
      [["ok", /./]],
    ],
    [
      "that leaves the config file in the repository",
      (text) => text.replace("      - uses: actions/checkout@v7\n", ""),
      [["warn", /does not check the repository out/]],
    ],
  ])("%s", (_, change, expected) => {
    const findings = check(change(GOOD), true);
    expect(findings.map(({ level }) => level)).toEqual(expected.map(([level]) => level));
    for (const [index, [, text]] of expected.entries()) expect(findings[index]?.text).toMatch(text);
    for (const { level, mend } of findings) expect(mend === null).toBe(level === "ok");
  });

  it("needs no checkout without a config file", () => {
    expect(check(GOOD.replace("      - uses: actions/checkout@v7\n", "")).map(({ level }) => level)).toEqual(["ok"]);
  });

  it("suggests the input that was meant", () => {
    expect(check(`${GOOD}          user: 5\n`)[0]?.mend).toBe("Did you mean users?");
  });
});

describe("which jobs are gates", () => {
  it.each<[string, string, number]>([
    ["the action itself", "swarmgate/swarmgate@v0", 1],
    ["a fork or mirror of it", "octo/swarmgate@0123abc", 1],
    ["another action", "octo/swarmgate-notify@v1", 0],
    ["a local one", "./swarmgate", 0],
  ])("%s", (_, uses, gates) => {
    expect(readWorkflow({ jobs: { a: { steps: [{ uses }] }, b: { uses } } }).gates).toHaveLength(gates);
  });

  it.each([[null], ["text"], [{ jobs: [] }], [{ jobs: { a: null } }], [{ jobs: { a: { steps: [null, 1] } } }]])(
    "%j has none",
    (value) => {
      expect(readWorkflow(value).gates).toEqual([]);
    },
  );
});
