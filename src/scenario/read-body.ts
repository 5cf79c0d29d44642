import { quote } from "../config/given.ts";
import type { YamlEntry, YamlNode } from "../config/read-yaml.ts";
import { encodeFor } from "./encode.ts";
import type { Fields } from "./fields.ts";
import type { Lookup } from "./names.ts";
import { type FileReader, MOST_BODY_BYTES, readBytes } from "./read-file.ts";
import { complain, type Reading, scalarAt } from "./reading.ts";
import type { Body, Encoding, Part, Template } from "./scenario.ts";
import { joinLiterals, literal, partsOf, readPieces, readTemplate } from "./written.ts";

export const BODY_KEYS = ["json", "form", "body", "file"] as const;

export type ReadBody = { readonly body: Body; readonly contentType: string | null };

/** The body of a step, `null` without one or after a problem. Only `json` and `form` say what they are. */
export const readBody = (lookup: Lookup, fields: Fields, files: FileReader): ReadBody | null => {
  const given = BODY_KEYS.flatMap((key) => fields.entry(key) ?? []);
  const [first, second] = given;
  if (first === undefined) return null;
  if (second !== undefined) {
    complain(lookup.reading, second.keyAt, {
      code: "conflicting-values",
      says: `${second.key} stands beside ${first.key}, and a request has one body.`,
      hint: "Keep one of the two.",
    });
    return null;
  }
  return bodyOf(lookup, first, files);
};

const bodyOf = (lookup: Lookup, { key, value }: YamlEntry, files: FileReader): ReadBody | null => {
  switch (key) {
    case "json":
      return {
        body: { kind: "text", template: jsonTemplate(lookup, value) },
        contentType: "application/json",
      };
    case "form":
      return {
        body: { kind: "text", template: pairsTemplate(lookup, value, { what: "form", encoding: "form" }) },
        contentType: "application/x-www-form-urlencoded",
      };
    case "file": {
      const bytes = fileBytes(lookup.reading, value, files);
      return bytes === null ? null : { body: { kind: "bytes", bytes }, contentType: null };
    }
    default: {
      const node = scalarAt(lookup.reading, value, "body");
      const template = node === null ? null : readTemplate(lookup, node, "raw");
      return template === null ? null : { body: { kind: "text", template }, contentType: null };
    }
  }
};

const fileBytes = (reading: Reading, value: YamlNode, files: FileReader): Uint8Array | null => {
  const node = scalarAt(reading, value, "file");
  return node === null
    ? null
    : readBytes(reading, { path: node.text.trim(), at: node.at, maxBytes: MOST_BODY_BYTES }, files);
};

/**
 * JSON with the types of YAML: `5`, `true` and `null` arrive as such, in quotes they are texts, and so is everything with
 * a template or a variable in it.
 */
export const jsonTemplate = (lookup: Lookup, node: YamlNode): Template => ({
  encoding: "json",
  parts: joinLiterals(jsonParts(lookup, node)),
});

const jsonParts = (lookup: Lookup, node: YamlNode): readonly Part[] => {
  switch (node.kind) {
    case "scalar":
      return scalarParts(lookup, node);
    case "list":
      return enclosed(
        "[",
        node.items.map((item) => jsonParts(lookup, item)),
        "]",
      );
    case "map":
      return enclosed(
        "{",
        node.entries.map((entry) => [
          literal(`${JSON.stringify(plainKey(lookup, entry))}:`),
          ...jsonParts(lookup, entry.value),
        ]),
        "}",
      );
  }
};

const scalarParts = (lookup: Lookup, node: Extract<YamlNode, { kind: "scalar" }>): readonly Part[] => {
  const value = jsonScalar(lookup.reading, node);
  if (typeof value !== "string") return [literal(JSON.stringify(value))];
  return [literal('"'), ...partsOf(lookup, readPieces(lookup, value, node.at), "json"), literal('"')];
};

/** The value of a scalar in JSON. Numbers that JSON or a double cannot hold are problems, not other numbers. */
export const jsonScalar = (
  reading: Reading,
  { plain, value, text, at }: Extract<YamlNode, { kind: "scalar" }>,
): null | boolean | number | string => {
  if (!plain) return text;
  const lossy =
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(text);
  const notFinite = typeof value === "number" && !Number.isFinite(value);
  if (lossy || notFinite || /^[-+]?\.(inf|nan)$/i.test(text)) {
    complain(reading, at, {
      says: `${quote(text)} is not a number that JSON keeps.`,
      hint: "Put it in quotes to send it as a text.",
    });
    return null;
  }
  return value;
};

/** `name=value&name=value`; a list is the same name several times. */
export const pairsTemplate = (
  lookup: Lookup,
  node: YamlNode,
  { what, encoding }: { readonly what: string; readonly encoding: Encoding },
): Template => {
  if (node.kind !== "map") {
    complain(lookup.reading, node.at, { says: `${what} is not a map.`, hint: "Write name: value, one a line." });
    return { encoding, parts: [] };
  }
  const pairs = node.entries.flatMap((entry) => {
    const items = entry.value.kind === "list" ? entry.value.items : [entry.value];
    const name = encodeFor(encoding, plainKey(lookup, entry));
    return items.flatMap((item) => pairParts(lookup, item, { name, what, encoding }));
  });
  return { encoding, parts: joinLiterals(pairs.flatMap((pair, at) => (at === 0 ? pair : [literal("&"), ...pair]))) };
};

const pairParts = (
  lookup: Lookup,
  item: YamlNode,
  { name, what, encoding }: { readonly name: string; readonly what: string; readonly encoding: Encoding },
): readonly (readonly Part[])[] => {
  const empty = item.kind === "scalar" && item.text === "";
  const node = empty ? item : scalarAt(lookup.reading, item, `a value of ${what}`);
  if (node === null) return [];
  return [[literal(`${name}=`), ...partsOf(lookup, readPieces(lookup, node.text, node.at), encoding)]];
};

/** Names are sent as they are written. */
const plainKey = ({ reading }: Lookup, { key, keyAt }: YamlEntry): string => {
  if (/\{\{|\$\{/.test(key)) {
    complain(reading, keyAt, {
      says: `the name ${quote(key)} holds a template.`,
      hint: "Templates work in values only.",
    });
  }
  return key;
};

const enclosed = (open: string, items: readonly (readonly Part[])[], close: string): readonly Part[] => [
  literal(open),
  ...items.flatMap((item, at) => (at === 0 ? item : [literal(","), ...item])),
  literal(close),
];
