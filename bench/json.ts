/** The number at a path of parsed JSON, `null` when there is none. */
export const numberAt = (value: unknown, ...path: readonly string[]): number | null => {
  const found = valueAt(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : null;
};

/** What stands at a path of parsed JSON, `undefined` when nothing does. */
export const valueAt = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), value);

/** The number that the first group of a pattern finds, times `unit`. */
export const numberIn = (text: string, pattern: RegExp, unit = 1): number | null => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found.replaceAll(",", "")) * unit;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
