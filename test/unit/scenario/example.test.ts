import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answerOf } from "../../../src/scenario/answer.ts";
import { readScenario } from "../../../src/scenario/read-scenario.ts";
import { beginSequence } from "../../../src/scenario/scope.ts";
import { millis } from "../../../src/units.ts";
import { bytes, filesOf, requestsOf, scopeOf, shown, source } from "./scenario-source.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const page = read("docs/scenario.md");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, "g"))].map((match) => match[1] ?? "");
const json = (status: number, body: string) => answerOf({ status, header: () => null, body: bytes(body) });

describe("the worked example of docs/scenario.md", () => {
  const [text = ""] = blocks("yaml");
  const [csv = ""] = blocks("csv");
  const parsed = readScenario(
    source(text, { readFile: filesOf({ "load/accounts.csv": csv }), env: { LOGIN_PASSWORD: "s3cret-pw" } }),
  );
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join("\n"));
  const scenario = parsed.value;
  const [login = "", hello = "", order = "", get = "", put = ""] = blocks("http");

  it("sends what the page says", () => {
    const scope = scopeOf(scenario, { user: 1, values: [0.5] });
    const [hi, steps] = scenario.tasks.map(requestsOf);
    beginSequence(scenario, scenario.setup, scope);
    const first = requestsOf(scenario.setup)[0]!;
    expect(shown(first, scope)).toBe(login);
    expect(first.capture(json(200, '{"token":"t 1"}'), scope)).toBeNull();

    expect(shown(hi![0]!, scope)).toBe(hello);
    expect(hi![0]!.isStatic).toBe(true);

    beginSequence(scenario, scenario.tasks[1]!, scope);
    expect(shown(steps![0]!, scope)).toBe(order);
    const created = json(201, '{"status":"created","id":"a/7"}');
    expect(steps![0]!.check(created, millis(10), scope)).toBeNull();
    expect(steps![0]!.capture(created, scope)).toBeNull();
    expect(shown(steps![1]!, scope)).toBe(get);
    expect(shown(steps![2]!, scope)).toBe(put);
  });

  it("has the rows that the page names", () => {
    const named = scenario.rows.map(({ name, phase }) => `${phase} ${name}`);
    expect(named).toEqual([
      "setup POST /login",
      "task GET /hello?tier={{ tier }}",
      "task POST /orders",
      "task /orders/:id",
      "task PUT /orders/{{ order }}",
    ]);
    for (const { name } of scenario.rows) expect(page.replaceAll("\n", " ")).toContain(`\`${name}\``);
  });

  it("weighs, waits and survives the way to a worker", () => {
    expect(scenario.tasks.map(({ weight }) => weight)).toEqual([3, 1]);
    expect(scenario.tasks[1]!.steps[1]).toEqual({ kind: "wait", wait: { kind: "between", min: 0.5, max: 1 } });
    expect(structuredClone(scenario)).toEqual(scenario);
  });
});

describe("the example of the files under examples/scenario", () => {
  it.each(["orders.yml", "checkout.yml"])("%s is a scenario", (name) => {
    const parsed = readScenario({
      text: read(`examples/scenario/${name}`),
      fileName: `examples/scenario/${name}`,
      env: { LOGIN_PASSWORD: "x" },
      users: 50,
      readFile: (path) => ({ kind: "bytes", bytes: bytes(read(path)) }),
    });
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
  });
});

describe("a scenario with every kind of step", () => {
  const text = `scenario:
  variables: { tier: gold }
  data:
    - { file: accounts.csv, as: account, pick: unique }      # sequential | random | unique; CSV with a header, or JSON array
  headers: { accept: application/json }
  setup:                                                       # once per user, reported apart
    - post: /login
      json: { email: "{{ account.email }}", password: "\${LOGIN_PASSWORD}" }
      capture: { token: { json: /token } }                     # json pointer | header | regex (first group)
  tasks:
    - get: /hello?tier={{ tier }}
      weight: 3
    - name: order
      weight: 1
      headers: { authorization: "Bearer {{ token }}" }
      steps:
        - post: /orders
          json: { sku: "{{ random.int(1, 100) }}", id: "{{ random.uuid }}" }
          expect: { status: 201, json: { /status: created }, header: { content-type: /json/ }, body: "created", time: "< 800ms" }
          capture: { order: { json: /id } }
        - wait: between(0.5, 1)
        - get: /orders/{{ order }}
          name: /orders/:id
          query: { full: true }
        - put: /orders/{{ order }}
          form: { note: hello }
`;
  const parsed = readScenario(source(text, { env: { LOGIN_PASSWORD: "hunter-22" } }));
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join("\n"));
  const scenario = parsed.value;

  it("checks status, JSON, header, body and time of the one step", () => {
    const step = requestsOf(scenario.tasks[1])[0]!;
    const scope = scopeOf(scenario);
    const answer = (over: { status?: number; type?: string; body?: string } = {}) =>
      answerOf({
        status: over.status ?? 201,
        header: (name) => (name === "content-type" ? (over.type ?? "application/json; charset=utf-8") : null),
        body: bytes(over.body ?? '{"status":"created","id":7}'),
      });
    const check = (over: Parameters<typeof answer>[0], time = 10) => step.check(answer(over), millis(time), scope);
    expect(check({})).toBeNull();
    expect(check({}, 799.9)).toBeNull();
    expect(check({}, 800)).toBe("took 800 ms, expected < 800 ms");
    expect(check({ status: 200 })).toBe("status 200, expected 201");
    expect(check({ type: "text/html" })).toBe("header content-type does not match /json/");
    expect(check({ body: '{"status":"open","created":1}' })).toBe('/status is "open", expected "created"');
    expect(check({ body: "created" })).toBe("the body is not JSON");
    expect([step.wantsStatus(201), step.wantsStatus(200)]).toEqual([true, false]);
    expect([step.needsBody, step.needsHeaders, step.isStatic]).toEqual([true, true, false]);
  });

  it("keeps the password out of everything but the request", () => {
    expect(scenario.secrets).toContain("hunter-22");
    const { setup, secrets, ...rest } = scenario;
    expect(JSON.stringify(setup)).toContain("hunter-22");
    expect(JSON.stringify(rest)).not.toContain("hunter-22");
    expect(secrets.every((secret) => secret.length >= 6)).toBe(true);
  });
});
