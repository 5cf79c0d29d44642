import type { Reader } from "./reader.ts";

/**
 * Reads an object that may lack these keys, because it was written before they existed: within a schema version fields are
 * added and never taken away.
 */
export const withDefaults =
  <T>(defaults: Partial<T>, read: Reader<T>): Reader<T> =>
  (value, path, faults) => {
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    return read(isMap ? { ...defaults, ...value } : value, path, faults);
  };
