import { headerOf } from "./headers.ts";
import { formsOf, SHORTEST_SECRET } from "./secret-forms.ts";
import { type Environment, variablesIn, variableValue } from "./variables.ts";

/** What the secrets are looked for in; `raw` texts are as written, with `${NAME}` in them. */
export type SecretSources = {
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: string;
  readonly rawUrls: readonly string[];
  readonly token: string | null;
  readonly env: Environment;
};

/**
 * Everything that must not appear in what we write (SPEC 12.2), longest first, so that replacing one does not break up
 * another: values of headers, the credentials inside them, the forms in which they may come back; values of variables in headers and in the
 * query of the URL; the token. Nothing below 6 characters: it would blot out ordinary words.
 */
export const secretsOf = (sources: SecretSources): readonly string[] => {
  const headers = Object.entries(sources.headers).filter(([name]) => !isOpen(name));
  const pieces = [
    ...headers.flatMap(([name, value]) => credentialsIn(name, value)),
    ...variableValues(sources),
    ...(sources.token === null ? [] : [sources.token]),
  ].filter((piece) => piece.length >= SHORTEST_SECRET);
  const all = new Set(pieces.flatMap(formsOf));
  return [...all].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
};

/** Headers whose values say nothing secret. */
const isOpen = (name: string): boolean => /^(host|accept.*|content-type|user-agent|cache-control)$/i.test(name);

/** The value; the part behind an authorisation scheme; user name and password of basic credentials. */
const credentialsIn = (name: string, value: string): readonly string[] => {
  const [, scheme = "", rest = ""] = /^([A-Za-z][A-Za-z0-9_-]*)\s+(\S.*)$/.exec(value) ?? [];
  if (rest === "" || !(/authorization$/i.test(name) || SCHEMES.test(scheme))) return [value];
  const basic = scheme.toLowerCase() === "basic" ? decodeBase64(rest) : null;
  return basic === null ? [value, rest] : [value, rest, basic, basic.slice(basic.indexOf(":") + 1)];
};

/** Schemes that also stand in headers of other names (IANA's registry, and the two that APIs made up). */
const SCHEMES = /^(basic|bearer|digest|dpop|negotiate|token|api-?key)$/i;

/** A variable in a header is a secret even where the header's own name is harmless; `host` excepted, it is in the URL. */
const variableValues = ({ rawHeaders, rawUrls, env }: SecretSources): readonly string[] => {
  const lines = rawHeaders.split("\n").filter((line) => headerOf(line)?.name.toLowerCase() !== "host");
  const queries = rawUrls.map((url) => (url.includes("?") ? url.slice(url.indexOf("?")) : ""));
  return variablesIn([...lines, ...queries].join("\n")).map((name) => variableValue(name, env));
};

const decodeBase64 = (text: string): string | null => {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.replace(/=+$/, "").length % 4 === 1) return null;
  return new TextDecoder().decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
};
