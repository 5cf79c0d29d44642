import { describe, expect, test } from "vitest";
import { isProduction, matchesEnvironment, type SeenDeployment } from "../../../src/target/deployment.ts";
import { type PreviewRules, previewStep, productionProblem } from "../../../src/target/preview.ts";
import { epochMs, millis } from "../../../src/units.ts";

const NOW = 1_000_000;
const rules: PreviewRules = {
  environment: "Preview*",
  allowProduction: false,
  sha: "a".repeat(40),
  timeout: millis(300_000),
  deadline: epochMs(NOW + 300_000),
};
const deployment = (state: string, some: Partial<SeenDeployment> = {}): SeenDeployment => ({
  id: 1,
  environment: "Preview",
  production: false,
  state,
  url: state === "success" ? "https://shop-abc.example/" : null,
  description: null,
  ...some,
});
const step = (
  deployments: readonly SeenDeployment[],
  { left = 300_000, ...some }: Partial<PreviewRules> & { readonly left?: number } = {},
) => previewStep({ ...rules, ...some }, { kind: "seen", deployments }, epochMs(rules.deadline - left));
const said = (...given: Parameters<typeof step>): string => {
  const answer = step(...given);
  if (answer.kind === "give-up") return `${answer.problem.severity} ${answer.problem.code}`;
  return answer.kind === "wait" ? `wait: ${answer.text}` : answer.url;
};

const old = { id: 0, url: "https://old.example/" };
describe("the state of a deployment", () => {
  test.each<readonly [string, readonly SeenDeployment[], string]>([
    ["success is the target", [deployment("success")], "https://shop-abc.example/"],
    ["pending is waited for", [deployment("pending")], 'wait: the deployment in "Preview" is pending'],
    ["queued is waited for", [deployment("queued")], 'wait: the deployment in "Preview" is queued'],
    ["in progress is waited for", [deployment("in_progress")], 'wait: the deployment in "Preview" is in progress'],
    [
      "a state nobody knows is waited for",
      [deployment("dreaming")],
      'wait: the deployment in "Preview" is in an unknown state',
    ],
    ["failure ends the wait", [deployment("failure")], "invalid deployment-failed"],
    ["error ends the wait", [deployment("error")], "invalid deployment-error"],
    ["inactive ends the wait", [deployment("inactive")], "invalid deployment-inactive"],
    [
      "success without an address is told apart",
      [deployment("success", { url: null })],
      "invalid deployment-without-url",
    ],
    ["none at all is waited for", [], 'wait: GitHub has no deployment of aaaaaaa in "Preview*" yet'],
    [
      "a newer one that is coming is waited for, though an older one is there",
      [deployment("queued"), deployment("success", old)],
      'wait: the deployment in "Preview" is queued',
    ],
    [
      "a newer one that failed leaves the place to the older one of this commit",
      [deployment("failure"), deployment("success", old)],
      "https://old.example/",
    ],
    [
      "others' environments do not count",
      [deployment("failure", { environment: "docs" }), deployment("success")],
      "https://shop-abc.example/",
    ],
    [
      "two environments that match are a question to the user",
      [
        deployment("success", { environment: "Preview – api" }),
        deployment("success", { environment: "Preview – docs" }),
      ],
      "usage several-environments",
    ],
  ])("%s", (_, seen, expected) => expect(said(seen)).toBe(expected));

  test("what its host said is in the sentence, on one line", () => {
    const answer = step([deployment("failure", { description: "Build\nfailed." })]);
    expect(answer).toMatchObject({ problem: { message: 'The deployment in "Preview" failed (Build failed).' } });
  });
});

describe("the deadline", () => {
  test.each<readonly [string, readonly SeenDeployment[], string]>([
    ["of what never came", [], "invalid deployment-not-found"],
    ["of what was still coming", [deployment("in_progress")], "invalid deployment-not-ready"],
  ])("%s", (_, seen, expected) => expect(said(seen, { left: 0 })).toBe(expected));

  test("is never slept beyond, and looks get rarer after a minute", () => {
    const gap = (left: number) => {
      const answer = step([], { left });
      return answer.kind === "wait" ? answer.time : null;
    };
    expect([gap(300_000), gap(200_000), gap(1_200)]).toEqual([5_000, 10_000, 1_200]);
  });

  test.each([
    [true, 300_000, "invalid deployments-not-readable"],
    [false, 300_000, "wait: it said 503"],
    [false, 0, "invalid deployments-not-readable"],
  ])("of a service that does not tell (final: %s, %i ms left)", (final, left, expected) => {
    const answer = previewStep(rules, { kind: "unread", reason: "it said 503", final }, epochMs(rules.deadline - left));
    expect(
      answer.kind === "wait"
        ? `wait: ${answer.text}`
        : answer.kind === "give-up" && `${answer.problem.severity} ${answer.problem.code}`,
    ).toBe(expected);
  });
});

describe("production", () => {
  test.each([
    ["Production", false, true],
    ["production", false, true],
    ["prod", false, true],
    ["Production – api", false, true],
    ["Preview", true, true],
    ["Preview", false, false],
    ["production-like", false, false],
    ["reproduction", false, false],
  ])("%s, flagged %s: %s", (environment, production, expected) =>
    expect(isProduction({ environment, production })).toBe(expected),
  );

  const live = [deployment("success", { environment: "Production" })];
  test("is refused unless it is allowed", () => {
    expect(said(live, { environment: null })).toBe("usage production-refused");
    expect(said(live, { environment: "Production" })).toBe("usage production-refused");
    expect(said(live, { environment: "Production", allowProduction: true })).toBe("https://shop-abc.example/");
  });

  test("is refused also when the workflow copies its address from the event", () => {
    const offered = deployment("success", { environment: "Production" });
    const problem = (url: string, allowProduction = false) =>
      productionProblem(url, { offered, allowProduction })?.code;
    expect(problem("https://shop-abc.example/healthz")).toBe("production-refused");
    expect(problem("https://shop-abc.example/", true)).toBeUndefined();
    expect(problem("https://preview.example/")).toBeUndefined();
  });
});

test.each([
  ["Preview", "preview", true],
  ["Preview", "Preview – api", false],
  ["Preview*", "Preview – api", true],
  ["pr-?", "pr-7", true],
  ["pr-?", "pr-12", false],
  ["*/eu", "preview/eu", true],
  ["a.c", "abc", false],
  ["[ab]", "a", false],
  ["(x|y)*", "(x|y)z", true],
])("environment %s and %s: %s", (pattern, name, expected) => expect(matchesEnvironment(pattern, name)).toBe(expected));
