import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkModule } from "../../../src/scenario/check-module.ts";
import { defineScenario } from "../../../src/scenario/define.ts";
import { readModuleExpect } from "../../../src/scenario/module-expect.ts";
import { readModuleRequest } from "../../../src/scenario/module-request.ts";
import { moduleScenario } from "../../../src/scenario/module-scenario.ts";

const run = (): void => {};
const codes = (exported: unknown): readonly string[] => {
  const checked = checkModule(exported, "shop.ts");
  return checked.ok ? [] : checked.problems.map(({ code }) => code);
};
const sentences = (exported: unknown): string => {
  const checked = checkModule(exported, "shop.ts");
  return checked.ok ? "" : checked.problems.map(({ message }) => message).join("\n");
};

describe("the default export of a scenario module", () => {
  it("gives its tasks, with weight 1 where none stands", () => {
    const tasks = [
      { name: "a", run },
      { name: "b", weight: 0.5, run },
    ];
    const checked = checkModule(defineScenario({ setup: run, tasks }), "shop.ts");
    expect(checked).toEqual({
      ok: true,
      value: {
        setup: run,
        teardown: null,
        tasks: [
          { name: "a", weight: 1, run },
          { name: "b", weight: 0.5, run },
        ],
      },
    });
  });

  it.each([
    ["is missing", undefined, ["missing-value"], "no default export"],
    ["is a function", run, ["bad-value"], "not a scenario"],
    ["is a list", [], ["bad-value"], "not a scenario"],
    ["has no tasks", {}, ["missing-value"], "no tasks"],
    ["has an empty list of tasks", { tasks: [] }, ["missing-value"], "no tasks"],
    ["has a task without a name", { tasks: [{ run }] }, ["missing-value"], "no name"],
    ["has a task with a blank name", { tasks: [{ name: " \n", run }] }, ["missing-value"], "no name"],
    ["has a task without run", { tasks: [{ name: "a" }] }, ["missing-value"], "no function run"],
    [
      "has a weight of 0",
      { tasks: [{ name: "a", weight: 0, run }] },
      ["bad-value"],
      "weight of task 1 of shop.ts is 0",
    ],
    ["has a weight that is a text", { tasks: [{ name: "a", weight: "3", run }] }, ["bad-value"], "is string"],
    ["has a weight that is no number", { tasks: [{ name: "a", weight: Number.NaN, run }] }, ["bad-value"], "is NaN"],
    [
      "has two tasks of a name",
      {
        tasks: [
          { name: "a", run },
          { name: "a", run },
        ],
      },
      ["conflicting-values"],
      '"a"',
    ],
    ["has an unknown key", { task: [], tasks: [{ name: "a", run }] }, ["bad-value"], '"task"'],
    ["has a task with an unknown key", { tasks: [{ name: "a", run, wieght: 2 }] }, ["bad-value"], '"wieght"'],
    ["has a setup that is no function", { setup: {}, tasks: [{ name: "a", run }] }, ["bad-value"], "setup"],
    [
      "has too many tasks",
      { tasks: Array.from({ length: 201 }, (_, i) => ({ name: `${i}`, run })) },
      ["bad-value"],
      "200",
    ],
  ])("that %s is refused", (_, exported, expected, says) => {
    expect(codes(exported)).toEqual(expected);
    expect(sentences(exported)).toContain(says);
  });

  it("is refused with all of its mistakes at once", () => {
    expect(codes({ teardown: 1, tasks: [{}, { name: "a", weight: -1, run }, 7] })).toHaveLength(5);
  });

  it("becomes a scenario whose checksum all tasks share and that can be cloned", () => {
    const facts = { tasks: [{ name: "a", weight: 2 }], checksum: "0123456789abcdef" };
    const scenario = moduleScenario({ url: "file:///x/shop.ts", api: "file:///y/define.ts" }, facts);
    expect(structuredClone(scenario)).toEqual(scenario);
    expect(scenario).toMatchObject({ definition: "module 0123456789abcdef", rows: [], secrets: [] });
    expect(scenario.tasks).toMatchObject([{ name: "a", weight: 2 }]);
  });
});

const TARGET = { origin: "https://api.test", allowedHosts: ["login.test", "*.files.test"] };
const read = (options: unknown) => readModuleRequest(options, TARGET);

describe("user.request", () => {
  it.each([
    [
      "a path as written",
      { get: "/a b?x=1" },
      { method: "GET", path: "/a%20b?x=1", name: "GET /a b?x=1", origin: null },
    ],
    ["a name of its own", { get: "/u/1", name: "/u/:id" }, { name: "/u/:id", path: "/u/1" }],
    ["a query", { get: "/a", query: { q: "x&y", n: [1, 2], no: undefined } }, { path: "/a?q=x%26y&n=1&n=2" }],
    ["a query behind one", { get: "/a?b=1", query: { c: true } }, { path: "/a?b=1&c=true" }],
    ["JSON", { post: "/a", json: { n: 1 } }, { body: '{"n":1}', headers: { "content-type": "application/json" } }],
    ["JSON null", { post: "/a", json: null }, { body: "null" }],
    [
      "a type of its own",
      { put: "/a", json: 1, headers: { "Content-Type": "a/b" } },
      { headers: { "Content-Type": "a/b" } },
    ],
    ["a form", { patch: "/a", form: { a: "x y", b: [1, "ü"] } }, { body: "a=x+y&b=1&b=%C3%BC" }],
    ["a body", { delete: "/a", body: "x" }, { body: "x", headers: {} }],
    ["seconds as timeout", { head: "/", timeout: 1.5 }, { timeout: 1500, method: "HEAD" }],
    ["a text as timeout", { options: "/", timeout: "800ms" }, { timeout: 800, method: "OPTIONS" }],
    ["no timeout", { get: "/" }, { timeout: null, follow: false, expect: null, body: null }],
    ["the target's own URL", { get: "https://api.test/x" }, { origin: null, path: "/x" }],
    ["an allowed host", { get: "https://login.test?x" }, { origin: "https://login.test", path: "/?x" }],
    ["an allowed host by pattern", { get: "https://a.files.test/y" }, { origin: "https://a.files.test" }],
  ])("takes %s", (_, options, expected) => {
    expect(read(options)).toMatchObject(expected);
  });

  it.each([
    ["nothing", undefined, "not an object"],
    ["no method", { path: "/a" }, "needs one of get"],
    ["two methods", { get: "/a", post: "/a" }, "both get and post"],
    ["a path that is a number", { get: 5 }, "not a text"],
    ["a path without a slash", { get: "a" }, "neither a path nor"],
    ["two slashes", { get: "//other.test/" }, "neither a path nor"],
    ["another scheme", { get: "ftp://api.test/" }, "neither a path nor"],
    ["a fragment", { get: "/a#b" }, "fragment"],
    ["a host that is not allowed", { get: "https://evil.test/" }, "allowed-hosts"],
    ["another port", { get: "https://api.test:8443/" }, "allowed-hosts"],
    ["a metadata address", { get: "http://169.254.169.254/" }, "link-local"],
    ["a password in the URL", { get: "https://u:p@login.test/" }, "password"],
    ["an unknown key", { get: "/", qurey: {} }, '"qurey"'],
    ["two bodies", { post: "/", json: 1, body: "x" }, "more than one"],
    ["JSON that is none", { post: "/", json: () => {} }, "cannot be written"],
    ["an object in a form", { post: "/", form: { a: {} } }, "form.a"],
    ["a body that is an object", { post: "/", body: {} }, "Uint8Array"],
    ["an object as header", { get: "/", headers: { "x-a": {} } }, "header x-a"],
    ["no time at all", { get: "/", timeout: 0 }, "timeout"],
    ["a timeout without a unit", { get: "/", timeout: "5" }, "unit"],
  ])("refuses %s", (_, options, says) => {
    expect(() => read(options)).toThrow(says);
    expect(() => read(options)).toThrow(TypeError);
  });
});

describe("expect of a module", () => {
  it.each([
    ["a status", { status: 201 }, { status: [{ from: 201, to: 201 }] }],
    [
      "several",
      { status: [200, "300-399"] },
      {
        status: [
          { from: 200, to: 200 },
          { from: 300, to: 399 },
        ],
      },
    ],
    [
      "a value in JSON",
      { json: { "/a/b": [1] } },
      { json: [{ path: ["a", "b"], test: { kind: "equals", value: [1] } }] },
    ],
    [
      "an object in JSON",
      { json: { "": { equals: { a: 1 } } } },
      { json: [{ test: { kind: "equals", value: { a: 1 } } }] },
    ],
    ["the word exists", { json: { "/a": "exists" } }, { json: [{ test: { kind: "exists", exists: true } }] }],
    ["absence", { json: { "/a": { exists: false } } }, { json: [{ test: { kind: "exists", exists: false } }] }],
    ["a list of pointers", { json: ["/a"] }, { json: [{ pointer: "/a", test: { kind: "exists", exists: true } }] }],
    [
      "a regular expression",
      { header: { "x-a": /b/i } },
      { headers: [{ test: { kind: "matches", regex: { source: "b", flags: "i" } } }] },
    ],
    ["one as in YAML", { header: { "x-a": "/b/" } }, { headers: [{ test: { regex: { source: "b", flags: "" } } }] }],
    ["a header's presence", { header: { "x-a": "exists" } }, { headers: [{ test: { kind: "exists", exists: true } }] }],
    ["a text in the body", { body: "{{ x }}" }, { body: [{ parts: [{ kind: "literal", text: "{{ x }}" }] }] }],
    ["a time", { time: "< 800ms" }, { time: { limit: 800, inclusive: false } }],
    ["a time and its bound", { time: "<= 1s" }, { time: { limit: 1000, inclusive: true } }],
  ])("takes %s", (_, options, expected) => {
    expect(readModuleExpect(options)).toMatchObject(expected);
  });

  it.each([
    ["an unknown key", { statsu: 200 }, '"statsu"'],
    ["a status that is none", { status: 42 }, "expect.status"],
    ["no status", { status: [] }, "empty list"],
    ["a pointer that is none", { json: { a: 1 } }, '"a"'],
    ["an object that is no test", { json: { "/a": { b: 1 } } }, "neither a value nor"],
    ["an empty text", { body: "" }, "expect.body"],
    ["other flags", { header: { a: /x/g } }, "flags g"],
    ["a time without a unit", { time: "< 800" }, "unit"],
  ])("refuses %s", (_, options, says) => {
    expect(() => readModuleExpect(options)).toThrow(says);
  });
});

it("docs/scenario.md shows the example file as it is", () => {
  const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
  expect(text("docs/scenario.md")).toContain(`\`\`\`ts\n${text("examples/scenario/orders.ts")}\`\`\``);
});
