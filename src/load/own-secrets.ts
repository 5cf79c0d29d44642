import { hideCutSecrets } from "../config/hide-secrets.ts";
import { formsOf, SHORTEST_SECRET } from "../config/secret-forms.ts";
import { secretsOf } from "../config/secrets.ts";

/**
 * Clears the example of a failure of what its own request carried: no configuration knows a token that was captured a
 * moment ago, or the header that a module made up. `headers` are names and values in turn, `captured` what the user holds.
 */
export const withoutOwn = (
  text: string,
  { headers, captured }: { readonly headers: readonly string[]; readonly captured: readonly unknown[] },
): string => {
  const held = captured.filter((value) => typeof value === "string" && value.length >= SHORTEST_SECRET);
  const secrets = [
    ...secretsOf({ headers: namedHeaders(headers), rawHeaders: "", rawUrls: [], token: null, env: {} }),
    ...held.map(String).flatMap(formsOf),
  ];
  return secrets.length === 0 ? text : hideCutSecrets(text, secrets);
};

const namedHeaders = (flat: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    flat.flatMap((name, at) => (at % 2 === 0 && !FRAMING.test(name) ? [[name, flat[at + 1] ?? ""]] : [])),
  );

/** What every request has. */
const FRAMING = /^(connection|content-length|transfer-encoding)$/i;
