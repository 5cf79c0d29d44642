/**
 * Small readers of unknown data, put together field by field. A reader never throws: what is wrong goes to `faults` with
 * its path, and `BAD` comes back, so that one pass finds every problem. Keys nobody asked for are left out.
 */

/** Stands for a value that could not be read; its fault has been said. */
export const BAD = Symbol("bad value");

export type Reader<T> = (value: unknown, path: string, faults: Faults) => T | typeof BAD;

/** Collects what is wrong. `say` counts everything and keeps the first sentences only. */
export type Faults = {
  readonly say: (path: string, text: string) => typeof BAD;
  /** The kept sentences, and one about how many more there are. */
  readonly sentences: () => readonly string[];
};

export const collectFaults = (keep: number): Faults => {
  const kept: string[] = [];
  let total = 0;
  return {
    say: (path, text) => {
      total += 1;
      if (kept.length < keep) kept.push(`${path === "" ? "the document" : path} ${text}`);
      return BAD;
    },
    sentences: () => (total > kept.length ? [...kept, `and ${total - kept.length} more`] : kept),
  };
};

type Fields<T> = { readonly [Key in keyof T]-?: Reader<Exclude<T[Key], undefined>> };

/**
 * An object with all of these fields; others are ignored. Fields in `absent` came with a later version: where they are
 * missing they get the value there, or stay away when it is `undefined`.
 */
export const object = <T>(
  fields: Fields<T>,
  absent: { readonly [Key in keyof T]?: T[Key] | undefined } = {},
): Reader<T> => {
  const entries = Object.entries<Reader<unknown>>(fields as Readonly<Record<string, Reader<unknown>>>);
  const standIns = new Map<string, unknown>(Object.entries(absent));
  return (value, path, faults) => {
    if (!isObject(value)) return faults.say(path, `must be an object, is ${show(value)}`);
    const out: [string, unknown][] = [];
    for (const [key, read] of entries) {
      const at = path === "" ? key : `${path}.${key}`;
      const missing = (): unknown => (standIns.has(key) ? standIns.get(key) : faults.say(at, "is missing"));
      out.push([key, Object.hasOwn(value, key) ? read(value[key], at, faults) : missing()]);
    }
    if (out.some(([, got]) => got === BAD)) return BAD;
    return Object.fromEntries(out.filter(([, got]) => got !== undefined)) as T;
  };
};

/** An object with any keys and values of one kind. */
export const mapOf =
  <T>(read: Reader<T>, most: number): Reader<Readonly<Record<string, T>>> =>
  (value, path, faults) => {
    if (!isObject(value)) return faults.say(path, `must be an object, is ${show(value)}`);
    const entries = Object.entries(value);
    if (entries.length > most) return faults.say(path, `has ${entries.length} entries, at most ${most} are read`);
    return readEntries(entries, { read, path, faults });
  };

/** An object that may have each of these keys, with values of one kind. */
export const someOf =
  <Key extends string, T>(keys: readonly Key[], read: Reader<T>): Reader<Readonly<Partial<Record<Key, T>>>> =>
  (value, path, faults) => {
    if (!isObject(value)) return faults.say(path, `must be an object, is ${show(value)}`);
    const known: readonly string[] = keys;
    const entries = Object.entries(value).filter(([key]) => known.includes(key));
    return readEntries(entries, { read, path, faults }) as Readonly<Partial<Record<Key, T>>> | typeof BAD;
  };

export const listOf =
  <T>(read: Reader<T>, most: number): Reader<readonly T[]> =>
  (value, path, faults) => {
    if (!Array.isArray(value)) return faults.say(path, `must be a list, is ${show(value)}`);
    if (value.length > most) return faults.say(path, `has ${value.length} items, at most ${most} are read`);
    const out: T[] = [];
    for (const [index, item] of value.entries()) {
      const got = read(item, `${path}[${index}]`, faults);
      if (got !== BAD) out.push(got);
    }
    return out.length === value.length ? out : BAD;
  };

export const orNull =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, path, faults) =>
    value === null ? null : read(value, path, faults);

/** A reader whose value is then given a unit or another shape. */
export const as =
  <From, To>(read: Reader<From>, convert: (value: From) => To): Reader<To> =>
  (value, path, faults) => {
    const got = read(value, path, faults);
    return got === BAD ? BAD : convert(got);
  };

const check =
  <T>(holds: (value: unknown) => value is T, rule: string): Reader<T> =>
  (value, path, faults) =>
    holds(value) ? value : faults.say(path, `must be ${rule}, is ${show(value)}`);

const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);
/** Beyond every time, rate and size that a run can have; products of two stay finite. */
const LARGEST = 1e15;
const isAmount = (value: unknown): value is number => isFiniteNumber(value) && value >= 0 && value <= LARGEST;
const isCount = (value: unknown): value is number => isAmount(value) && Number.isInteger(value);

/** Any finite number. */
export const finite: Reader<number> = check(isFiniteNumber, "a finite number");
/** A finite number of at least 0, at most 1e15. */
export const amount: Reader<number> = check(isAmount, "a number from 0 to 1e15");
/** A number of a range, its ends included. */
export const between = (from: number, to: number): Reader<number> =>
  check(
    (value): value is number => typeof value === "number" && value >= from && value <= to,
    `a number from ${from} to ${to}`,
  );
/** A whole number of at least 0, at most 1e15. */
export const count: Reader<number> = check(isCount, "a whole number from 0 to 1e15");

export const flag: Reader<boolean> = check((value) => typeof value === "boolean", "true or false");

/** A string of at most `most` UTF-16 units. */
export const text = (most: number): Reader<string> =>
  check(
    (value): value is string => typeof value === "string" && value.length <= most,
    `a text of at most ${most} characters`,
  );

/** A string of a form: `rule` says the form in words. */
export const matching = (form: RegExp, most: number, rule: string): Reader<string> =>
  check((value): value is string => typeof value === "string" && value.length <= most && form.test(value), rule);

export const oneOf = <Word extends string>(...words: readonly Word[]): Reader<Word> => {
  const known: readonly unknown[] = words;
  return check((value): value is Word => known.includes(value), `one of ${words.join(", ")}`);
};

const readEntries = <T>(
  entries: readonly (readonly [string, unknown])[],
  { read, path, faults }: { readonly read: Reader<T>; readonly path: string; readonly faults: Faults },
): Readonly<Record<string, T>> | typeof BAD => {
  const out: [string, T][] = [];
  for (const [key, item] of entries) {
    const got = read(item, `${path}.${key.slice(0, 100)}`, faults);
    if (got !== BAD) out.push([key, got]);
  }
  return out.length === entries.length ? Object.fromEntries(out) : BAD;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of unknown origin in a sentence: short, on one line. */
const show = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return shown.length > 42 ? `${shown.slice(0, 40)}…` : shown;
};
