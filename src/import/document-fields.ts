/** Reading a whole JSON document: every wrong field is collected, so that a reader is one expression. */
import { type Parsed, parsed, refused } from "../errors.ts";
import { microsToMillis } from "../units.ts";
import { type FieldRead, fieldsOf, readCount, readNumber, readTime } from "./fields.ts";
import type { Measured } from "./measured.ts";
import { importProblem } from "./problems.ts";

export type Fields = {
  /** The value behind these keys, `undefined` where a key is missing. */
  readonly at: (...keys: readonly string[]) => unknown;
  readonly has: (...keys: readonly string[]) => boolean;
  /** A count; 0 where it is missing. */
  readonly count: (...keys: readonly string[]) => number;
  readonly amount: (...keys: readonly string[]) => number;
  /** Milliseconds from a unit given in microseconds; `null` where it is missing. */
  readonly ms: (unit: number, ...keys: readonly string[]) => number | null;
  /** Every entry of a map of counts. */
  readonly counts: (...keys: readonly string[]) => readonly (readonly [string, number])[];
};

/** Reads a document with `read`; the result stands only if every field that was looked at could be read. */
export const readDocument = (value: unknown, read: (fields: Fields) => Measured): Parsed<Measured> => {
  const wrong: string[] = [];
  const at = (...keys: readonly string[]): unknown =>
    keys.reduce<unknown>((inner, key) => fieldsOf(inner)?.[key], value);
  const check = <T>(result: FieldRead<T>, otherwise: T): T => {
    if (result.ok) return result.value;
    wrong.push(result.says);
    return otherwise;
  };
  const countAt = (name: string, found: unknown): number =>
    found === undefined ? 0 : check(readCount(name, found), 0);
  const measured = read({
    at,
    has: (...keys) => at(...keys) !== undefined,
    count: (...keys) => countAt(keys.join("."), at(...keys)),
    amount: (...keys) => {
      const found = at(...keys);
      const amount = found === undefined ? 0 : check(readNumber(keys.join("."), found), 0);
      if (amount < 0) wrong.push(`has a negative ${keys.join(".")}`);
      return amount;
    },
    ms: (unit, ...keys) => {
      const found = at(...keys);
      if (found === undefined || found === null) return null;
      const time = readTime(keys.join("."), found, unit);
      return time.ok ? microsToMillis(time.value) : check<null>(time, null);
    },
    counts: (...keys) =>
      Object.entries(fieldsOf(at(...keys)) ?? {}).map(([key, count]) => [
        key,
        countAt([...keys, key].join("."), count),
      ]),
  });
  return wrong.length === 0 ? parsed(measured) : refused(wrong.slice(0, 20).map((says) => importProblem(`it ${says}`)));
};
