import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { INPUTS } from "../../../src/config/inputs.ts";
import { OUTPUTS } from "../../../src/config/outputs.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { configOf, sources, yaml } from "./sources.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
// "strictTypes" forbids `anyOf` beside nothing else, which is how a value is either a number or a variable.
const validate = new Ajv.Ajv({ allErrors: true, strictTypes: false }).compile(
  JSON.parse(read("schemas/config.schema.json")),
);
const env = { API_TOKEN: "t-12345678", USERS: "9" };

/** An editor reads YAML with numbers and booleans, we read the text: both must come to the same answer. */
const schemaAccepts = (text: string): boolean => validate(parse(text) ?? {});
const parserAccepts = (text: string): boolean =>
  parseConfig(sources({ inputs: {}, file: yaml(text), env, needsTarget: false })).ok;

describe("the schema and the parser agree", () => {
  it.each([
    "target: {url: https://a.example/x?y=z}",
    "target: {host: http://localhost:3000}",
    "target: {ready-path: /healthz, ready-status: 204, ready-commit: json:/sha, ready-timeout: 90s}",
    "target: {ready-status: [200, 300-302], allowed-hosts: ['*.a.example', b.example]}",
    "target: {ready-status: '200-399,404', allowed-hosts: a.example}",
    `target: {headers: {x-a: b, x-n: 5, authorization: 'Bearer \${API_TOKEN}'}}`,
    "load: {users: 50, spawn-rate: 2.5, run-time: 1m30s, warm-up: 0, wait-time: constant(1), seed: 0}",
    `load: {users: '\${USERS}', spawn-rate: 10/s, wait-time: 'between(1,3)', insecure: true, http2: false}`,
    "load: {rate: 200, users: 50, workers: 2, http2: true}",
    "load: {rate: 0.5/s poisson, pre-warm: 20, stop-if: failure-rate > 50% for 10s}",
    "load: {stages: '30s:0-100u, 60s:100u'}",
    "load: {stages: [{duration: 30s, users: 0-100}, {duration: 1m, users: 100}]}",
    "load: {stages: [{duration: 30s, rate: 10-200/s}, {duration: 1m, rate: 200}], users: 80}",
    "load: {timeout: 500ms, stop-timeout: 0s, max-requests: 1000}",
    "aws: {aws-region: eu-central-1, functions: [a, 'b:live'], reference-rps: 200/s, max-concurrency: 800}",
    "aws: {functions: 'arn:aws:lambda:eu-west-1:123456789012:function:f:7', metrics-timeout: 3m}",
    "baseline: none",
    "baseline: {baseline: runs/base.json, baseline-branch: main, baseline-workflow: gate.yml, baseline-wait: 0s}",
    "gate: {limits: {p95: +10% and +5ms, 'p95@checkout': <= 500ms, p99: 'off'}, fail-on: never}",
    "gate: {limits: 'p95: +10%'}",
    "gate: {limits: ['p95: +10%', p50: +5%], on-invalid: warn, on-inconclusive: fail, on-no-baseline: pass}",
    "report: {comment: on-change, comment-key: api, commit-status: true}",
    "name: api\nmode: gate",
  ])("both accept %s", (text) => {
    expect([schemaAccepts(text), parserAccepts(text)]).toEqual([true, true]);
  });

  it.each([
    "target: {url: ftp://a.example}",
    "target: {url: 'https://u:p@a.example'}",
    "target: {url: a.example}",
    "target: {ready-path: //other.example}",
    "target: {ready-status: 99}",
    "target: {ready-status: [abc]}",
    "target: {ready-commit: sha}",
    "target: {headers: [a]}",
    "target: {headers: {'bad name': x}}",
    "target: {usres: 5}",
    "load: {users: 0}",
    "load: {users: 1.5}",
    "load: {users: abc}",
    "load: {users: 100001}",
    "load: {users: [1]}",
    "load: {spawn-rate: 0}",
    "load: {spawn-rate: -1}",
    "load: {run-time: 30}",
    "load: {run-time: 0}",
    "load: {run-time: 30 s}",
    "load: {wait-time: sometimes}",
    "load: {seed: -1}",
    "load: {insecure: maybe}",
    "load: {rate: 0}",
    "load: {rate: fast}",
    "load: {stages: [{duration: 30s}]}",
    "load: {stages: [{duration: 30s, users: 1, rate: 2}]}",
    "load: {stop-if: never}",
    "load: {max-cost: 0}",
    "load: {url: https://a.example}",
    "aws: {aws-region: Frankfurt}",
    "aws: {functions: {a: b}}",
    "aws: {max-concurrency: 0}",
    "baseline: artefact",
    "baseline: {baseline-workflow: gate}",
    "gate: {limits: {q95: +10%}}",
    "gate: {fail-on: always}",
    "gate: {on-invalid: ignore}",
    "report: {comment: sometimes}",
    "report: {comment-key: 'a b'}",
    "mode: judge",
    "config: x.yml",
    "users: 5",
    "laod: {users: 5}",
  ])("both refuse %s", (text) => {
    expect([schemaAccepts(text), parserAccepts(text)]).toEqual([false, false]);
  });
});

describe("the documentation", () => {
  const page = read("docs/configuration.md");
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const example = blocks.find((block) => block.startsWith("# .github/swarmgate.yml")) ?? "";
  const defaults = blocks.find((block) => block.startsWith("target:\n")) ?? "";

  it("has an example of the config file that works as it says", () => {
    expect(schemaAccepts(example)).toBe(true);
    const config = configOf({ url: "" }, { file: yaml(example), env });
    expect(config.name).toBe("orders-api");
    expect(config.target.headers["authorization"]).toBe("Bearer t-12345678");
    expect(config.load.runTime).toBe(120);
    expect(config.aws.functions).toHaveLength(2);
    expect(config.aws.maxConcurrency).toBe(800);
  });

  it("lists defaults that change nothing when they are written into a file", () => {
    expect(schemaAccepts(defaults)).toBe(true);
    expect(configOf({}, { file: yaml(defaults) })).toEqual(configOf({}));
  });
});

describe("action.yml", () => {
  const action = parse(read("action.yml"));

  it("has exactly the built inputs, with no default that would hide the config file", () => {
    const names = INPUTS.filter((row) => row.built).flatMap((row) => [row.name, ...(row.aliases ?? [])]);
    expect(Object.keys(action.inputs)).toEqual(names);
    const defaults = Object.entries<{ default: string }>(action.inputs).filter(([, input]) => input.default !== "");
    expect(defaults.map(([name, input]) => [name, input.default])).toEqual([["github-token", `\${{ github.token }}`]]);
  });

  it("has the outputs of SPEC 2.1 and runs the bundle on Node 24", () => {
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS.map((output) => output.name));
    expect(action.runs).toEqual({ using: "node24", main: "dist/index.js" });
  });
});

describe("the table of inputs", () => {
  it("names nothing twice", () => {
    const names = INPUTS.flatMap((row) => [row.name, ...(row.aliases ?? [])]);
    expect(names).toEqual([...new Set(names)]);
  });

  it("says what each default is", () => {
    const silent = INPUTS.filter((row) => row.built && row.default === undefined && row.defaultNote === undefined);
    expect(silent.map((row) => row.name)).toEqual(["url"]);
  });
});
