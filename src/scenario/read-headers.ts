import { quote } from "../config/given.ts";
import { headerOf, parseHeaders } from "../config/headers.ts";
import type { YamlEntry, YamlNode } from "../config/read-yaml.ts";
import type { Lookup } from "./names.ts";
import { complain, passOn, type Reading, scalarAt } from "./reading.ts";
import type { HeaderTemplate } from "./scenario.ts";
import { readTemplate } from "./written.ts";

/**
 * The headers of a step from the maps that hold for it, inner ones first: an inner header replaces outer ones of the same
 * name in any case, and what is replaced is not looked at, so that a step without a token yet can leave it out. Messages
 * name a header and never its value: that may be secret.
 */
export const readHeaders = (lookup: Lookup, maps: readonly YamlNode[]): readonly HeaderTemplate[] => {
  const headers = new Map<string, HeaderTemplate>();
  for (const map of maps) {
    const inner = new Set(headers.keys());
    for (const entry of entriesOf(lookup.reading, map)) {
      const key = entry.key.toLowerCase();
      if (inner.has(key)) continue;
      const header = readHeader(lookup, entry);
      if (header !== null && headers.has(key)) {
        const says = `the header ${entry.key} stands twice.`;
        complain(lookup.reading, entry.keyAt, { code: "conflicting-values", says, hint: "Keep one of the two." });
      } else if (header !== null) headers.set(key, header);
    }
  }
  return [...headers.values()];
};

/** Whether it is a name that a header may have. */
export const checkHeaderName = (reading: Reading, name: string, at: YamlNode["at"]): boolean => {
  if (headerOf(`${name}:`)?.name === name) return true;
  complain(reading, at, { says: `${quote(name)} is not a header name.`, hint: "Use letters, digits and hyphens." });
  return false;
};

const MOST_HEADERS = 100;

const entriesOf = (reading: Reading, node: YamlNode): readonly YamlEntry[] => {
  if (node.kind === "map" && node.entries.length <= MOST_HEADERS) return node.entries;
  const says = node.kind === "map" ? `there are more than ${MOST_HEADERS} headers.` : "headers is not a map.";
  complain(reading, node.at, { says, hint: "Write name: value, one header a line." });
  return [];
};

const readHeader = (lookup: Lookup, { key, keyAt, value }: YamlEntry): HeaderTemplate | null => {
  const { reading } = lookup;
  if (!checkHeaderName(reading, key, keyAt)) return null;
  const scalar = scalarAt(reading, value, `the header ${key}`);
  if (scalar === null) return null;
  const template = readTemplate(lookup, { text: scalar.text.trim(), at: value.at }, "header");
  const text = template.parts.map((part) => (part.kind === "literal" ? part.text : "x")).join("");
  if (/[\r\n]/.test(text)) {
    complain(reading, value.at, { says: `the header ${key} holds a line break.`, hint: "A header is one line." });
    return null;
  }
  const read = parseHeaders({ label: "these headers", text: `${key}: ${text}`, shown: "" });
  return read.ok ? { name: key, value: template } : passOn(reading, keyAt, read.problems);
};
