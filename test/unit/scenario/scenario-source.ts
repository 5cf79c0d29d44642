import { expect } from "vitest";
import { compileStep } from "../../../src/scenario/compile-step.ts";
import type { FileRead } from "../../../src/scenario/read-file.ts";
import { readScenario, type ScenarioSource } from "../../../src/scenario/read-scenario.ts";
import type { CompiledStep, Scenario, Scope, Sequence } from "../../../src/scenario/scenario.ts";
import { createScope } from "../../../src/scenario/scope.ts";

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads files out of a map. */
export const filesOf =
  (files: Readonly<Record<string, string>>) =>
  (path: string): FileRead => {
    const text = files[path];
    return text === undefined ? { kind: "absent" } : { kind: "bytes", bytes: bytes(text) };
  };

export const FILES = {
  "load/accounts.csv": "email,lang\nanna@example.com,de\njo@example.com,en\n",
  "load/products.json": '[{ "sku": "tea", "price": { "eur": 4 }, "old": null }, { "sku": "mug", "note": "x" }]',
  "load/body.bin": "raw bytes",
  "load/empty.csv": "email\n",
  "load/uneven.csv": "a,b\n1,2\n3\n",
  "load/broken.json": "[1, {}]",
};

export const source = (text: string, over: Partial<ScenarioSource> = {}): ScenarioSource => ({
  text,
  fileName: "load/orders.yml",
  readFile: filesOf(FILES),
  env: { SECRET: "s3cret-value", BASE: "https://login.example.com/v1", SHORT: "abc" },
  users: 2,
  ...over,
});

/** The scenario of a text that must be well; the text stands below `scenario:`. */
export const scenarioOf = (body: string, over: Partial<ScenarioSource> = {}): Scenario => {
  const indented = body.replace(/^(?=.)/gm, "  ");
  const read = readScenario(source(`scenario:\n${indented}`, over));
  expect(read.ok ? [] : read.problems.map((problem) => problem.message)).toEqual([]);
  if (!read.ok) throw new Error("not a scenario");
  return read.value;
};

/** Random numbers in turn, the last one for ever. */
export const scopeOf = (scenario: Scenario, over: { user?: number; users?: number; values?: number[] } = {}): Scope => {
  const values = [...(over.values ?? [0])];
  const draw = (): number => (values.length > 1 ? values.shift() : values[0]) ?? 0;
  const random = { values: draw, rows: draw, uuid: () => "11111111-2222-4333-8444-555555555555" };
  return createScope(scenario, { user: over.user ?? 0, users: over.users ?? 2, random });
};

export const requestsOf = (sequence: Sequence | undefined): CompiledStep[] =>
  (sequence?.steps ?? []).flatMap((step) => (step.kind === "request" ? [compileStep(step)] : []));

/** The request as text: first line, headers, body. */
export const shown = (step: CompiledStep, scope: Scope): string => {
  const sent = step.render(scope);
  if (!sent.ok) return `(${sent.reason})`;
  const headers = Array.from(
    { length: sent.headers.length / 2 },
    (_, at) => `${sent.headers[2 * at]}: ${sent.headers[2 * at + 1]}`,
  );
  const body = sent.body === null || typeof sent.body === "string" ? sent.body : new TextDecoder().decode(sent.body);
  const head = [`${step.step.method} ${step.step.origin ?? ""}${sent.path}`, ...headers].join("\n");
  return body === null ? head : `${head}\n\n${body}`;
};
