/** Bounded JSON documents of ours: size, nesting and schema are looked at before a field is. */
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { BAD, collectFaults, type Reader } from "./reader.ts";

/** Largest document that is read, in UTF-16 units of its text; adapters bound the bytes by the same figure. */
export const MAX_DOCUMENT = 20 * 1024 * 1024;
/** Our own documents nest 6 deep. More is made to hurt a reader. */
const MAX_DEPTH = 16;
const MAX_PROBLEMS = 20;

export type DocumentKind<T> = {
  /** `run record`, `history`: the word in sentences. */
  readonly what: string;
  readonly schema: string;
  readonly read: Reader<T>;
};

/** Reads a document of one kind; every problem is listed (the first 20 in full), nothing is thrown. */
export const parseDocument = <T>(input: string, kind: DocumentKind<T>): Parsed<T> => {
  const value = parseJson(input, kind.what);
  if (!value.ok) return value;
  const foreign = schemaProblem(value.value, kind);
  if (foreign !== null) return refused([foreign]);
  const faults = collectFaults(MAX_PROBLEMS);
  const read = kind.read(value.value, "", faults);
  return read === BAD ? refused(faults.sentences().map((sentence) => invalid(kind.what, sentence))) : parsed(read);
};

/** The `schema` of a document, `null` when it is no document of anybody's. Bounded like the reading itself. */
export const schemaOf = (input: string): string | null => {
  const value = parseJson(input, "document");
  return value.ok ? schemaField(value.value) : null;
};

const parseJson = (input: string, what: string): Parsed<unknown> => {
  if (input.length > MAX_DOCUMENT)
    return refused([invalid(what, `it has ${input.length} characters, at most ${MAX_DOCUMENT} are read`)]);
  if (nestsDeeper(input, MAX_DEPTH)) return refused([invalid(what, `it nests deeper than ${MAX_DEPTH} levels`)]);
  try {
    return parsed(JSON.parse(input.startsWith("\uFEFF") ? input.slice(1) : input));
  } catch (error) {
    const cause = error instanceof Error ? error.message.slice(0, 120) : "unreadable";
    return refused([invalid(what, `it is not JSON (${cause})`)]);
  }
};

const schemaProblem = <T>(value: unknown, { what, schema }: DocumentKind<T>): Problem | null => {
  const found = schemaField(value);
  if (found === schema) return null;
  const named = found === null ? "it names no schema" : `it has schema ${JSON.stringify(found.slice(0, 80))}`;
  const version = schema.slice(schema.lastIndexOf("/") + 1);
  return invalid(what, `${named}, this version of swarmgate reads ${version} (${schema})`);
};

const schemaField = (value: unknown): string | null =>
  typeof value === "object" && value !== null && "schema" in value && typeof value.schema === "string"
    ? value.schema
    : null;

const invalid = (what: string, sentence: string): Problem =>
  usageProblem(
    "record-invalid",
    `The ${what} cannot be used: ${sentence}.`,
    `Give a ${what} as swarmgate wrote it; an incomplete download or a hand edit is the usual cause.`,
  );

/** Whether brackets outside strings nest deeper than `most`: found in one pass, before anything is built from them. */
const nestsDeeper = (input: string, most: number): boolean => {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < input.length; at += 1) {
    const unit = input.charCodeAt(at);
    if (unit === QUOTE) inString = !inString;
    else if (inString) at += unit === BACKSLASH ? 1 : 0;
    else depth += stepOf(unit);
    if (depth > most) return true;
  }
  return false;
};

const stepOf = (unit: number): -1 | 0 | 1 => {
  if (unit === OPEN_BRACKET || unit === OPEN_BRACE) return 1;
  return unit === CLOSE_BRACKET || unit === CLOSE_BRACE ? -1 : 0;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
