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

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** The given part of some settings, checked. Throws `SettingsError` with every problem. */
export function parsePartial<Settings>(checks: Checks<Settings>, given: unknown): Partial<Settings> {
  if (object(given) !== undefined) throw new SettingsError("settings must be a JSON object");
  const problems: string[] = [];
  const known: ReadonlyMap<string, Check> = new Map(Object.entries<Check>(checks));
  for (const [key, value] of Object.entries(given as Record<string, unknown>)) {
    const check = known.get(key);
    const problem = check === undefined ? `is not a setting (known: ${[...known.keys()].join(", ")})` : check(value);
    if (problem !== undefined) problems.push(`${key} ${problem}`);
  }
  if (problems.length > 0) throw new SettingsError(problems.join("; "));
  return given as Partial<Settings>;
}
