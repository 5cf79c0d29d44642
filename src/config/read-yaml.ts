import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
} from "yaml";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";

/** Both count from 1. */
export type Position = { readonly line: number; readonly column: number };

/** A value of a YAML text and where it begins. */
export type YamlNode =
  | {
      readonly kind: "scalar";
      readonly at: Position;
      /** As it is read: quotes and escapes undone. Empty for a missing value. */
      readonly text: string;
      /** Without quotes: then `5` is a number and `true` a boolean (YAML 1.2 core schema), which `value` holds. */
      readonly plain: boolean;
      readonly value: null | boolean | number | string;
    }
  | { readonly kind: "list"; readonly at: Position; readonly items: readonly YamlNode[] }
  | { readonly kind: "map"; readonly at: Position; readonly entries: readonly YamlEntry[] };

export type YamlEntry = { readonly key: string; readonly keyAt: Position; readonly value: YamlNode };

/**
 * The one value of a YAML text; `null` when it is empty. Every scalar is the text that stands there (YAML's failsafe
 * schema): the table of inputs knows which of them are numbers, and `version: 1.10` keeps its zero. Twice the same key,
 * unknown tags, several documents and texts made to blow up are problems with line and column.
 */
export const readYaml = (text: string, fileName: string): Parsed<unknown> =>
  guarded(text, fileName, () => {
    const read = readDocument(text, fileName, "failsafe");
    return read.ok ? parsed(read.value.document.toJS({ maxAliasCount: MOST_ALIASES }) ?? null) : read;
  });

/** The same text with the place of every value, aliases followed; `null` when it is empty. Refuses what `readYaml` does. */
export const readYamlNodes = (text: string, fileName: string): Parsed<YamlNode | null> =>
  guarded(text, fileName, () => {
    const read = readDocument(text, fileName, "core");
    if (!read.ok) return read;
    const { document, lineCounter } = read.value;
    if (document.contents === null) return parsed(null);
    return parsed(nodeOf(document.contents, { document, lineCounter, left: MOST_NODES }, 0));
  });

const LONGEST = 256 * 1024;
const MOST_ALIASES = 20;
/** Twenty times what fits into `LONGEST` by hand: only aliases of aliases reach it. */
const MOST_NODES = 100_000;
const DEEPEST = 100;
const MOST_FAULTS = 10;

const guarded = <T>(text: string, fileName: string, read: () => Parsed<T>): Parsed<T> => {
  if (text.length > LONGEST) {
    return refused([unreadable(`${fileName} is larger than ${LONGEST / 1024} KB.`, "A config file is a page or two.")]);
  }
  try {
    return read();
  } catch (error) {
    const unknown = /^Unresolved alias[^:]*: (\S+)$/.exec(error instanceof Error ? error.message : "")?.[1];
    if (unknown === undefined) return tooComplex(fileName);
    const message = `${fileName} refers to ${unknown}, which stands nowhere before it.`;
    return refused([unreadable(message, `Quote the value if "*${unknown}" is a text.`)]);
  }
};

type Read = { readonly document: Document; readonly lineCounter: LineCounter };

const readDocument = (text: string, fileName: string, schema: "failsafe" | "core"): Parsed<Read> => {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    schema,
    version: "1.2",
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "error",
    lineCounter,
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length === 0) return parsed({ document, lineCounter });
  // The parser itself turns an exhausted stack into one of its messages.
  if (faults.some(({ message }) => message.includes("call stack"))) return tooComplex(fileName);
  return refused(
    faults.slice(0, MOST_FAULTS).map(({ pos, message }) => {
      const { line, col } = lineCounter.linePos(pos[0]);
      const first = message.split("\n")[0]?.replace(/[.\s]+$/, "") ?? "";
      const says = first.includes("stringKeys") ? "a list or a map stands where a key is needed" : first;
      const at = `${fileName} is not readable at line ${line}, column ${col}: ${says}.`;
      return unreadable(at, hintFor(text, pos[0]));
    }),
  );
};

/** Braces begin a map in YAML: the likeliest reason for an error beside a template. */
const hintFor = (text: string, offset: number): string =>
  /\{\{|\$\{/.test(text.slice(Math.max(0, offset - 3), offset + 3))
    ? `Put the value in quotes: "{{ name }}", "\${NAME}".`
    : "Mend the YAML there.";

type Walk = Read & { left: number };

/** Throws on an alias to nothing and on more nodes or levels than a file can hold by hand. */
const nodeOf = (node: unknown, walk: Walk, depth: number): YamlNode => {
  walk.left -= 1;
  if (walk.left < 0 || depth > DEEPEST) throw new Error("too many nodes or levels");
  if (isAlias(node)) return nodeOf(resolved(node, walk.document), walk, depth + 1);
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => {
      const name = nodeOf(key, walk, depth + 1);
      const keyText = name.kind === "scalar" ? name.text : "";
      const inner = value === null ? { ...EMPTY, at: name.at } : nodeOf(value, walk, depth + 1);
      return { key: keyText, keyAt: name.at, value: inner };
    });
    return { kind: "map", at: placeOf(node.range, walk), entries };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => nodeOf(item, walk, depth + 1));
    return { kind: "list", at: placeOf(node.range, walk), items };
  }
  if (isScalar(node)) return scalarOf(node, walk);
  throw new Error("not a YAML node");
};

const EMPTY = { kind: "scalar", text: "", plain: true, value: null } as const;

const resolved = (alias: Alias, document: Document): unknown => {
  const target = alias.resolve(document);
  if (target === undefined) throw new Error(`Unresolved alias: ${alias.source}`);
  return target;
};

const scalarOf = (node: Scalar, walk: Walk): YamlNode => {
  const { value } = node;
  const known = value === null || typeof value === "boolean" || typeof value === "number" ? value : `${value}`;
  return {
    kind: "scalar",
    at: placeOf(node.range, walk),
    text: node.source ?? `${value ?? ""}`,
    plain: node.type === "PLAIN",
    value: known,
  };
};

const placeOf = (range: readonly number[] | null | undefined, { lineCounter }: Walk): Position => {
  const { line, col } = lineCounter.linePos(range?.[0] ?? 0);
  return { line, column: col };
};

const tooComplex = (fileName: string): Parsed<never> =>
  refused([unreadable(`${fileName} has too many aliases or levels.`, "Write the values out, a few levels deep.")]);

const unreadable = (message: string, hint: string): Problem => usageProblem("unreadable-file", message, hint);
