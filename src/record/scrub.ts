/**
 * Takes secrets out of a text. The config knows the values (and their encoded forms); longer ones go first, so that a
 * secret that contains another leaves nothing behind.
 */
export const scrubText = (input: string, secrets: readonly string[]): string =>
  bySize(secrets).reduce((out, secret) => out.replaceAll(secret, MASK), input);

/** The same for every text of a plain value, keys included. Not for histograms: a mask inside base64 would ruin them. */
export const scrub = <T>(value: T, secrets: readonly string[]): T =>
  secrets.length === 0 ? value : (deepScrub(value, bySize(secrets)) as T);

const MASK = "***";

const bySize = (secrets: readonly string[]): readonly string[] =>
  secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);

const deepScrub = (value: unknown, secrets: readonly string[]): unknown => {
  if (typeof value === "string") return scrubText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => deepScrub(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [scrubText(key, secrets), deepScrub(item, secrets)]),
  );
};
