import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { scenarioFileSchema } from "../../../scripts/docs-scenario-schema.ts";
import { readScenario } from "../../../src/scenario/read-scenario.ts";
import { source } from "./scenario-source.ts";

const stored = JSON.parse(readFileSync(new URL("../../../schemas/scenario.schema.json", import.meta.url), "utf8"));
const validate = new Ajv.Ajv({ allErrors: true, strictTypes: false, strictRequired: false }).compile(stored);

const both = (body: string): [boolean, boolean] => {
  const text = `scenario:\n${body.replace(/^(?=.)/gm, "  ")}`;
  return [validate(parse(text)), readScenario(source(text)).ok];
};

it("the stored schema is the one that the script writes", () => {
  expect(stored).toEqual(scenarioFileSchema());
});

describe("the schema and the parser agree", () => {
  it.each([
    "tasks: [{ get: / }]",
    "tasks: [{ get: /, weight: 0.5, name: home, timeout: 5s, follow: true }]",
    "variables: { a: 1, b: true, c: x }\ntasks: [{ get: '/{{ a }}{{ b }}{{ c }}' }]",
    "data: [{ file: accounts.csv, as: a, pick: unique }]\ntasks: [{ get: '/{{ a.email }}' }]",
    "headers: { accept: a, x-n: 5 }\ntasks: [{ post: /, json: [1, null, { a: b }] }]",
    "setup: [{ post: /, form: { a: [1, 2] }, capture: { t: { json: /t }, u: { header: x }, v: { regex: a(b) } } }]\ntasks: [{ get: / }]",
    "tasks: [{ name: a, weight: 2, headers: { b: c }, steps: [{ get: / }, { wait: 'between(0.5, 1)' }, { put: /, body: x }] }]",
    "tasks: [{ get: /, query: { a: 1, b: [x, true] } }]\nteardown: [{ delete: / }, { wait: constant(1) }]",
    "tasks: [{ get: /, expect: { status: 201 } }, { get: /, expect: { status: [200, 404] } }, { get: /, expect: { status: 200-299 } }]",
    "tasks: [{ get: /, expect: { json: { /a: 1, /b: null, /c: exists, /d: { exists: false }, /e: { equals: { f: 1 } }, /g: [1] } } }]",
    "tasks: [{ get: /, expect: { json: [/a, ''], header: { a: /b/, c: { exists: true } }, body: [a, b], time: < 800ms } }]",
    `tasks: [{ get: 'https://a.example/x' }, { patch: '\${BASE}/x', file: body.bin }, { options: / }, { head: / }]`,
  ])("both accept %s", (body) => {
    expect(both(body)).toEqual([true, true]);
  });

  it.each([
    "headers: {}",
    "tasks: []",
    "tasks: [{}]",
    "tasks: [{ name: a }]",
    "tasks: [{ get: /, post: / }]",
    "tasks: [{ get: hello }]",
    "tasks: [{ get: //a.example }]",
    "tasks: [{ get: /a#b }]",
    "tasks: [{ get: /, weight: 0 }]",
    "tasks: [{ get: /, weight: -1 }]",
    "tasks: [{ get: /, wieght: 1 }]",
    "tasks: [{ get: /, name: 'a {{ b }}' }]",
    "tasks: [{ get: /, timeout: 5 }]",
    "tasks: [{ get: /, follow: maybe }]",
    "tasks: [{ get: /, headers: [a] }]",
    "tasks: [{ get: /, headers: { 'a b': c } }]",
    "tasks: [{ post: /, json: {}, body: x }]",
    "tasks: [{ post: /, form: { a: { b: c } } }]",
    "tasks: [{ steps: [] }]",
    "tasks: [{ steps: [{ get: / }], timeout: 5s }]",
    "tasks: [{ steps: [{ get: /, weight: 2 }] }]",
    "tasks: [{ steps: [{ get: / }, { wait: 5 }] }]",
    "tasks: [{ steps: [{ get: / }, { wait: constant(1), name: a }] }]",
    "tasks: [{ wait: constant(1) }]",
    "tasks: [{ get: /, expect: { status: 99 } }]",
    "tasks: [{ get: /, expect: { status: [] } }]",
    "tasks: [{ get: /, expect: { json: { a: 1 } } }]",
    "tasks: [{ get: /, expect: { json: { /a: { exist: true } } } }]",
    "tasks: [{ get: /, expect: { time: 800 } }]",
    "tasks: [{ get: /, expect: { stauts: 200 } }]",
    "tasks: [{ get: /, capture: { a: /x } }]",
    "tasks: [{ get: /, capture: { random: { json: /x } } }]",
    "tasks: [{ get: /, capture: { a: { json: /x, header: y } } }]",
    "tasks: [{ get: /, capture: { a: {} } }]",
    "data: [{ file: accounts.csv }]\ntasks: [{ get: / }]",
    "data: [{ file: accounts.txt, as: a }]\ntasks: [{ get: / }]",
    "data: [{ file: accounts.csv, as: a, pick: any }]\ntasks: [{ get: / }]",
    "variables: { random: 1 }\ntasks: [{ get: / }]",
  ])("both refuse %s", (body) => {
    expect(both(body)).toEqual([false, false]);
  });
});
