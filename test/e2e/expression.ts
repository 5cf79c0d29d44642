/** The part of GitHub's expressions that the example workflows use; what is not known is an error and never empty. */

export type Contexts = Readonly<Record<string, unknown>>;

type Token = { readonly kind: "text" | "name" | "sign"; readonly text: string };
type Functions = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

const FUNCTIONS: Functions = {
  contains: (list, one) => (Array.isArray(list) ? list.includes(one) : String(list).includes(String(one))),
  fromJSON: (text) => JSON.parse(String(text)),
  format: (text, ...values) => String(text).replaceAll(/\{(\d+)\}/g, (_, at) => shown(values[Number(at)])),
  cancelled: () => false,
};

/** A text with `${{ }}` in it, as the runner hands it on. */
export const filled = (text: string, contexts: Contexts): string =>
  text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => shown(evaluate(inner, contexts)));

/** A condition, with or without `${{ }}` around it. */
export const holds = (text: string, contexts: Contexts): boolean => {
  const [, inner] = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(text) ?? [];
  return isTrue(evaluate(inner ?? text, contexts));
};

export const evaluate = (text: string, contexts: Contexts): unknown => {
  const tokens = tokensOf(text);
  let at = 0;
  const next = (sign: string): boolean => {
    if (tokens[at]?.kind !== "sign" || tokens[at]?.text !== sign) return false;
    at += 1;
    return true;
  };
  const must = (sign: string): void => {
    if (!next(sign)) throw new Error(`${sign} expected in ${text}`);
  };
  const either = (): unknown => {
    let value = both();
    while (next("||")) {
      const other = both();
      value = isTrue(value) ? value : other;
    }
    return value;
  };
  const both = (): unknown => {
    let value = compared();
    while (next("&&")) {
      const other = compared();
      value = isTrue(value) ? other : value;
    }
    return value;
  };
  const compared = (): unknown => {
    const value = single();
    if (next("==")) return value === single();
    return next("!=") ? value !== single() : value;
  };
  const single = (): unknown => {
    if (next("!")) return !isTrue(single());
    if (next("(")) {
      const value = either();
      must(")");
      return value;
    }
    const token = tokens[at];
    if (token === undefined || token.kind === "sign") throw new Error(`a value expected in ${text}`);
    at += 1;
    if (token.kind === "text") return token.text;
    return next("(") ? called(token.text) : valueAt(token.text, contexts);
  };
  const called = (name: string): unknown => {
    const given: unknown[] = [];
    while (!next(")")) {
      given.push(either());
      next(",");
    }
    const known = FUNCTIONS[name];
    if (known === undefined) throw new Error(`${name}() is not known here`);
    return known(...given);
  };
  const value = either();
  if (at < tokens.length) throw new Error(`${tokens[at]?.text} is too much in ${text}`);
  return value;
};

const tokensOf = (text: string): readonly Token[] =>
  [...text.matchAll(/'((?:[^']|'')*)'|([A-Za-z_][\w.-]*)|(\|\||&&|==|!=|[!(),])|\S/g)].map(
    ([all, quoted, name, sign]) => {
      if (quoted !== undefined) return { kind: "text", text: quoted.replaceAll("''", "'") };
      if (name !== undefined) return { kind: "name", text: name };
      if (sign === undefined) throw new Error(`${all} is not known here`);
      return { kind: "sign", text: sign };
    },
  );

/** What an event does not have is null; a context that nobody gave is a mistake of the workflow or of the test. */
const valueAt = (path: string, contexts: Contexts): unknown => {
  const [context = "", ...keys] = path.split(".");
  if (!Object.hasOwn(contexts, context)) throw new Error(`there is no ${context} for ${path}`);
  const value = keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    contexts[context],
  );
  if (value === undefined && context !== "github") throw new Error(`${path} is not set`);
  return value ?? null;
};

const isTrue = (value: unknown): boolean => value !== false && value !== null && value !== "" && value !== 0;
const shown = (value: unknown): string => (value === null || value === undefined ? "" : String(value));
