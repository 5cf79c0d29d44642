/** The words of a Logs Insights query. */

export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "regex"; readonly source: string }
  | { readonly kind: "sign"; readonly text: string };

/** Becomes a MalformedQueryException. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}

const space = /^(?:\s+|#[^\n]*)/;
const word = /^(?:[@A-Za-z_][\w.@]*|`[^`]+`)/;
const number = /^\d+(?:\.\d+)?/;
const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/;
const regex = /^\/((?:[^/\\\n]|\\.)+)\//;
const sign = /^(?:<=|>=|!=|=~|[=<>()+\-*/,|[\]])/;

/** Throws `QueryError`. A slash starts a regular expression after `like`, `=~` and inside `parse`, else it divides. */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let rest = query;
  while (rest !== "") {
    const blank = space.exec(rest);
    if (blank !== null) {
      rest = rest.slice(blank[0].length);
      continue;
    }
    const [token, length] = next(rest, tokens);
    tokens.push(token);
    rest = rest.slice(length);
  }
  return tokens;
}

function next(rest: string, before: readonly Token[]): readonly [Token, number] {
  const pattern = mayBeRegex(before) ? regex.exec(rest) : null;
  if (pattern !== null) return [{ kind: "regex", source: pattern[1] ?? "" }, pattern[0].length];
  const text = quoted.exec(rest);
  if (text !== null) return [{ kind: "string", text: unescaped(text[1] ?? text[2] ?? "") }, text[0].length];
  const name = word.exec(rest);
  if (name !== null) return [{ kind: "word", text: name[0].replaceAll("`", "") }, name[0].length];
  const digits = number.exec(rest);
  if (digits !== null) return [{ kind: "number", value: Number(digits[0]) }, digits[0].length];
  const symbol = sign.exec(rest);
  if (symbol !== null) return [{ kind: "sign", text: symbol[0] }, symbol[0].length];
  throw new QueryError(`unexpected symbol found ${rest.slice(0, 12)}`);
}

function mayBeRegex(before: readonly Token[]): boolean {
  const last = before.at(-1);
  if (last?.kind === "sign") return last.text === "=~";
  const beforeLast = before.at(-2);
  const parsed = beforeLast?.kind === "word" && beforeLast.text === "parse";
  return last?.kind === "word" && (last.text.toLowerCase() === "like" || parsed);
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, "$1");
