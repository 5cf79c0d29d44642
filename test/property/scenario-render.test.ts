import fc from "fast-check";
import { expect, it } from "vitest";
import { compileStep } from "../../src/scenario/compile-step.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import type { CompiledStep, JsonValue, RequestStep, Scenario } from "../../src/scenario/scenario.ts";
import { createScope } from "../../src/scenario/scope.ts";

const TEXT = `scenario:
  setup: [{ get: /, capture: { c: { json: /c } } }]
  tasks:
    - get: /a/{{ c }}/b?w={{ c }}
      query: { q: "{{ c }}", r: "x {{ c }}" }
      headers: { x-c: "v {{ c }}" }
    - { post: /, json: { k: "{{ c }}", l: ["a {{ c }} b"], n: 5 } }
    - { post: /, form: { f: "{{ c }}", g: "{{ c }}-{{ random.int(-3, 3) }}" } }
`;
const read = readScenario({ text: TEXT, fileName: "o.yml", env: {}, users: 1, readFile: () => ({ kind: "absent" }) });
if (!read.ok) throw new Error("the scenario of this test is wrong");
const scenario: Scenario = read.value;
const [path, json, form] = scenario.tasks.map((task) => compileStep(task.steps[0] as RequestStep));

const sendWith = (step: CompiledStep | undefined, captured: JsonValue, random = 0) => {
  const random01 = { values: () => random, rows: () => random, uuid: () => "u" };
  const scope = createScope(scenario, { user: 0, users: 1, random: random01 });
  scope.captured[0] = captured;
  const sent = step?.render(scope);
  if (sent === undefined) throw new Error("no such step");
  return sent;
};

const anything = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("{", "}", "\r", "\n", "%", "&", '"', "\\", "\uD800", "é", ":") }),
);

it("a value never adds a line, a segment, a parameter or a template to a request", () => {
  fc.assert(
    fc.property(anything, (value) => {
      const sent = sendWith(path, value);
      if (!sent.ok) {
        expect(sent.reason).toBe("{{ c }} holds a character that no header may hold");
        expect([...value].every((letter) => /[\t\u0020-\u007e\u0080-\u00ff]/.test(letter))).toBe(false);
        return;
      }
      const url = new URL(sent.path, "http://t.example");
      expect(sent.path).toMatch(/^\/a\/[A-Za-z0-9\-_.!~*'()%]*\/b\?w=[^&{}\s]*&q=[^&{}\s]*&r=x%20[^&{}\s]*$/);
      expect(url.searchParams.get("q")).toBe(value.toWellFormed());
      expect(url.searchParams.get("r")).toBe(`x ${value.toWellFormed()}`);
      expect(sent.headers).toEqual(["x-c", `v ${value}`]);
      expect(sent.headers.join("")).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 400 },
  );
});

it("a value comes out of JSON and form as it went in", () => {
  fc.assert(
    fc.property(anything, fc.double({ min: 0, max: 0.999999, noNaN: true }), (value, random) => {
      const body = sendWith(json, value);
      expect(body.ok && JSON.parse(`${body.body}`)).toEqual({ k: value, l: [`a ${value} b`], n: 5 });
      const fields = sendWith(form, value, random);
      const sent = new URLSearchParams(`${fields.ok ? fields.body : ""}`);
      expect([...sent.keys()]).toEqual(["f", "g"]);
      expect(sent.get("f")).toBe(value.toWellFormed());
      const drawn = Number(sent.get("g")?.slice(value.toWellFormed().length + 1));
      expect(Number.isInteger(drawn) && drawn >= -3 && drawn <= 3).toBe(true);
    }),
    { numRuns: 400 },
  );
});

it("what is captured from any JSON can be sent or is refused with a reason", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const sent = sendWith(json, value as JsonValue);
      if (sent.ok) expect(typeof JSON.parse(`${sent.body}`).k).toBe("string");
      else expect(sent.reason).toBe("{{ c }} has no value");
      expect(sent.ok).toBe(value !== null);
    }),
  );
});
