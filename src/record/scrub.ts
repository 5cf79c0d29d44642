import { hideSecrets } from "../config/hide-secrets.ts";

/** Takes secrets out of a text. The config knows the values and their encoded forms. */
export const scrubText = (input: string, secrets: readonly string[]): string => hideSecrets(input, secrets);

/** The same for every text of a plain value, keys included. Not for histograms: a mask inside base64 would ruin them. */
export const scrub = <T>(value: T, secrets: readonly string[]): T =>
  secrets.length === 0 ? value : (deepScrub(value, secrets) as T);

const deepScrub = (value: unknown, secrets: readonly string[]): unknown => {
  if (typeof value === "string") return scrubText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => deepScrub(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [scrubText(key, secrets), deepScrub(item, secrets)]),
  );
};
