import type { JsonValue } from "./scenario.ts";

/** The keys of a JSON pointer (RFC 6901), or `null` when it is not one. The empty pointer is the whole document. */
export const pointerPath = (pointer: string): readonly string[] | null => {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
};

/** The value there, or `undefined`. Own properties only: a pointer never reaches into a prototype. */
export const valueAt = (value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined => {
  let here = value;
  for (const key of path) {
    if (typeof here !== "object" || here === null) return undefined;
    if (isList(here)) here = LIST_INDEX.test(key) ? here[Number(key)] : undefined;
    else here = Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
};

/** Same type and content; the order of keys does not matter. As deep as `expected`, which the user wrote. */
export const sameJson = (expected: JsonValue, actual: JsonValue | undefined): boolean => {
  if (typeof expected !== "object" || expected === null) return expected === actual;
  if (typeof actual !== "object" || actual === null) return false;
  if (isList(expected)) {
    return (
      isList(actual) && expected.length === actual.length && expected.every((one, at) => sameJson(one, actual[at]))
    );
  }
  if (isList(actual)) return false;
  const keys = Object.keys(expected);
  return (
    keys.length === Object.keys(actual).length &&
    keys.every((key) => Object.hasOwn(actual, key) && sameJson(expected[key] ?? null, actual[key]))
  );
};

/** How a value stands in a template: `null` for one that cannot stand there. */
export const textOfJson = (value: JsonValue | undefined): string | null => {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? writtenJson(value) : `${value}`;
};

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

const LIST_INDEX = /^(0|[1-9][0-9]{0,8})$/;

/** A parsed answer may be nested deeper than the stack: then it has no text. */
const writtenJson = (value: JsonValue): string | null => {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
};
