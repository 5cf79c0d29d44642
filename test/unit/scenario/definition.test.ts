import { describe, expect, it } from "vitest";
import { checkUsers } from "../../../src/scenario/check-users.ts";
import { taskDefinitions } from "../../../src/scenario/definition.ts";
import { readScenario } from "../../../src/scenario/read-scenario.ts";
import { scenarioOf, source } from "./scenario-source.ts";

const BASE = `variables: { tier: gold, unused: 1 }
data: [{ file: accounts.csv, as: a, pick: random }]
headers: { accept: json }
setup: [{ post: /login, json: { user: "{{ a.email }}", password: "\${SECRET}" } }]
tasks:
  - { get: "/hello?tier={{ tier }}", weight: 3 }
  - { post: /orders, json: { n: 5 }, expect: { status: 201 } }
`;
const all = (text: string, env?: Record<string, string>): string => {
  const scenario = scenarioOf(text, env === undefined ? {} : { env });
  return JSON.stringify([scenario.definition, taskDefinitions(scenario.tasks)]);
};
const base = all(BASE);

describe("the definition of a test", () => {
  it.each([
    [
      "layout and comments",
      BASE.replace(
        "{ post: /orders,",
        "# a comment\n    post: /orders\n    json: { n: 5 }\n    expect: { status: 201 }\n#",
      ).replace("- # a comment", "- # a comment"),
    ],
    ["a variable that nothing uses", BASE.replace("unused: 1", "unused: 2")],
    ["the order of the tasks", BASE.replace(/( {2}- \{ get.*\n)( {2}- \{ post.*\n)/, "$2$1")],
    ["the value of a header", BASE.replace("accept: json", "accept: xml")],
  ])("does not change with %s", (_, text) => {
    const sorted = (json: string): unknown => {
      const [shared, tasks] = JSON.parse(json);
      return [shared, Object.entries(tasks).sort()];
    };
    expect(text).not.toBe(BASE);
    expect(sorted(all(text))).toEqual(sorted(base));
  });

  it("does not change with the value of a secret, and does not hold it", () => {
    expect(all(BASE, { SECRET: "another-value" })).toBe(base);
    expect(base).not.toContain("s3cret-value");
  });

  it.each([
    ["a variable in use", BASE.replace("gold", "silver")],
    ["the type of a JSON value", BASE.replace("n: 5", 'n: "5"')],
    ["a weight", BASE.replace("weight: 3", "weight: 2")],
    ["a check", BASE.replace("201", "200")],
    ["a header more", BASE.replace("accept: json", "accept: json, x: y")],
    ["the way rows are picked", BASE.replace("random", "sequential")],
    ["the body of setup", BASE.replace("user:", "name:")],
    ["a query", BASE.replace("hello?", "hello?a=b&")],
  ])("changes with %s", (_, text) => {
    expect(text).not.toBe(BASE);
    expect(all(text)).not.toBe(base);
  });

  it("of tasks of one name is one entry in any order", () => {
    const [a, b] = [
      { name: "x", definition: "2" },
      { name: "x", definition: "1" },
    ];
    expect(taskDefinitions([a!, b!])).toEqual({ x: "1 | 2" });
    expect(taskDefinitions([b!, a!])).toEqual({ x: "1 | 2" });
  });
});

describe("secrets", () => {
  it("are values of the environment outside hosts, and headers that are written out", () => {
    const scenario = scenarioOf(
      `headers: { x-key: plain-key-1, accept: text/plain }\ntasks:\n  - post: \${BASE}/token\n    body: a \${SECRET}\n  - get: /\${SHORT}`,
    );
    expect(scenario.secrets).toEqual(
      expect.arrayContaining(["plain-key-1", "s3cret-value", btoa("plain-key-1"), btoa("s3cret-value")]),
    );
    expect(scenario.secrets.filter((one) => /text|plain$|https?:/.test(one))).toEqual([]);
  });
});

describe("checkUsers", () => {
  it("wants a row a user of unique data only", () => {
    const scenario = scenarioOf(
      "data: [{ file: accounts.csv, as: a, pick: unique }, { file: products.json, as: p }]\ntasks: [{ get: / }]",
    );
    expect(checkUsers(scenario, 2)).toEqual([]);
    expect(checkUsers(scenario, 3).map(({ message, severity }) => [severity, message])).toEqual([
      ["usage", "In the scenario the data source a has 2 rows for 3 users, and each needs one of its own."],
    ]);
  });
});

describe("a scenario inside the config file", () => {
  it("is read beside the other sections, with its own lines", () => {
    const text = "target: { url: https://a.example }\nscenario:\n  tasks: [{ get: / }]\nload: { users: 5 }\n";
    expect(readScenario(source(text, { isConfig: true })).ok).toBe(true);
    const wrong = readScenario(source(text.replace("get: /", "get: x"), { isConfig: true }));
    expect(wrong).toMatchObject({ problems: [{ message: expect.stringContaining("line 3, column 18") }] });
  });
});
