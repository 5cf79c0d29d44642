import { parseDuration } from "../config/durations.ts";
import { quote } from "../config/given.ts";
import { parseStatuses } from "../config/statuses.ts";
import type { Parsed } from "../errors.ts";
import { pointerPath } from "./json-pointer.ts";
import type { Expect, HeaderCheck, HeaderTest, JsonCheck, JsonTest, JsonValue, Template } from "./scenario.ts";

const KEYS = ["status", "json", "header", "body", "time"];

/**
 * `expect` of a module's request; the rules are those of YAML, the values are plain ones without templates. Throws a
 * `TypeError` with one sentence, which becomes the failure of the task.
 */
export const readModuleExpect = (value: unknown): Expect | null => {
  if (value === undefined) return null;
  const given = recordOf(value, "expect");
  for (const key of Object.keys(given)) if (!KEYS.includes(key)) refuse(`expect has an unknown key ${quote(key)}`);
  const { status, json, header, body, time } = given;
  return {
    status: status === undefined ? null : readStatus(status),
    json: json === undefined ? [] : readJson(json),
    headers: header === undefined ? [] : Object.entries(recordOf(header, "expect.header")).map(readHeader),
    body: body === undefined ? [] : listOf(body).map((text) => literal(textOf(text, "expect.body"))),
    time: time === undefined ? null : readTime(textOf(time, "expect.time")),
  };
};

export const refuse = (says: string): never => {
  throw new TypeError(`${says}.`);
};

export const recordOf = (value: unknown, what: string): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : refuse(`${what} is not an object`);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const textOf = (value: unknown, what: string): string =>
  typeof value === "string" && value !== "" ? value : refuse(`${what} is not a text`);

const literal = (text: string): Template => ({ encoding: "raw", parts: [{ kind: "literal", text }] });

const wellRead = <T>(read: Parsed<T>): T =>
  read.ok ? read.value : refuse(read.problems.map(({ message }) => message.replace(/\.$/, "")).join("; "));

const readStatus = (value: unknown): NonNullable<Expect["status"]> => {
  if (Array.isArray(value) && value.length === 0) refuse("expect.status is an empty list");
  return listOf(value).flatMap((one) => {
    const text = typeof one === "number" ? String(one) : textOf(one, "expect.status");
    return wellRead(parseStatuses({ label: "expect.status", text: text.trim(), shown: quote(text) }));
  });
};

const readJson = (value: unknown): readonly JsonCheck[] => {
  if (Array.isArray(value)) return value.map((pointer) => jsonCheck(textOf(pointer, "expect.json"), EXISTS));
  return Object.entries(recordOf(value, "expect.json")).map(([pointer, wanted]) =>
    jsonCheck(pointer, jsonTest(wanted)),
  );
};

const EXISTS = { kind: "exists", exists: true } as const;

const jsonCheck = (pointer: string, test: JsonTest): JsonCheck => ({
  pointer,
  path: pointerPath(pointer) ?? refuse(`${quote(pointer)} is not a JSON pointer`),
  test,
});

/** As in YAML the word `exists` is a test, and an object is compared with by `{ equals: { ... } }` only. */
const jsonTest = (wanted: unknown): JsonTest => {
  if (wanted === "exists") return EXISTS;
  if (!isRecord(wanted)) return { kind: "equals", value: jsonOf(wanted) };
  const { exists, equals, ...rest } = wanted;
  if (Object.keys(rest).length > 0 || (exists === undefined) === (equals === undefined)) {
    refuse("a check of expect.json is neither a value nor { equals } nor { exists }");
  }
  return exists === undefined ? { kind: "equals", value: jsonOf(equals) } : { kind: "exists", exists: exists === true };
};

const jsonOf = (value: unknown): JsonValue => {
  const text = JSON.stringify(value);
  return text === undefined ? refuse("a value of expect.json cannot stand in JSON") : JSON.parse(text);
};

const readHeader = ([name, wanted]: readonly [string, unknown]): HeaderCheck => ({
  name,
  test: headerTest(wanted, name),
});

const headerTest = (wanted: unknown, name: string): HeaderTest => {
  if (wanted === "exists") return EXISTS;
  if (wanted instanceof RegExp) return matches(wanted.source, wanted.flags, name);
  if (isRecord(wanted)) {
    const { exists, equals } = wanted;
    if (typeof exists === "boolean") return { kind: "exists", exists };
    return { kind: "equals", template: literal(textOf(equals, `expect.header ${name}`)) };
  }
  const text = textOf(wanted, `expect.header ${name}`);
  const [, source, flags = ""] = /^\/(.*)\/(i?)$/s.exec(text) ?? [];
  return source === undefined ? { kind: "equals", template: literal(text) } : matches(source, flags, name);
};

const matches = (source: string, flags: string, name: string): HeaderTest =>
  flags === "" || flags === "i"
    ? { kind: "matches", regex: { source, flags } }
    : refuse(`the expression for header ${name} has the flags ${flags}, and only i is known`);

const readTime = (text: string): NonNullable<Expect["time"]> => {
  const [, sign = "", rest = ""] = /^(<=?)?\s*(.*)$/s.exec(text.trim()) ?? [];
  const bounds = { min: "1ms", max: "15m", example: "< 800ms" };
  const limit = wellRead(parseDuration({ label: "expect.time", text: rest, shown: quote(text) }, bounds));
  return { limit, inclusive: sign !== "<" };
};
