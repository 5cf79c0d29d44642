import { quote } from "../config/given.ts";
import type { YamlEntry, YamlNode } from "../config/read-yaml.ts";
import { fieldsOf } from "./fields.ts";
import type { Lookup } from "./names.ts";
import { readPointer } from "./read-expect.ts";
import { checkHeaderName } from "./read-headers.ts";
import { complain, scalarAt } from "./reading.ts";
import { readRegex } from "./regex-text.ts";
import type { Capture, CaptureFrom } from "./scenario.ts";

export const CAPTURE_KEYS = ["json", "header", "regex"] as const;

/** The map `capture`; the step's names count as captured behind it. */
export const readCaptures = (lookup: Lookup, node: YamlNode): readonly Capture[] => {
  const { reading, names, flow } = lookup;
  if (node.kind !== "map") {
    complain(reading, node.at, { says: "capture is not a map.", hint: "Write { token: { json: /token } }." });
    return [];
  }
  return node.entries.flatMap((entry) => {
    const slot = names.captures.findIndex(({ name }) => name === entry.key);
    const from = readFrom(lookup, entry);
    // A name that templates cannot use has no slot; `captureNames` has said so.
    if (slot < 0) return [];
    flow.filled.add(slot);
    return from === null ? [] : [{ slot, name: entry.key, from }];
  });
};

const readFrom = ({ reading }: Lookup, { value }: YamlEntry): CaptureFrom | null => {
  const fields = fieldsOf(reading, value, { what: "a capture", keys: CAPTURE_KEYS });
  if (fields === null) return null;
  const [first, second] = CAPTURE_KEYS.flatMap((key) => fields.entry(key) ?? []);
  if (first === undefined && fields.unknown.length > 0) return null;
  if (first === undefined || second !== undefined) {
    const says = first === undefined ? "a capture says nothing to take." : "a capture takes two things.";
    const code = first === undefined ? "missing-value" : "conflicting-values";
    complain(reading, (second ?? { keyAt: value.at }).keyAt, {
      code,
      says,
      hint: "Give it one of json, header and regex.",
    });
    return null;
  }
  return sourceOf({ reading, key: first.key, node: first.value });
};

const sourceOf = ({
  reading,
  key,
  node,
}: {
  readonly reading: Lookup["reading"];
  readonly key: string;
  readonly node: YamlNode;
}): CaptureFrom | null => {
  const isRoot = key === "json" && node.kind === "scalar" && !node.plain && node.text === "";
  const scalar = isRoot ? node : scalarAt(reading, node, key);
  if (scalar === null) return null;
  const { text, at } = scalar;
  switch (key) {
    case "json": {
      const path = readPointer(reading, text, at);
      return path && { kind: "json", pointer: text, path };
    }
    case "header":
      return checkHeaderName(reading, text, at) ? { kind: "header", name: text } : null;
    default: {
      const [, inner, flags] = /^\/(.+)\/(i?)$/s.exec(text) ?? [];
      const read = readRegex(inner ?? text, flags === "i" ? "i" : "");
      if (read.ok) return { kind: "regex", regex: read.regex };
      complain(reading, at, {
        says: `${quote(text)} ${read.says}.`,
        hint: "Write a simple one with one group, such as token=(\\w+).",
      });
      return null;
    }
  }
};
