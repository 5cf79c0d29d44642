/** Expressions of a Logs Insights query: what they mean for one record. */
import { QueryError } from "./insights-tokens.ts";

export type Value = string | number | boolean | undefined;
export type LogRecord = Readonly<Record<string, string | number>>;

export type Expression =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "constant"; readonly value: string | number }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "present"; readonly of: Expression }
  | { readonly kind: "floor"; readonly of: Expression }
  /** Epoch milliseconds of a timestamp. */
  | { readonly kind: "millis"; readonly of: Expression }
  | { readonly kind: "match"; readonly of: Expression; readonly pattern: RegExp }
  | { readonly kind: "one-of"; readonly of: Expression; readonly values: readonly (string | number)[] }
  | { readonly kind: "binary"; readonly sign: string; readonly left: Expression; readonly right: Expression };

/** The expression's value; undefined where a field it needs is missing. */
export function evaluate(expression: Expression, record: LogRecord): Value {
  switch (expression.kind) {
    case "field":
      return record[expression.name];
    case "constant":
      return expression.value;
    case "not":
      return evaluate(expression.of, record) !== true;
    case "present":
      return evaluate(expression.of, record) !== undefined;
    case "floor": {
      const number = numberOf(evaluate(expression.of, record));
      return number === undefined ? undefined : Math.floor(number);
    }
    case "millis":
      return millisOf(evaluate(expression.of, record));
    case "match":
      return expression.pattern.test(String(evaluate(expression.of, record) ?? ""));
    case "one-of":
      return expression.values.includes(plain(evaluate(expression.of, record)) ?? "");
    case "binary":
      return binary(
        expression.sign,
        () => evaluate(expression.left, record),
        () => evaluate(expression.right, record),
      );
  }
}

/** Timestamps are written `2026-11-21 08:00:00.000`, in UTC. */
function millisOf(value: Value): number | undefined {
  const time = Date.parse(`${String(value).replace(" ", "T")}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** A value as a number, if it is or reads as one. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === undefined || value === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const plain = (value: Value): string | number | undefined => (typeof value === "boolean" ? Number(value) : value);

function binary(sign: string, left: () => Value, right: () => Value): Value {
  if (sign === "and") return left() === true && right() === true;
  if (sign === "or") return left() === true || right() === true;
  const [a, b] = [left(), right()];
  const compare = comparisons.get(sign);
  if (compare !== undefined) {
    if (a === undefined || b === undefined) return sign === "!=";
    const [x, y] = [numberOf(a), numberOf(b)];
    return x === undefined || y === undefined ? compare(String(a), String(b)) : compare(x, y);
  }
  const [x, y] = [numberOf(a), numberOf(b)];
  const calculate = calculations.get(sign);
  if (calculate === undefined) throw new QueryError(`unknown operator ${sign}`);
  return x === undefined || y === undefined ? undefined : calculate(x, y);
}

type Compared = string | number;

const comparisons: ReadonlyMap<string, (a: Compared, b: Compared) => boolean> = new Map([
  ["=", (a: Compared, b: Compared) => a === b],
  ["!=", (a: Compared, b: Compared) => a !== b],
  ["<", (a: Compared, b: Compared) => a < b],
  ["<=", (a: Compared, b: Compared) => a <= b],
  [">", (a: Compared, b: Compared) => a > b],
  [">=", (a: Compared, b: Compared) => a >= b],
]);

const calculations: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ["+", (a: number, b: number) => a + b],
  ["-", (a: number, b: number) => a - b],
  ["*", (a: number, b: number) => a * b],
  ["/", (a: number, b: number) => a / b],
]);
