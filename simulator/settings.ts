/** Settings that arrive as JSON: every key is known and every value is checked; all problems are reported at once. */

/** Says what is wrong with a value, or nothing. */
export type Check = (value: unknown) => string | undefined;
export type Checks<Settings> = { readonly [Key in keyof Settings]-?: Check };

export const atLeast =
  (minimum: number): Check =>
  (value) =>
    typeof value === "number" && value >= minimum ? undefined : `must be a number of at least ${minimum}`;

export const between =
  (minimum: number, maximum: number): Check =>
  (value) =>
    typeof value === "number" && value >= minimum && value <= maximum
      ? undefined
      : `must be a number from ${minimum} to ${maximum}`;

export const flag: Check = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
export const text: Check = (value) => (typeof value === "string" ? undefined : "must be a text");
export const list: Check = (value) => (Array.isArray(value) ? undefined : "must be a list");
export const object: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "must be an object";

export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value) ? undefined : `must be one of ${words.join(", ")}`;

/** The check, or null for "not set". */
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);

/** A list whose every member passes the check. */
export const listOf =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return "must be a list";
    const problems = value.flatMap((one, index) => told(`member ${index}`, check(one)));
    return problems.length === 0 ? undefined : problems.join(", ");
  };

/** An object with any keys whose every value passes the check. */
export const recordOf =
  (check: Check): Check =>
  (value) => {
    if (object(value) !== undefined) return "must be an object";
    const problems = Object.entries(value as Record<string, unknown>).flatMap(([key, one]) => told(key, check(one)));
    return problems.length === 0 ? undefined : problems.join(", ");
  };

/** An object of known keys, each of them optional. */
export const shapeOf =
  <Shape>(checks: Checks<Shape>): Check =>
  (value) => {
    const problems = object(value) === undefined ? problemsOf(checks, value as object) : ["must be an object"];
    return problems.length === 0 ? undefined : problems.join(", ");
  };

const told = (what: string, problem: string | undefined): readonly string[] =>
  problem === undefined ? [] : [`${what} ${problem}`];

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** The given part of some settings, checked. Throws `SettingsError` with every problem. */
export function parsePartial<Settings>(checks: Checks<Settings>, given: unknown): Partial<Settings> {
  if (object(given) !== undefined) throw new SettingsError("settings must be a JSON object");
  const problems = problemsOf(checks, given as object);
  if (problems.length > 0) throw new SettingsError(problems.join("; "));
  return given as Partial<Settings>;
}

function problemsOf<Settings>(checks: Checks<Settings>, given: object): readonly string[] {
  const known: ReadonlyMap<string, Check> = new Map(Object.entries<Check>(checks));
  return Object.entries(given).flatMap(([key, value]) => {
    const check = known.get(key);
    return told(key, check === undefined ? `is not a setting (known: ${[...known.keys()].join(", ")})` : check(value));
  });
}
