import type { PreparedRequest } from "./transport.ts";

export type Headers = readonly (readonly [name: string, value: string])[];

/** A request before it is written down. */
export type RequestDraft = {
  readonly method: string;
  /** Path and query, starting with a slash, percent-encoded. */
  readonly path: string;
  /** Host, and port unless it is the scheme's own: the Host header when `headers` has none. */
  readonly host: string;
  /** In the order in which they are sent; `mergeHeaders` makes one list of several layers. */
  readonly headers: Headers;
  /** Text is sent as UTF-8. */
  readonly body: string | Uint8Array | null;
  readonly keep: PreparedRequest["keep"];
};

/**
 * Writes a request down (RFC 9112 section 3): request line, headers and body as one buffer. Host and Content-Length are
 * added; a Host of the user's own wins. What cannot be sent without risking the framing is no exception but the
 * request's `problem`, because it belongs to a step of a user's scenario.
 */
export const encodeRequest = (draft: RequestDraft): PreparedRequest => {
  const { method, path, keep } = draft;
  const body = typeof draft.body === "string" ? Buffer.from(draft.body) : draft.body;
  const facts = readHeaders(draft.headers);
  const problem = findProblem(draft, facts, body?.length ?? 0);
  if (problem !== null) {
    return { method, path, headers: [], body: null, wire: NOTHING, bytes: 0, keep, closes: false, problem };
  }
  const host = facts.host ? "" : `host: ${draft.host}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\n${host}${facts.lines}${lengthLine(method, body)}\r\n`;
  const start = Buffer.from(head, "latin1");
  const wire = body === null ? start : Buffer.concat([start, body]);
  return { method, path, headers: facts.flat, body, wire, bytes: wire.length, keep, closes: facts.closes, problem };
};

/** Headers of several layers, inner ones last: an inner one replaces an outer one of the same name in any case. */
export const mergeHeaders = (...layers: readonly Readonly<Record<string, string>>[]): Headers => {
  const merged = new Map<string, readonly [string, string]>();
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer))) {
    merged.set(name.toLowerCase(), [name, value]);
  }
  return [...merged.values()];
};

const NOTHING = Buffer.alloc(0);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** As undici: no controls, no blanks; what lies beyond latin1 cannot be written. */
const PATH = /^[\x21-\xff]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Methods whose meaning needs a body, so that an empty one is announced (RFC 9110 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);
/** Framing and hop-by-hop headers that would promise what the transport does not do; undici refuses the same ones. */
const NOT_OURS_TO_SEND: ReadonlySet<string> = new Set(["transfer-encoding", "keep-alive", "upgrade", "expect"]);

type HeaderFacts = {
  readonly flat: string[];
  /** As they are sent; Content-Length is left to us. */
  readonly lines: string;
  readonly host: boolean;
  readonly closes: boolean;
  /** The user's Content-Length. */
  readonly length: string | null;
  readonly problem: string | null;
};

const readHeaders = (headers: Headers): HeaderFacts => {
  const flat: string[] = [];
  let lines = "";
  let hosts = 0;
  let closes = false;
  let length: string | null = null;
  let problem: string | null = null;
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    problem ??= headerProblem(name, lower, value);
    if (lower === "content-length") {
      length = value.trim();
      continue;
    }
    if (lower === "host") hosts++;
    // `keep-alive` is what HTTP/1.1 means without saying it, and undici writes one of its own.
    if (lower === "connection") {
      if (value.trim().toLowerCase() !== "close") continue;
      closes = true;
    }
    flat.push(name, value);
    lines += `${name}: ${value}\r\n`;
  }
  if (hosts > 1) problem ??= "more than one host header";
  return { flat, lines, host: hosts > 0, closes, length, problem };
};

const findProblem = (draft: RequestDraft, facts: HeaderFacts, bodyLength: number): string | null => {
  if (!TOKEN.test(draft.method) || draft.method === "CONNECT") return `method ${quoted(draft.method)} cannot be sent`;
  if (!PATH.test(draft.path) || !(draft.path.startsWith("/") || draft.path === "*")) {
    return `path ${quoted(draft.path)} cannot be sent`;
  }
  if (facts.problem !== null) return facts.problem;
  if (facts.length !== null && facts.length !== String(bodyLength)) {
    return `header content-length: ${facts.length}, but the body has ${bodyLength} bytes`;
  }
  return null;
};

/** Names the header, never its value, which may be a secret. */
const headerProblem = (name: string, lower: string, value: string): string | null => {
  if (!TOKEN.test(name)) return `header name ${quoted(name)} cannot be sent`;
  if (!VALUE.test(value)) return `the value of header ${name} has a character that cannot be sent`;
  if (NOT_OURS_TO_SEND.has(lower)) return `header ${name} cannot be sent`;
  if (lower === "connection" && !/^\s*(close|keep-alive)\s*$/i.test(value)) {
    return "header connection can be close or keep-alive only";
  }
  return null;
};

const lengthLine = (method: string, body: Uint8Array | null): string => {
  const length = body?.length ?? 0;
  return length > 0 || WITH_BODY.has(method) ? `content-length: ${length}\r\n` : "";
};

const quoted = (text: string): string => JSON.stringify(text.slice(0, 80));
