import { describe, expect, it } from "vitest";
import { answerOf } from "../../../src/scenario/answer.ts";
import type { CompiledStep, Scope } from "../../../src/scenario/scenario.ts";
import { millis } from "../../../src/units.ts";
import { bytes, requestsOf, scenarioOf, scopeOf } from "./scenario-source.ts";

type Given = { status?: number; headers?: Record<string, string>; body?: string | null };

const answer = ({ status = 200, headers = {}, body = "" }: Given) =>
  answerOf({ status, header: (name) => headers[name] ?? null, body: body === null ? null : bytes(body) });

/** A step with these keys, in a task behind a setup that has captured `t` as "7" and `o` as an object. */
const stepOf = (keys: string): { step: CompiledStep; scope: Scope } => {
  const scenario = scenarioOf(
    `variables: { v: gold }\nsetup: [{ get: /, capture: { t: { json: /t }, o: { json: /o } } }]\ntasks: [{ get: /, ${keys} }]`,
  );
  const scope = scopeOf(scenario);
  scope.captured[0] = "7";
  scope.captured[1] = { id: 3 };
  return { step: requestsOf(scenario.tasks[0])[0]!, scope };
};

const BODY = '{"id":7,"s":"7","n":null,"ok":true,"l":[1,{"a":2}],"a/b":1,"m~n":2,"":3,"deep":{"x":{"y":"z"}}}';

describe("expect", () => {
  it.each<[what: string, expect: string, given: Given, reason: string | null]>([
    ["a status that fits", "{ status: 201 }", { status: 201 }, null],
    ["a status in a list", "{ status: [200, 404] }", { status: 404 }, null],
    ["a status in a range", "{ status: '200-299,304' }", { status: 304 }, null],
    ["another status", "{ status: [201, 203-205] }", { status: 200 }, "status 200, expected 201,203-205"],
    ["a number", "{ json: { /id: 7 } }", { body: BODY }, null],
    ["a number for a text", "{ json: { /s: 7 } }", { body: BODY }, '/s is "7", expected 7'],
    ["a text for a number", '{ json: { /id: "7" } }', { body: BODY }, '/id is 7, expected "7"'],
    ["null", "{ json: { /n: null } }", { body: BODY }, null],
    ["true", "{ json: { /ok: true } }", { body: BODY }, null],
    ["a list", "{ json: { /l: [1, { a: 2 }] } }", { body: BODY }, null],
    ["a longer list", "{ json: { /l: [1] } }", { body: BODY }, '/l is [1,{"a":2}], expected [1]'],
    [
      "an object in another order of keys",
      "{ json: { /o: { equals: { a: 1, b: 2 } } } }",
      { body: '{"o":{"b":2,"a":1}}' },
      null,
    ],
    [
      "an object with a key more",
      "{ json: { /o: { equals: { a: 1 } } } }",
      { body: '{"o":{"b":2,"a":1}}' },
      '/o is {"b":2,"a":1}, expected {"a":1}',
    ],
    ["an escaped pointer", "{ json: { /a~1b: 1, /m~0n: 2, /: 3, /deep/x/y: z, /l/1/a: 2 } }", { body: BODY }, null],
    ["the whole document", '{ json: { "": [1] } }', { body: "[1]" }, null],
    ["a template as text", '{ json: { /id: "{{ t }}", /s: "{{ t }}" } }', { body: BODY }, null],
    [
      "a template with another value",
      '{ json: { /id: "{{ v }}" } }',
      { body: BODY },
      "/id is 7, expected another value",
    ],
    ["something that exists", "{ json: { /n: exists, /id: { exists: true } } }", { body: BODY }, null],
    ["something that does not", "{ json: [/id, /nope] }", { body: BODY }, "no /nope"],
    [
      "something that should not",
      "{ json: { /id: { exists: false } } }",
      { body: BODY },
      "/id is there, expected none",
    ],
    ["the text exists", '{ json: { /id: "exists" } }', { body: BODY }, '/id is 7, expected "exists"'],
    ["what every object inherits", "{ json: { /constructor: exists } }", { body: BODY }, "no /constructor"],
    ["a length", "{ json: { /l/length: exists } }", { body: BODY }, "no /l/length"],
    ["JSON in something else", "{ json: { /id: 7 } }", { body: "<html>" }, "the body is not JSON"],
    ["a body that was not kept", "{ json: { /id: 7 } }", { body: null }, "there is no whole body to look at"],
    ["a header", "{ header: { X-A: b } }", { headers: { "x-a": "b" } }, null],
    ["another header", "{ header: { x-a: b } }", { headers: { "x-a": "secret" } }, "header x-a has another value"],
    ["no header", "{ header: { x-a: b } }", {}, "no header x-a"],
    ["a header that exists", "{ header: { x-a: exists, x-b: { exists: false } } }", { headers: { "x-a": "" } }, null],
    [
      "a matching header",
      "{ header: { content-type: /JSON/i } }",
      { headers: { "content-type": "application/json" } },
      null,
    ],
    ["a header between slashes", "{ header: { location: { equals: /a/ } } }", { headers: { location: "/a/" } }, null],
    ["a header with a template", '{ header: { location: "/x/{{ t }}" } }', { headers: { location: "/x/7" } }, null],
    ["a text in the body", "{ body: gold }", { body: "<b>gold</b>" }, null],
    ["several texts", "{ body: [gold, silver] }", { body: "gold" }, "the body does not contain silver"],
    [
      "a text with a template",
      '{ body: "a {{ t }} b" }',
      { body: "a 8 b" },
      "the body does not contain what was expected",
    ],
  ])("%s", (_, rule, given, reason) => {
    const { step, scope } = stepOf(`expect: ${rule}`);
    const got = step.check(answer(given), millis(5), scope);
    expect(got).toBe(reason);
  });

  it.each([
    ["< 800ms", 800, "took 800 ms, expected < 800 ms"],
    ["<= 800ms", 800, null],
    ["800ms", 800.4, "took 800 ms, expected <= 800 ms"],
    ["<1.5s", 1499, null],
  ])("time: %s after %d ms", (rule, elapsed, reason) => {
    const { step, scope } = stepOf(`expect: { time: "${rule}" }`);
    expect(step.check(answer({}), millis(elapsed), scope)).toBe(reason);
  });
});

describe("capture", () => {
  const captured = (rule: string, given: Given): unknown => {
    const { step, scope } = stepOf(`capture: { x: ${rule} }`);
    const reason = step.capture(answer(given), scope);
    return reason ?? scope.captured[2];
  };

  it.each<[what: string, rule: string, given: Given, value: unknown]>([
    ["a text", "{ json: /s }", { body: BODY }, "7"],
    ["a number", "{ json: /id }", { body: BODY }, 7],
    ["an object", "{ json: /deep }", { body: BODY }, { x: { y: "z" } }],
    ["the whole document", '{ json: "" }', { body: '"a"' }, "a"],
    ["a header", "{ header: Location }", { headers: { location: "/a" } }, "/a"],
    ["a group", `{ regex: 'value="([^"]+)"' }`, { body: '<input value="abc">' }, "abc"],
    ["a whole match", `{ regex: '\\d+' }`, { body: "ab 123" }, "123"],
    ["between slashes in any case", "{ regex: /token=(\\w+)/i }", { body: "TOKEN=abc" }, "abc"],
    ["a group with a name", `{ regex: '(?<t>a+)b' }`, { body: "aab" }, "aa"],
    ["nothing in JSON", "{ json: /nope }", { body: BODY }, "nothing to capture as x: no /nope"],
    ["null", "{ json: /n }", { body: BODY }, "nothing to capture as x: /n is null"],
    ["JSON in something else", "{ json: /n }", { body: "<" }, "nothing to capture as x: the body is not JSON"],
    ["no header", "{ header: a }", {}, "nothing to capture as x: no header a"],
    ["no match", "{ regex: a(b) }", { body: "x" }, "nothing to capture as x: the body does not match /a(b)/"],
    [
      "a group that took no part",
      "{ regex: a(b)? }",
      { body: "a" },
      "nothing to capture as x: no match in the first group of /a(b)?/",
    ],
    [
      "a body that was not kept",
      "{ json: /n }",
      { body: null },
      "nothing to capture as x: there is no whole body to look at",
    ],
    [
      "too much",
      "{ json: '' }",
      { body: `"${"a".repeat(70_000)}"` },
      "nothing to capture as x: the body is longer than 64 KB",
    ],
    [
      "deeper than the stack",
      "{ json: '' }",
      { body: `${"[".repeat(60_000)}${"]".repeat(60_000)}` },
      /longer than 64 KB|not JSON/,
    ],
    ["behind what is searched", "{ regex: end }", { body: `${" ".repeat(70_000)}end` }, /does not match/],
  ])("%s", (_, rule, given, value) => {
    const got = captured(rule, given);
    if (value instanceof RegExp) expect(got).toMatch(value);
    else expect(got).toEqual(value);
  });

  it("keeps all values of an answer or none", () => {
    const { step, scope } = stepOf("capture: { x: { json: /a }, y: { json: /b } }");
    expect(step.capture(answer({ body: '{"a":1}' }), scope)).toBe("nothing to capture as y: no /b");
    expect(scope.captured.slice(2)).toEqual([undefined, undefined]);
    expect(step.capture(answer({ body: '{"a":1,"b":2}' }), scope)).toBeNull();
    expect(scope.captured.slice(2)).toEqual([1, 2]);
  });

  it("of an object gives its parts to templates", () => {
    const scenario = scenarioOf(
      "setup: [{ get: /, capture: { o: { json: /o } } }]\ntasks: [{ get: '/{{ o.id }}' }, { get: '/{{ o.no }}' }]",
    );
    const scope = scopeOf(scenario);
    requestsOf(scenario.setup)[0]!.capture(answer({ body: '{"o":{"id":3}}' }), scope);
    expect(scenario.tasks.map((task) => requestsOf(task)[0]!.render(scope))).toMatchObject([
      { ok: true, path: "/3" },
      { ok: false, reason: "{{ o.no }} has no value" },
    ]);
  });
});
