import { parseDuration } from "../config/durations.ts";
import { quote } from "../config/given.ts";
import { forbiddenHost, hostMatches, NEVER_SENT } from "../config/hosts.ts";
import { printableLine } from "../load/printable.ts";
import { type Millis, seconds, secondsToMillis } from "../units.ts";
import { encodeFor, encodeWrittenUrl } from "./encode.ts";
import { readModuleExpect, recordOf, refuse } from "./module-expect.ts";
import { type Expect, METHODS, type Method } from "./scenario.ts";

/** A request that a module asked for, checked and encoded. */
export type ModuleRequest = {
  /** The row in the report. */
  readonly name: string;
  readonly method: Method;
  /** Another origin than the target's, or `null`. */
  readonly origin: string | null;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly expect: Expect | null;
  /** `null` is the run's. */
  readonly timeout: Millis | null;
  readonly follow: boolean;
};

export type RequestTarget = { readonly origin: string; readonly allowedHosts: readonly string[] };

const KEYS = ["name", "query", "headers", "json", "form", "body", "expect", "timeout", "follow"];

/**
 * The argument of `user.request`. Throws a `TypeError` with one sentence when it cannot be sent: that is the failure of
 * the task which asks for it, because a module's requests are known by running it only.
 */
export const readModuleRequest = (options: unknown, target: RequestTarget): ModuleRequest => {
  const given = recordOf(options, "what user.request is given");
  const { key, written } = methodOf(given);
  for (const other of Object.keys(given)) {
    if (other !== key && !KEYS.includes(other)) refuse(`user.request has an unknown key ${quote(other)}`);
  }
  const { name, query, timeout, follow } = given;
  const method = METHOD_NAMES[key];
  const { origin, path } = readUrl(written, target);
  const { body, type } = readBody(given);
  const headers = readHeaders(given["headers"]);
  const typed = type === null || Object.keys(headers).some((one) => one.toLowerCase() === "content-type");
  return {
    name: printableLine(typeof name === "string" && name !== "" ? name : `${method} ${written}`),
    method,
    origin,
    path: withQuery(path, query),
    headers: typed ? headers : { "content-type": type, ...headers },
    body,
    expect: readModuleExpect(given["expect"]),
    timeout: timeout === undefined ? null : readTimeout(timeout),
    follow: follow === true,
  };
};

const METHOD_NAMES: Readonly<Record<(typeof METHODS)[number], Method>> = {
  get: "GET",
  post: "POST",
  put: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  head: "HEAD",
  options: "OPTIONS",
};

const methodOf = (given: Readonly<Record<string, unknown>>) => {
  const [key, other] = METHODS.filter((method) => given[method] !== undefined);
  if (key === undefined) return refuse(`user.request needs one of ${METHODS.join(", ")}`);
  if (other !== undefined) refuse(`user.request has both ${key} and ${other}`);
  const written = given[key];
  return { key, written: typeof written === "string" ? written.trim() : refuse(`the path of ${key} is not a text`) };
};

const readUrl = (written: string, target: RequestTarget): Pick<ModuleRequest, "origin" | "path"> => {
  if (written.includes("#")) refuse(`${quote(written)} has a fragment`);
  if (written.startsWith("/") && !written.startsWith("//")) return { origin: null, path: encodeWrittenUrl(written) };
  const [, base = "", rest = ""] = /^(https?:\/\/[^/?]*)(.*)$/is.exec(written) ?? [];
  if (base === "" || !URL.canParse(base)) return refuse(`${quote(written)} is neither a path nor a whole URL`);
  const url = new URL(base);
  if (url.username !== "" || url.password !== "") refuse("a URL has a user name or password in it");
  const path = encodeWrittenUrl(rest.startsWith("/") ? rest : `/${rest}`);
  if (url.origin === target.origin) return { origin: null, path };
  const forbidden = forbiddenHost(url.hostname);
  if (forbidden !== null) refuse(`${url.host} is ${forbidden}. ${NEVER_SENT.replace(/\.$/, "")}`);
  if (!target.allowedHosts.some((pattern) => hostMatches(pattern, url.href))) {
    refuse(`${url.host} is another host than the target's and not in allowed-hosts`);
  }
  return { origin: url.origin, path };
};

const withQuery = (path: string, query: unknown): string => {
  if (query === undefined) return path;
  const pairs = fieldsOf(query, "query").map(([name, value]) => `${encodeFor("url", name)}=${encodeFor("url", value)}`);
  return pairs.length === 0 ? path : `${path}${path.includes("?") ? "&" : "?"}${pairs.join("&")}`;
};

/** Names and values in order; a list gives its name several times, `undefined` none. */
const fieldsOf = (value: unknown, what: string): readonly (readonly [name: string, value: string])[] =>
  Object.entries(recordOf(value, what)).flatMap(([name, field]) =>
    (Array.isArray(field) ? field : [field])
      .filter((one) => one !== undefined)
      .map((one) => [name, scalarText(one, `${what}.${name}`)] as const),
  );

const scalarText = (value: unknown, what: string): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : refuse(`${what} is neither a text nor a number`);

/** Names the header and never its value, which may be a secret. */
const readHeaders = (value: unknown): Readonly<Record<string, string>> => {
  if (value === undefined) return {};
  const headers = Object.entries(recordOf(value, "headers")).filter(([, one]) => one !== undefined);
  return Object.fromEntries(headers.map(([name, one]) => [name, scalarText(one, `the header ${name}`).trim()]));
};

type ReadBody = { readonly body: ModuleRequest["body"]; readonly type: string | null };

const readBody = ({ json, form, body }: Readonly<Record<string, unknown>>): ReadBody => {
  if ([json, form, body].filter((one) => one !== undefined).length > 1) {
    refuse("user.request has more than one of json, form and body");
  }
  if (json !== undefined) {
    const text = JSON.stringify(json);
    return { body: text ?? refuse("json cannot be written as JSON"), type: "application/json" };
  }
  if (form !== undefined) {
    const pairs = fieldsOf(form, "form").map(([name, one]) => `${encodeFor("form", name)}=${encodeFor("form", one)}`);
    return { body: pairs.join("&"), type: "application/x-www-form-urlencoded" };
  }
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
    return { body: body ?? null, type: null };
  }
  return refuse("body is neither a text nor a Uint8Array");
};

const LONGEST_TIMEOUT_S = 900;

const readTimeout = (value: unknown): Millis => {
  if (typeof value === "number") {
    return value > 0 && value <= LONGEST_TIMEOUT_S
      ? secondsToMillis(seconds(value))
      : refuse(`timeout is ${value} seconds, and from 0 to ${LONGEST_TIMEOUT_S} are possible`);
  }
  const text = typeof value === "string" ? value : refuse("timeout is neither a number of seconds nor a text");
  const bounds = { min: "1ms", max: "15m", example: "800ms" };
  const time = parseDuration({ label: "timeout", text: text.trim(), shown: quote(text) }, bounds);
  return time.ok ? time.value : refuse(time.problems.map(({ message }) => message.replace(/\.$/, "")).join("; "));
};
