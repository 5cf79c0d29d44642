/** Careful access to what GitHub answers and to event payloads: a field of the wrong type is an absent field. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const jsonAt = (value: unknown, key: string): Json | null => {
  const found = field(value, key);
  return isJson(found) ? found : null;
};

export const textAt = (value: unknown, key: string): string | null => {
  const found = field(value, key);
  return typeof found === "string" && found !== "" ? found : null;
};

/** A whole number; octokit gives those beyond 2^53 as bigint, which are no ids of ours. */
export const numberAt = (value: unknown, key: string): number | null => {
  const found = field(value, key);
  return typeof found === "number" && Number.isSafeInteger(found) ? found : null;
};

export const listAt = (value: unknown, key: string): readonly unknown[] => {
  const found = field(value, key);
  return Array.isArray(found) ? found : [];
};

export const field = (value: unknown, key: string): unknown =>
  isJson(value) && Object.hasOwn(value, key) ? value[key] : undefined;
