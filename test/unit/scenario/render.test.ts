import { describe, expect, it } from "vitest";
import type { Scenario } from "../../../src/scenario/scenario.ts";
import { beginSequence } from "../../../src/scenario/scope.ts";
import { requestsOf, scenarioOf, scopeOf, shown } from "./scenario-source.ts";

/** The first request of the first task of a scenario with these lines below `tasks:`, as text. */
const sent = (lines: string, before = ""): string => {
  const scenario = scenarioOf(`${before}tasks:\n${lines.replace(/^(?=.)/gm, "  ")}`);
  const scope = scopeOf(scenario);
  beginSequence(scenario, scenario.tasks[0]!, scope);
  return shown(requestsOf(scenario.tasks[0])[0]!, scope);
};

const NASTY = `variables: { v: "a b/c?d&e=f+g%h\\"i\\\\é#" }\n`;

describe("a value", () => {
  it.each([
    ["in a path cannot add a segment", "- get: /x/{{ v }}/y", "GET /x/a%20b%2Fc%3Fd%26e%3Df%2Bg%25h%22i%5C%C3%A9%23/y"],
    [
      "in a written query cannot add a parameter",
      "- get: /x?q={{ v }}",
      "GET /x?q=a%20b%2Fc%3Fd%26e%3Df%2Bg%25h%22i%5C%C3%A9%23",
    ],
    [
      "in query cannot add a parameter",
      '- { get: /x, query: { q: "{{ v }}" } }',
      "GET /x?q=a%20b%2Fc%3Fd%26e%3Df%2Bg%25h%22i%5C%C3%A9%23",
    ],
    [
      "in a form cannot add a field",
      '- { post: /x, form: { q: "{{ v }}" } }',
      /\n\nq=a\+b%2Fc%3Fd%26e%3Df%2Bg%25h%22i%5C%C3%A9%23$/,
    ],
    [
      "in JSON stays inside its quotes",
      '- { post: /x, json: { q: "{{ v }}" } }',
      /\n\n\{"q":"a b\/c\?d&e=f\+g%h\\"i\\\\é#"\}$/,
    ],
    ["in a text body stands as it is", '- { post: /x, body: "<{{ v }}>" }', /\n\n<a b\/c\?d&e=f\+g%h"i\\é#>$/],
  ])("%s", (_, lines, request) => {
    const text = sent(lines, NASTY);
    if (typeof request === "string") expect(text).toBe(request);
    else expect(text).toMatch(request);
  });
});

describe("what is written", () => {
  it.each([
    [
      "keeps reserved characters and escapes of a path",
      "- get: /a;b=c/(d)/%2f?e=1,2&f=[3]",
      "GET /a;b=c/(d)/%2f?e=1,2&f=[3]",
    ],
    [
      "is percent-encoded where no request line may hold it",
      "- get: '/a b/é|{x}^%zz'",
      "GET /a%20b/%C3%A9%7C%7Bx%7D%5E%25zz",
    ],
    [
      "in query is encoded like a value",
      "- { get: /a, query: { 'q 1': 'b&c', n: 5, t: true, l: [x, y], e: '' } }",
      "GET /a?q%201=b%26c&n=5&t=true&l=x&l=y&e=",
    ],
    ["in query goes behind a written query", "- { get: /a?b=1, query: { c: 2 } }", "GET /a?b=1&c=2"],
    ["as an empty query adds nothing", "- { get: /a, query: {} }", "GET /a"],
    ["as a whole URL has a path", "- get: https://Other.Example:443?x=1", "GET https://other.example/?x=1"],
    ["as a whole URL keeps its port", "- get: https://other.example:8443/x", "GET https://other.example:8443/x"],
    ["takes its beginning from the environment", `- get: \${BASE}/token`, "GET https://login.example.com/v1/token"],
    ["takes a host from a variable", "- get: https://{{ h }}/x", "GET https://api.example.com/x"],
  ])("%s", (_, lines, request) => {
    expect(sent(lines, "variables: { h: api.example.com }\n")).toBe(request);
  });
});

describe("a JSON body", () => {
  it.each([
    [
      "keeps numbers, booleans and null",
      "{ a: 5, b: 1.50, c: true, d: null, e: -1e3, f: 0x1f }",
      '{"a":5,"b":1.5,"c":true,"d":null,"e":-1000,"f":31}',
    ],
    ["keeps quoted ones as texts", `{ a: "5", b: 'true', c: "null", d: "" }`, '{"a":"5","b":"true","c":"null","d":""}'],
    [
      "takes other bare words for texts",
      "{ a: yes, b: 1_000, c: 2026-11-21, d: /x }",
      '{"a":"yes","b":"1_000","c":"2026-11-21","d":"/x"}',
    ],
    ["makes a text of a template alone", '{ a: "{{ n }}", b: "{{ random.int(3, 3) }}" }', '{"a":"5","b":"3"}'],
    ["makes a text of a variable alone", `{ a: "\${SHORT}" }`, '{"a":"abc"}'],
    [
      "keeps the order of keys and nests",
      "{ z: [1, { y: [] }, {}], a: { b: { c: 1 } } }",
      '{"z":[1,{"y":[]},{}],"a":{"b":{"c":1}}}',
    ],
    ["may be a list", "[1, a]", '[1,"a"]'],
    ["may be a number", "5", "5"],
    ["escapes line breaks", '{ a: "x\\ny" }', '{"a":"x\\ny"}'],
    ["keeps a key that objects know", "{ __proto__: 1, constructor: 2 }", '{"__proto__":1,"constructor":2}'],
  ])("%s", (_, body, json) => {
    expect(sent(`- post: /\n  json: ${body}`, "variables: { n: 5 }\n")).toBe(
      `POST /\ncontent-type: application/json\n\n${json}`,
    );
  });
});

describe("headers", () => {
  const first = (scenario: Scenario): string => shown(requestsOf(scenario.tasks[0])[0]!, scopeOf(scenario));

  it("merge inner over outer without case", () => {
    const scenario = scenarioOf(
      "headers: { Accept: a, X-One: outer, x-two: outer }\n" +
        "tasks:\n  - headers: { x-one: task, x-three: task }\n    steps:\n      - { get: /, headers: { X-THREE: step } }",
    );
    expect(first(scenario)).toBe("GET /\nX-THREE: step\nx-one: task\nAccept: a\nx-two: outer");
  });

  it("keep a content type of the user's own", () => {
    const scenario = scenarioOf(
      "tasks:\n  - { post: /, json: {}, headers: { Content-Type: application/vnd.api+json } }",
    );
    expect(first(scenario)).toBe("POST /\nContent-Type: application/vnd.api+json\n\n{}");
  });

  it("of scenario and task never go to another origin, the step's own do", () => {
    const scenario = scenarioOf(
      "headers: { cookie: a }\ntasks:\n  - headers: { authorization: b }\n    steps:\n" +
        "      - { post: 'https://other.example/', headers: { x: c }, form: { d: e } }\n      - get: http://preview.example.com/",
      { target: "http://preview.example.com/start" },
    );
    const [other, own] = requestsOf(scenario.tasks[0]);
    expect(shown(other!, scopeOf(scenario))).toBe(
      "POST https://other.example/\nx: c\ncontent-type: application/x-www-form-urlencoded\n\nd=e",
    );
    expect(shown(own!, scopeOf(scenario))).toBe("GET /\nauthorization: b\ncookie: a");
    expect(scenario.otherOrigins).toEqual(["https://other.example"]);
  });

  it("that a step replaces need not be known yet", () => {
    const scenario = scenarioOf(
      "headers: { authorization: 'Bearer {{ t }}' }\n" +
        "setup: [{ post: /login, headers: { Authorization: none }, capture: { t: { json: /t } } }]\ntasks: [{ get: / }]",
    );
    expect(shown(requestsOf(scenario.setup)[0]!, scopeOf(scenario))).toBe("POST /login\nAuthorization: none");
  });

  it.each([
    ["a line break", "a\r\nx-admin: 1"],
    ["a character beyond Latin-1", "→"],
    ["a zero byte", "\0"],
  ])("refuse %s in a value that comes later", (_, value) => {
    const scenario = scenarioOf(
      "setup: [{ get: /, capture: { t: { json: '' } } }]\ntasks: [{ get: /, headers: { x: 'y {{ t }}' } }]",
    );
    const scope = scopeOf(scenario);
    scope.captured[0] = value;
    expect(shown(requestsOf(scenario.tasks[0])[0]!, scope)).toBe("({{ t }} holds a character that no header may hold)");
  });
});

describe("data", () => {
  const picks = (pick: string, over: Parameters<typeof scopeOf>[1], count = 4): string[] => {
    const scenario = scenarioOf(
      `data: [{ file: accounts.csv, as: a, pick: ${pick} }]\ntasks: [{ get: '/{{ a.lang }}' }]`,
    );
    const scope = scopeOf(scenario, over);
    const [step] = requestsOf(scenario.tasks[0]);
    return Array.from({ length: count }, () => {
      beginSequence(scenario, scenario.tasks[0]!, scope);
      return shown(step!, scope).slice("GET /".length);
    });
  };

  it.each([
    ["unique is one row a user", "unique", { user: 0 }, ["de", "de", "de", "de"]],
    ["unique is another row for the next", "unique", { user: 1 }, ["en", "en", "en", "en"]],
    ["sequential of one user goes round", "sequential", { user: 0, users: 1 }, ["de", "en", "de", "en"]],
    [
      "sequential of the second of three users takes every third",
      "sequential",
      { user: 1, users: 3 },
      ["en", "de", "en", "de"],
    ],
    ["random takes what is drawn", "random", { values: [0.9, 0.1, 0.5, 0.49] }, ["en", "de", "en", "de"]],
  ])("%s", (_, pick, over, langs) => {
    expect(picks(pick, over)).toEqual(langs);
  });

  it("sequential deals every row once before any twice, whatever the users", () => {
    const scenario = scenarioOf("data: [{ file: accounts.csv, as: a }]\ntasks: [{ get: '/{{ a.lang }}' }]");
    const rows = Array.from({ length: 12 }, (_, row) => ({ n: row }));
    const many: Scenario = { ...scenario, data: [{ name: "a", pick: "sequential", rows }] };
    const seen = [0, 1, 2].flatMap((user) => {
      const scope = scopeOf(many, { user, users: 3 });
      return Array.from({ length: 4 }, () => {
        beginSequence(many, many.tasks[0]!, scope);
        return scope.rows[0]?.["n"];
      });
    });
    expect(seen.toSorted()).toEqual(rows.map((row) => row.n).toSorted());
  });

  it("is drawn by the sequences that use it only", () => {
    const scenario = scenarioOf(
      "data: [{ file: accounts.csv, as: a }, { file: products.json, as: p }]\n" +
        "setup: [{ get: '/{{ a.lang }}' }]\ntasks: [{ get: / }, { steps: [{ get: '/{{ p.sku }}' }, { get: '/{{ a.email }}' }] }]",
    );
    expect([scenario.setup, ...scenario.tasks].map(({ draws }) => draws)).toEqual([[0], [], [0, 1]]);
  });

  it("of JSON is reached deeper, and a field that a row lacks has no value", () => {
    const scenario = scenarioOf(
      "data: [{ file: products.json, as: p, pick: unique }]\ntasks: [{ get: '/{{ p.price.eur }}' }, { get: '/{{ p.old }}' }, { get: '/{{ p.price }}' }]",
    );
    const text = (user: number): string[] =>
      scenario.tasks.map((task) => {
        const scope = scopeOf(scenario, { user });
        beginSequence(scenario, task, scope);
        return shown(requestsOf(task)[0]!, scope);
      });
    expect(text(0)).toEqual([
      "GET /4",
      "({{ p.old }} has no value in this row of the data)",
      "GET /%7B%22eur%22%3A4%7D",
    ]);
    expect(text(1)[0]).toBe("({{ p.price.eur }} has no value in this row of the data)");
  });
});

describe("what is not known before the run", () => {
  it("is a reason of the step that uses it", () => {
    const scenario = scenarioOf(
      "tasks: [{ get: /, capture: { a: { json: /a } } }, { get: '/{{ a }}' }]\nteardown: [{ delete: '/{{ a }}' }]",
    );
    const scope = scopeOf(scenario);
    expect(shown(requestsOf(scenario.tasks[1])[0]!, scope)).toBe("({{ a }} has not been captured yet)");
    scope.captured[0] = 7;
    expect(shown(requestsOf(scenario.tasks[1])[0]!, scope)).toBe("GET /7");
    expect(shown(requestsOf(scenario.teardown)[0]!, scope)).toBe("DELETE /7");
  });
});

describe("a step", () => {
  const stepOf = (keys: string) => {
    const scenario = scenarioOf(
      `variables: { v: x }\nsetup: [{ get: /, capture: { t: { json: /t } } }]\ntasks: [{ ${keys} }]`,
    );
    return requestsOf(scenario.tasks[0])[0]!;
  };
  it.each([
    ["a path", "get: /", true],
    ["variables of the file and the environment", `post: "/{{ v }}", json: { a: "\${SHORT}" }`, true],
    ["a file", "post: /, file: body.bin", true],
    ["a captured value in a header", 'get: /, headers: { a: "{{ t }}" }', false],
    ["a random number in the body", 'post: /, form: { a: "{{ random.int(1, 2) }}" }', false],
    ["a new id in the query", 'get: /, query: { a: "{{ random.uuid }}" }', false],
    ["a check with a template", 'get: /, expect: { body: "{{ t }}" }', true],
  ])("with %s is static: %#", (_, keys, isStatic) => {
    expect(stepOf(keys).isStatic).toBe(isStatic);
  });

  it.each([
    ["a status", "expect: { status: 200 }", [false, false]],
    ["a time", "expect: { time: 1s }", [false, false]],
    ["a header", "expect: { header: { a: b } }", [false, true]],
    ["a text in the body", "expect: { body: b }", [true, false]],
    ["a pointer", "expect: { json: { /a: 1 } }", [true, false]],
    ["a captured header", "capture: { x: { header: location } }", [false, true]],
    ["a captured group", "capture: { x: { regex: a(b) } }", [true, false]],
  ])("that looks at %s needs no more than that", (_, keys, needs) => {
    const step = stepOf(`get: /, ${keys}`);
    expect([step.needsBody, step.needsHeaders]).toEqual(needs);
  });

  it("sends a file byte by byte", () => {
    expect(stepOf("put: /, file: body.bin").render(scopeOf(scenarioOf("tasks: [{ get: / }]")))).toMatchObject({
      headers: [],
      body: new TextEncoder().encode("raw bytes"),
    });
  });
});
