/** Where the answer names its commit, and which commit it has to be. */
export type CommitRule = {
  readonly kind: "header" | "json";
  /** Header name, or JSON pointer (RFC 6901). */
  readonly at: string;
  readonly sha: string;
};

/** Git's own shortest abbreviation; fewer characters prove nothing. */
const MIN_LENGTH = 7;

/**
 * Proof that the answer comes from this commit: `null`, or one clause about what is wrong. Either side may be abbreviated,
 * to seven characters at least.
 */
export const checkCommit = (
  rule: CommitRule,
  answer: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): string | null => {
  const found = rule.kind === "header" ? headerValue(answer.headers, rule.at) : jsonValue(answer.body, rule.at);
  const place = rule.kind === "header" ? `header ${rule.at}` : `JSON field ${rule.at}`;
  if (found === null) return `it answers without a commit in the ${place}`;
  const seen = found.trim().toLowerCase();
  if (isSameCommit(seen, rule.sha.trim().toLowerCase())) return null;
  // The value comes from outside: it is shown only where it can be nothing but a SHA.
  const shown = /^[0-9a-f]{1,64}$/.test(seen) ? seen.slice(0, 12) : "something that is no commit";
  return `it still answers with ${shown} in the ${place}, not ${rule.sha.slice(0, 12)}`;
};

const isSameCommit = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= MIN_LENGTH && (a.startsWith(b) || b.startsWith(a));

const headerValue = (headers: Readonly<Record<string, string>>, name: string): string | null =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? null;

const jsonValue = (body: string, pointer: string): string | null => {
  const found = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(memberOf, parseJson(body));
  return typeof found === "string" ? found : null;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
