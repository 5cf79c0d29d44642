/** The text without the secrets; longer ones go first, so that a secret that contains another leaves nothing behind. */
export const hideSecrets = (text: string, secrets: readonly string[]): string =>
  bySize(secrets).reduce((out, secret) => out.replaceAll(secret, MASK), text);

/** The same for a text that may have been cut off: the beginning of a secret at its end goes as well. */
export const hideCutSecrets = (text: string, secrets: readonly string[]): string => {
  const hidden = hideSecrets(text, secrets);
  const cut = Math.max(0, ...secrets.map((secret) => endLength(hidden, secret)));
  return cut === 0 ? hidden : hidden.slice(0, -cut) + MASK;
};

const MASK = "***";
/** Fewer letters than that tell nothing. */
const SHORTEST_PIECE = 4;

const bySize = (secrets: readonly string[]): readonly string[] =>
  secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);

/** How many letters at the end of the text are the beginning of the secret; 0 when they are too few. */
const endLength = (text: string, secret: string): number => {
  for (let length = Math.min(text.length, secret.length - 1); length >= SHORTEST_PIECE; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
};
