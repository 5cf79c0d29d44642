import { oneOf } from "../config/given.ts";
import type { Position, YamlEntry, YamlNode } from "../config/read-yaml.ts";
import { didYouMean, nearest } from "../config/suggest.ts";
import { complain, type Reading } from "./reading.ts";

/** The entries of a map whose keys are all known. */
export type Fields = {
  readonly at: Position;
  /** Keys that have been complained about. */
  readonly unknown: readonly string[];
  readonly get: (key: string) => YamlNode | null;
  readonly entry: (key: string) => YamlEntry | null;
};

export type MapForm = {
  /** `a request step`. */
  readonly what: string;
  readonly keys: readonly string[];
  /** Keys that stand elsewhere, with a sentence on where. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Words of other tools for a key. */
  readonly knownAs?: Readonly<Record<string, string>>;
};

/** The fields of a map; unknown keys and another kind of value are problems, the latter with `null`. */
export const fieldsOf = (reading: Reading, node: YamlNode, form: MapForm): Fields | null => {
  if (node.kind !== "map") {
    complain(reading, node.at, {
      says: `${form.what} is ${node.kind === "list" ? "a list" : "one value"}, and a map is needed.`,
      hint: `Its keys are ${form.keys.join(", ")}.`,
    });
    return null;
  }
  const unknown = node.entries.filter(({ key }) => !form.keys.includes(key));
  for (const { key, keyAt } of unknown) unknownKey(reading, { key, at: keyAt }, form);
  const entry = (key: string): YamlEntry | null => node.entries.find((one) => one.key === key) ?? null;
  return { at: node.at, unknown: unknown.map(({ key }) => key), entry, get: (key) => entry(key)?.value ?? null };
};

/** The items of a list; a single value where `single` allows one. */
export const itemsOf = (reading: Reading, node: YamlNode, what: string): readonly YamlNode[] => {
  if (node.kind === "list") return node.items;
  complain(reading, node.at, {
    says: `${what} is ${node.kind === "map" ? "a map" : "one value"}, and a list is needed.`,
    hint: `Write each item of ${what} on a line of its own that begins with a dash.`,
  });
  return [];
};

/** What the user wrote as a key, fit for a message. */
export const shownKey = (key: string): string => (/^[\w/-]{1,40}$/.test(key) ? key : JSON.stringify(key.slice(0, 40)));

const unknownKey = (
  reading: Reading,
  { key, at }: { readonly key: string; readonly at: Position },
  { what, keys, elsewhere = {}, knownAs = {} }: MapForm,
): void => {
  const place = Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined;
  const known = Object.hasOwn(knownAs, key) ? knownAs[key] : undefined;
  const guess = known ?? nearest(key, keys);
  complain(reading, at, {
    code: "unknown-input",
    says: `${shownKey(key)} is not a key of ${what}.`,
    hint: place ?? didYouMean(guess, `Its keys are ${oneOf(keys).replace(" or ", " and ")}.`),
  });
};
