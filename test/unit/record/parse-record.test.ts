import { describe, expect, test } from "vitest";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { cloud, record } from "./sample-record.ts";
import { agreesWithSchema, schemaAccepts } from "./schema-check.ts";

type Json = Record<string, unknown>;

/** The sample as plain JSON, with the value at a path of keys replaced (or removed, for `undefined`). */
const changed = (path: string, value: unknown): Json => {
  const copy = structuredClone(record({ cloud: cloud() })) as unknown as Json;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce<Json>((at, key) => at[key] as Json, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
};

const messages = (text: string): readonly string[] => {
  const result = parseRecord(text);
  return result.ok ? [] : result.problems.map((problem) => problem.message);
};

describe("a record of an earlier version", () => {
  const LATER = {
    "": ["preWarm", "setup", "teardown"],
    plan: ["model", "rate", "stages", "preWarm", "stopIf"],
    "fingerprint.test": ["rate", "stages", "preWarm", "setup"],
    totals: ["dropped", "ttfbMs", "downloadMs"],
    "totals.connections": ["resumed", "surplus", "dnsMs"],
    generator: ["p95OwnMs", "linkMbit", "series"],
    "slices.0": ["dropped"],
  };

  test("that lacks what was added since is read, with nothing where nothing was said", () => {
    const old = structuredClone(record()) as unknown as Json;
    for (const [path, keys] of Object.entries(LATER)) {
      const holder = path === "" ? old : path.split(".").reduce<Json>((at, key) => at[key] as Json, old);
      for (const key of keys) delete holder[key];
    }
    expect(schemaAccepts(old)).toBe(true);
    const read = parseRecord(JSON.stringify(old));
    expect(read.ok && read.value).toMatchObject({
      plan: { model: "closed", rate: null, stages: null, preWarm: 0, stopIf: null },
      totals: { dropped: 0, ttfbMs: null, connections: { resumed: 0, dnsMs: null } },
      generator: { series: [], linkMbit: null },
      setup: { requests: 0, rows: [] },
    });
    expect(read.ok && read.value.slices[0]?.dropped).toBe(0);
  });
});

describe("a record is refused, with its path, when", () => {
  test.each<[string, string, unknown, string]>([
    ["a field is missing", "totals.requests", undefined, "totals.requests is missing"],
    ["a count is negative", "totals.requests", -1, "totals.requests must be a whole number from 0 to 1e15, is -1"],
    ["a count has a fraction", "slices.3.users", 1.5, "slices[3].users must be a whole number from 0 to 1e15, is 1.5"],
    [
      "a count is a text",
      "totals.outcomes.ok",
      "7",
      'totals.outcomes.ok must be a whole number from 0 to 1e15, is "7"',
    ],
    ["an outcome class is missing", "totals.outcomes.timeout", undefined, "totals.outcomes.timeout is missing"],
    ["a latency is negative", "response.p95", -0.1, "response.p95 must be a number from 0 to 1e15, is -0.1"],
    ["a figure is a list", "response.p50", [1], "response.p50 must be a number from 0 to 1e15, is a list"],
    ["a section is a text", "generator", "fine", 'generator must be an object, is "fine"'],
    ["a section is a list", "git", [], "git must be an object, is a list"],
    ["tasks are an object", "tasks", {}, "tasks must be a list, is an object"],
    ["the time has no zone", "window.start", "2026-11-21T12:00:00.000", "window.start must be a time like"],
    ["the month is 13", "window.end", "2026-13-01T00:00:00.000Z", "window.end must be a time like"],
    [
      "a histogram is not one",
      "response.histogram",
      "SGVsbG8=",
      "response.histogram must be a compressed HdrHistogram",
    ],
    ["a histogram is not base64", "slices.0.response", "HISTF$$$", "slices[0].response must be a compressed"],
    ["a histogram is huge", "service.histogram", `HISTF${"A".repeat(300_000)}`, "service.histogram must be"],
    ["the cloud's state is unknown", "cloud.state", "fine", "cloud.state must be one of complete, partial"],
    ["a severity is unknown", "validity.problems", [{ code: "x", severity: "bad", message: "", hint: "" }], "severity"],
    ["a code is a sentence", "validity.problems", [{ code: "X y", severity: "note", message: "", hint: "" }], "code"],
    ["validity is a number", "validity.valid", 1, "validity.valid must be true or false, is 1"],
    ["the id could break a line", "id", "a\nb", "id must be an id of letters"],
    ["a fingerprint field is missing", "fingerprint.test.users", undefined, "fingerprint.test.users is missing"],
    ["a task's definition is a number", "fingerprint.test.tasks", { a: 1 }, "fingerprint.test.tasks.a must be a text"],
    ["a system fact is a list", "fingerprint.system", { memory: [] }, "fingerprint.system.memory must be a text"],
  ])("%s", (_, path, value, sentence) => {
    const document = changed(path, value);
    expect(messages(JSON.stringify(document)).join("\n")).toContain(sentence);
    expect(schemaAccepts(document)).toBe(false);
  });

  test("a number is not finite", () => {
    const text = JSON.stringify(record()).replace(/"rate":10,/, '"rate":1e999,');
    expect(messages(text)).toEqual([
      expect.stringContaining("totals.rate must be a number from 0 to 1e15, is Infinity"),
    ]);
  });
});

describe("a record is read although", () => {
  test.each<[string, string, unknown]>([
    ["a later version added a field", "weather", "fine"],
    ["a later version added a field inside", "totals.bandwidth", 7],
    ["a function has no figures", "cloud.functions.0.throttles", null],
    ["no functions were named", "cloud", null],
    ["the generator's lag is negative", "generator.scheduleLagMs.p50", -0.02],
    ["a new outcome class has examples", "tasks.0.examples.melted", []],
  ])("%s", (_, path, value) => {
    const document = changed(path, value);
    expect(messages(JSON.stringify(document))).toEqual([]);
    expect(schemaAccepts(document)).toBe(true);
  });
});

describe("a document as a whole", () => {
  const one = (text: string): string => {
    const [first, ...others] = messages(text);
    expect(others).toEqual([]);
    return first ?? "";
  };

  test("of another version is one problem that names both versions", () => {
    const text = one(JSON.stringify({ ...record(), schema: "swarmgate.run-record/v2", totals: 7 }));
    expect(text).toContain('schema "swarmgate.run-record/v2", this version of swarmgate reads v1');
  });

  test.each([
    ["is empty", "", "not JSON"],
    ["is cut off", JSON.stringify(record()).slice(0, 5_000), "not JSON"],
    ["is a list", "[]", "names no schema"],
    ["is null", "null", "names no schema"],
    ["has a numeric schema", '{"schema":1}', "names no schema"],
    ["nests too deep", `${"[".repeat(100_000)}`, "nests deeper than 16"],
    ["nests too deep after a string with quotes", `["\\"[",${"[".repeat(40)}`, "nests deeper than 16"],
    ["is too large", `"${"x".repeat(21 * 1024 * 1024)}"`, "at most 20971520 are read"],
  ])("that %s is one problem", (_, text, sentence) => {
    expect(one(text)).toContain(sentence);
  });

  test("does not count brackets in texts as nesting", () => {
    const tagged = { ...record(), name: "[".repeat(100), later: '\\"{{{{{{{{{{{{{{{{{{{{{{' };
    expect(messages(JSON.stringify(tagged))).toEqual([]);
  });

  test("with many problems lists twenty and says how many more", () => {
    const ruined = { ...record(), slices: Array.from({ length: 30 }, () => null) };
    const all = messages(JSON.stringify(ruined));
    expect(all).toHaveLength(21);
    expect(all[19]).toContain("slices[19]");
    expect(all.at(-1)).toContain("and 10 more");
  });

  test("has every problem as wrong usage with the code record-invalid", () => {
    const result = parseRecord("{}");
    expect(result.ok ? [] : result.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ["record-invalid", "usage"],
    ]);
  });

  test("cannot smuggle a prototype in", () => {
    const text = JSON.stringify(record()).replace('"tasks":{', '"tasks":{"__proto__":"weight=1 GET /x",');
    const result = parseRecord(text);
    const tasks = result.ok ? result.value.fingerprint.test.tasks : {};
    expect(Object.keys(tasks)).toContain("__proto__");
    expect(Object.getPrototypeOf(tasks)).toBe(Object.prototype);
  });
});

test("the sample agrees with the schema", () => {
  expect(agreesWithSchema(record({ cloud: cloud() }))).toBe(true);
});
