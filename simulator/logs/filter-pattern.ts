/** Filter patterns of FilterLogEvents: terms of unstructured lines, and comparisons of JSON fields. */
import { QueryError } from "./insights-tokens.ts";

/** Throws `QueryError` for a pattern that is not simulated. */
export function filterOf(pattern: string): (message: string) => boolean {
  const trimmed = pattern.trim();
  if (trimmed === "") return () => true;
  return trimmed.startsWith("{") ? jsonFilter(trimmed) : termFilter(trimmed);
}

/** `"a phrase" term -without ?any`: all plain ones, none of the minuses, one of the question marks. */
function termFilter(pattern: string): (message: string) => boolean {
  const terms = [...pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)].map(
    ([, mark = "", phrase, term]) => ({
      mark,
      text: (phrase ?? term ?? "").replaceAll(/\\(.)/g, "$1"),
    }),
  );
  const of = (mark: string): readonly string[] => terms.filter((one) => one.mark === mark).map(({ text }) => text);
  const [all, none, any] = [of(""), of("-"), of("?")];
  return (message) =>
    all.every((text) => message.includes(text)) &&
    !none.some((text) => message.includes(text)) &&
    (any.length === 0 || any.some((text) => message.includes(text)));
}

const comparison = /^\$\.([\w.]+)\s*(=|!=)\s*(?:"([^"]*)"|(-?[\w.]+))$/;

/** `{ $.type = "platform.report" && $.record.status != "success" }`, with either `&&` or `||`. */
function jsonFilter(pattern: string): (message: string) => boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(pattern)?.[1]?.trim();
  if (inner === undefined) throw new QueryError(`Invalid filter pattern: ${pattern}`);
  const any = inner.includes("||");
  const tests = inner.split(any ? "||" : "&&").map((part) => {
    const [, path = "", sign, text, bare] =
      comparison.exec(
        part
          .trim()
          .replace(/^\(([\s\S]*)\)$/, "$1")
          .trim(),
      ) ?? [];
    if (sign === undefined) throw new QueryError(`Invalid filter pattern: ${pattern}`);
    return { path: path.split("."), equal: sign === "=", wanted: text ?? bare ?? "" };
  });
  return (message) => {
    if (!message.startsWith("{")) return false;
    const value: unknown = JSON.parse(message);
    const holds = tests.map(({ path, equal, wanted }) => {
      const found = valueAt(value, path);
      return found !== undefined && (String(found) === wanted) === equal;
    });
    return any ? holds.some(Boolean) : holds.every(Boolean);
  };
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? new Map(Object.entries(inner)).get(key) : undefined),
    value,
  );
