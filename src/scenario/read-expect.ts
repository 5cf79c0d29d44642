import { parseDuration } from "../config/durations.ts";
import { quote } from "../config/given.ts";
import type { YamlEntry, YamlNode } from "../config/read-yaml.ts";
import { parseStatuses } from "../config/statuses.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { pointerPath } from "./json-pointer.ts";
import type { Lookup } from "./names.ts";
import { jsonScalar } from "./read-body.ts";
import { checkHeaderName } from "./read-headers.ts";
import { complain, isEmpty, passOn, type Reading, scalarAt } from "./reading.ts";
import { readRegex } from "./regex-text.ts";
import type { Expect, HeaderCheck, HeaderTest, JsonCheck, JsonTest, JsonValue } from "./scenario.ts";
import { readTemplate } from "./written.ts";

export const EXPECT_KEYS = ["status", "json", "header", "body", "time"] as const;
const TEST_KEYS = ["equals", "exists"] as const;

/** What an answer must be beyond its status class. */
export const readExpect = (lookup: Lookup, node: YamlNode): Expect | null => {
  const { reading } = lookup;
  const fields = fieldsOf(reading, node, {
    what: "expect",
    keys: EXPECT_KEYS,
    knownAs: { headers: "header", contains: "body", duration: "time" },
  });
  if (fields === null) return null;
  return {
    status: ifGiven(fields, "status", (value) => readStatus(reading, value)) ?? null,
    json: ifGiven(fields, "json", (value) => readJsonChecks(lookup, value)) ?? [],
    headers: ifGiven(fields, "header", (value) => readHeaderChecks(lookup, value)) ?? [],
    body: ifGiven(fields, "body", (value) => readContains(lookup, value)) ?? [],
    time: ifGiven(fields, "time", (value) => readTime(reading, value)) ?? null,
  };
};

const ifGiven = <T>(fields: Fields, key: string, read: (node: YamlNode) => T): T | null => {
  const node = fields.get(key);
  return node === null ? null : read(node);
};

const readStatus = (reading: Reading, node: YamlNode): Expect["status"] => {
  const items = node.kind === "list" ? node.items : [node];
  if (items.length === 0)
    complain(reading, node.at, { says: "status is an empty list.", hint: "Write 201, [200, 201] or 200-299." });
  return items.flatMap((item) => {
    const scalar = scalarAt(reading, item, "status");
    if (scalar === null) return [];
    const ranges = parseStatuses({ label: "status", text: scalar.text.trim(), shown: quote(scalar.text) });
    if (!ranges.ok) passOn(reading, item.at, ranges.problems);
    return ranges.ok ? ranges.value : [];
  });
};

/** A map of pointers to what stands there, or a list of pointers that must exist. */
const readJsonChecks = (lookup: Lookup, node: YamlNode): readonly JsonCheck[] => {
  const { reading } = lookup;
  if (node.kind === "map") {
    return node.entries.flatMap(({ key, keyAt, value }) => {
      const path = readPointer(reading, key, keyAt);
      const test = readJsonTest(lookup, value);
      return path === null || test === null ? [] : [{ pointer: key, path, test }];
    });
  }
  if (node.kind === "list") {
    return node.items.flatMap((item) => {
      const scalar = scalarAt(reading, item, "a JSON pointer");
      const path = scalar === null ? null : readPointer(reading, scalar.text, item.at);
      return path === null || scalar === null
        ? []
        : [{ pointer: scalar.text, path, test: { kind: "exists", exists: true } }];
    });
  }
  complain(reading, node.at, {
    says: "json is one value, and a map is needed.",
    hint: "Write { /status: created }, or a list of pointers that must exist.",
  });
  return [];
};

export const readPointer = (reading: Reading, pointer: string, at: YamlNode["at"]): readonly string[] | null => {
  const path = pointerPath(pointer);
  if (path === null) {
    complain(reading, at, {
      says: `${quote(pointer)} is not a JSON pointer.`,
      hint: "Begin with a slash: /items/0/id (RFC 6901).",
    });
  }
  return path;
};

const readJsonTest = (lookup: Lookup, node: YamlNode): JsonTest | null => {
  if (isExists(node)) return { kind: "exists", exists: true };
  if (node.kind === "scalar") {
    const value = jsonScalar(lookup.reading, node);
    if (typeof value !== "string" || !/\{\{|\$\{/.test(value)) return { kind: "equals", value };
    return { kind: "equals-text", template: readTemplate(lookup, { text: value, at: node.at }, "raw") };
  }
  if (node.kind === "list") return { kind: "equals", value: jsonValue(lookup.reading, node) };
  const test = testFields(lookup.reading, node);
  if (test === null) return null;
  if (test.key === "exists") return existsTest(lookup.reading, test.value);
  if (test.value.kind === "scalar")
    return readJsonTest(lookup, isExists(test.value) ? { ...test.value, plain: false } : test.value);
  return { kind: "equals", value: jsonValue(lookup.reading, test.value) };
};

/** The one entry of `{ equals: x }` or `{ exists: true }`. */
const testFields = (reading: Reading, node: YamlNode): YamlEntry | null => {
  const fields = fieldsOf(reading, node, { what: "a check", keys: TEST_KEYS });
  const given = TEST_KEYS.flatMap((key) => fields?.entry(key) ?? []);
  const [first, second] = given;
  if (second !== undefined)
    complain(reading, second.keyAt, {
      code: "conflicting-values",
      says: "a check has both equals and exists.",
      hint: "Keep one of the two.",
    });
  if (first === undefined && node.kind === "map" && node.entries.length === 0) {
    complain(reading, node.at, {
      code: "missing-value",
      says: "a check is empty.",
      hint: "Write a value, { equals: value } or { exists: true }.",
    });
  }
  return second === undefined ? (first ?? null) : null;
};

const existsTest = (reading: Reading, node: YamlNode): { readonly kind: "exists"; readonly exists: boolean } | null => {
  if (node.kind === "scalar" && (node.text === "true" || node.text === "false"))
    return { kind: "exists", exists: node.text === "true" };
  complain(reading, node.at, {
    says: "exists is neither true nor false.",
    hint: "Write { exists: true } or { exists: false }.",
  });
  return null;
};

/** The bare word; in quotes it is a text to compare with. */
const isExists = (node: YamlNode): boolean => node.kind === "scalar" && node.plain && node.text === "exists";

const jsonValue = (reading: Reading, node: YamlNode): JsonValue => {
  switch (node.kind) {
    case "list":
      return node.items.map((item) => jsonValue(reading, item));
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, jsonValue(reading, value)]));
    case "scalar": {
      const value = jsonScalar(reading, node);
      if (typeof value === "string" && /\{\{|\$\{/.test(value)) {
        complain(reading, node.at, {
          says: "a template stands inside a list or map that is compared.",
          hint: "Check the one pointer: /items/0/id.",
        });
      }
      return value;
    }
  }
};

const readHeaderChecks = (lookup: Lookup, node: YamlNode): readonly HeaderCheck[] => {
  const { reading } = lookup;
  if (node.kind !== "map") {
    complain(reading, node.at, { says: "header is not a map.", hint: "Write { content-type: /json/ }." });
    return [];
  }
  return node.entries.flatMap(({ key, keyAt, value }) => {
    if (!checkHeaderName(reading, key, keyAt)) return [];
    const test = readHeaderTest(lookup, value, key);
    return test === null ? [] : [{ name: key, test }];
  });
};

const readHeaderTest = (lookup: Lookup, node: YamlNode, name: string): HeaderTest | null => {
  const { reading } = lookup;
  if (isExists(node)) return { kind: "exists", exists: true };
  if (node.kind === "map") {
    const test = testFields(reading, node);
    if (test === null) return null;
    return test.key === "exists" ? existsTest(reading, test.value) : headerEquals(lookup, test.value, name);
  }
  const [, source, flags] = node.kind === "scalar" ? (/^\/(.*)\/(i?)$/s.exec(node.text.trim()) ?? []) : [];
  if (source === undefined) return headerEquals(lookup, node, name);
  const read = readRegex(source, flags === "i" ? "i" : "");
  if (read.ok) return { kind: "matches", regex: read.regex };
  complain(reading, node.at, {
    says: `${quote(`/${source}/`)} ${read.says}.`,
    hint: "Write a simple one, such as /json/.",
  });
  return null;
};

const headerEquals = (lookup: Lookup, node: YamlNode, name: string): HeaderTest | null => {
  const scalar = scalarAt(lookup.reading, node, `the header ${name}`);
  if (scalar === null) return null;
  return { kind: "equals", template: readTemplate(lookup, { text: scalar.text.trim(), at: node.at }, "raw") };
};

const readContains = (lookup: Lookup, node: YamlNode): Expect["body"] =>
  (node.kind === "list" ? node.items : [node]).flatMap((item) => {
    const scalar = scalarAt(lookup.reading, item, "body");
    if (scalar === null) return [];
    if (scalar.text !== "" || isEmpty(item)) return [readTemplate(lookup, scalar, "raw")];
    complain(lookup.reading, item.at, {
      says: "body is an empty text, which every answer contains.",
      hint: "Write what the body must contain.",
    });
    return [];
  });

const readTime = (reading: Reading, node: YamlNode): Expect["time"] => {
  const scalar = scalarAt(reading, node, "time");
  if (scalar === null) return null;
  const [, sign = "", rest = ""] = /^(<=?)?\s*(.*)$/s.exec(scalar.text.trim()) ?? [];
  const time = parseDuration(
    { label: "time", text: rest, shown: quote(scalar.text) },
    { min: "1ms", max: "15m", example: "< 800ms" },
  );
  if (!time.ok) return passOn(reading, node.at, time.problems);
  return { limit: time.value, inclusive: sign !== "<" };
};
