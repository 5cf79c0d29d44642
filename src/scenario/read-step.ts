import { parseDuration } from "../config/durations.ts";
import { oneOf, quote } from "../config/given.ts";
import type { YamlEntry, YamlNode } from "../config/read-yaml.ts";
import { nearest } from "../config/suggest.ts";
import { parseWaitTime } from "../load/wait-time.ts";
import type { Millis } from "../units.ts";
import type { Fields } from "./fields.ts";
import type { Lookup } from "./names.ts";
import { BODY_KEYS, pairsTemplate, readBody } from "./read-body.ts";
import { readCaptures } from "./read-capture.ts";
import { readExpect } from "./read-expect.ts";
import type { FileReader } from "./read-file.ts";
import { readHeaders } from "./read-headers.ts";
import { readUrl } from "./read-url.ts";
import { complain, passOn, type Reading, scalarAt } from "./reading.ts";
import {
  type HeaderTemplate,
  METHODS,
  type Method,
  type Part,
  type RequestStep,
  type Template,
  type WaitStep,
} from "./scenario.ts";
import { joinLiterals, literal } from "./written.ts";

export const STEP_KEYS: readonly string[] = [
  ...METHODS,
  "name",
  "headers",
  "query",
  ...BODY_KEYS,
  "expect",
  "capture",
  "timeout",
  "follow",
];

/** What a request step is read with. */
export type StepContext = {
  readonly lookup: Lookup;
  readonly files: FileReader;
  /** The maps `headers` of task and scenario, the inner one first. */
  readonly headers: readonly YamlNode[];
  /** The target's, where it is known. */
  readonly ownOrigin: string | null;
  /** Place of a row in the result, made if there is none of this name. */
  readonly row: (name: string) => number;
};

/** `null` after a problem that leaves nothing to send. */
export const readRequestStep = (
  { lookup, files, headers, ownOrigin, row }: StepContext,
  fields: Fields,
): { readonly step: RequestStep; readonly name: string } | null => {
  const { reading } = lookup;
  const method = readMethod(reading, fields);
  const url = method === null ? null : readUrl(lookup, method.url);
  const query = fields.get("query");
  const pairs = query === null ? null : pairsTemplate(lookup, query, { what: "query", encoding: "url" });
  const origin = url === null || url.origin === ownOrigin ? null : url.origin;
  const own = fields.get("headers");
  const given = readHeaders(lookup, [...(own === null ? [] : [own]), ...(origin === null ? headers : [])]);
  const body = readBody(lookup, fields, files);
  const expect = readOptional(fields, "expect", (node) => readExpect(lookup, node));
  const timeout = readOptional(fields, "timeout", (node) => readTimeout(reading, node));
  const follow = readOptional(fields, "follow", (node) => readFlag(reading, node, "follow")) ?? false;
  const written = readOptional(fields, "name", (node) => readLabel(reading, node));
  // Last: what a step captures is not there for the step itself.
  const captures = readOptional(fields, "capture", (node) => readCaptures(lookup, node)) ?? [];
  if (method === null || url === null) return null;
  if (method.method === "HEAD") refuseBodyChecks(reading, fields);
  const name = written ?? `${method.method} ${method.url.text.trim()}`;
  const step: RequestStep = {
    kind: "request",
    row: row(name),
    method: method.method,
    origin,
    path: { encoding: "url", parts: withQuery(url.path, pairs) },
    headers: withContentType(given, body?.contentType ?? null),
    body: body?.body ?? null,
    expect,
    captures,
    timeout,
    follow,
  };
  return { step, name };
};

/** `wait: between(0.5, 1)`: a step that sends nothing. */
export const readWaitStep = (reading: Reading, node: YamlNode): WaitStep | null => {
  const scalar = scalarAt(reading, node, "wait");
  if (scalar === null) return null;
  const wait = parseWaitTime(scalar.text);
  const hint = "Write constant(1) or between(0.5, 1); times are seconds.";
  if (wait.ok && (wait.value.kind === "constant" || wait.value.kind === "between"))
    return { kind: "wait", wait: wait.value };
  const reason = wait.ok ? "paces whole tasks and cannot stand between two steps" : "is not a wait";
  complain(reading, node.at, { says: `${quote(scalar.text)} ${reason}.`, hint });
  return null;
};

/** A name for people: one line without templates. */
export const readLabel = (reading: Reading, node: YamlNode): string | null => {
  const scalar = scalarAt(reading, node, "name");
  if (scalar === null) return null;
  const text = scalar.text.trim();
  const fault = labelFault(text);
  if (fault === null) return text;
  complain(reading, node.at, {
    says: `${quote(text)} ${fault}.`,
    hint: "A name is one line of at most 200 characters, the same for every request.",
  });
  return null;
};

const labelFault = (text: string): string | null => {
  if (/\{\{|\$\{/.test(text)) return "holds a template, and a name has none";
  if (/\p{Cc}/u.test(text)) return "holds a line break or another control character";
  return text === "" || text.length > 200 ? "is empty or too long for a name" : null;
};

const readOptional = <T>(fields: Fields, key: string, read: (node: YamlNode) => T): T | null => {
  const node = fields.get(key);
  return node === null ? null : read(node);
};

type MethodAndUrl = { readonly method: Method; readonly url: Parameters<typeof readUrl>[1] };

const readMethod = (reading: Reading, fields: Fields): MethodAndUrl | null => {
  const [first, second] = METHODS.flatMap((key) => fields.entry(key) ?? []);
  if (second !== undefined && first !== undefined) {
    const says = `${second.key} stands beside ${first.key}, and a step is one request.`;
    complain(reading, second.keyAt, { code: "conflicting-values", says, hint: "Make two steps of them." });
    return null;
  }
  if (first === undefined) {
    // Said already: a method that is misspelt or written in another way.
    const said = (key: string): boolean =>
      INSTEAD.has(key) || METHODS.some((method) => method === nearest(key, STEP_KEYS));
    if (fields.unknown.some(said)) return null;
    complain(reading, fields.at, {
      code: "missing-value",
      says: "a request has no method.",
      hint: `Write ${oneOf(METHODS)} and a path, such as get: /hello.`,
    });
    return null;
  }
  const url = scalarAt(reading, first.value, first.key);
  const method = METHOD_OF[first.key];
  return url === null || method === undefined ? null : { method, url };
};

const INSTEAD: ReadonlySet<string> = new Set(["wait", "sleep", "pause", "think", "method", "url", "path"]);

const METHOD_OF: Readonly<Record<string, Method>> = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  head: "HEAD",
  options: "OPTIONS",
};

const withQuery = (path: readonly Part[], query: Template | null): readonly Part[] => {
  if (query === null || query.parts.length === 0) return path;
  const asked = path.some((part) => part.kind === "literal" && part.text.includes("?"));
  return joinLiterals([...path, literal(asked ? "&" : "?"), ...query.parts]);
};

/** A content type that the user gives stands. */
const withContentType = (headers: readonly HeaderTemplate[], type: string | null): readonly HeaderTemplate[] =>
  type === null || headers.some(({ name }) => name.toLowerCase() === "content-type")
    ? headers
    : [...headers, { name: "content-type", value: { encoding: "header", parts: [literal(type)] } }];

const readTimeout = (reading: Reading, node: YamlNode): Millis | null => {
  const scalar = scalarAt(reading, node, "timeout");
  if (scalar === null) return null;
  const given = { label: "timeout", text: scalar.text.trim(), shown: quote(scalar.text) };
  const time = parseDuration(given, { min: "1ms", max: "15m", example: "30s" });
  return time.ok ? time.value : passOn(reading, node.at, time.problems);
};

const readFlag = (reading: Reading, node: YamlNode, what: string): boolean => {
  const scalar = scalarAt(reading, node, what);
  if (scalar !== null && scalar.text !== "true" && scalar.text !== "false") {
    complain(reading, node.at, { says: `${what} is neither true nor false.`, hint: "Write true or false." });
  }
  return scalar?.text === "true";
};

const refuseBodyChecks = (reading: Reading, fields: Fields): void => {
  const [expect, capture] = [fields.get("expect"), fields.get("capture")];
  const reads = [
    ...keysOf(expect).filter(({ key }) => key === "json" || key === "body"),
    ...keysOf(capture)
      .flatMap(({ value }) => keysOf(value))
      .filter(({ key }) => key === "json" || key === "regex"),
  ];
  const hint = "Check status and headers, or use get.";
  for (const { keyAt } of reads) complain(reading, keyAt, { says: "the answer to HEAD has no body to look at.", hint });
};

const keysOf = (node: YamlNode | null): readonly YamlEntry[] => (node?.kind === "map" ? node.entries : []);
