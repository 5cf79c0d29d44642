import { forbiddenHost } from "../config/hosts.ts";

/** The first of a name's addresses to which nothing may be sent, and what it is; `null` when all are fine. */
export const refusedAddress = (
  addresses: readonly string[],
): { readonly address: string; readonly what: string } | null => {
  for (const address of addresses) {
    const what = forbiddenHost(asInUrl(address));
    if (what !== null) return { address, what };
  }
  return null;
};

/** Resolvers write the same address in several ways (`::ffff:169.254.0.1`, `fe80::1%eth0`), URLs in one. */
const asInUrl = (address: string): string => {
  const plain = address.replace(/%.*$/, "");
  const url = plain.includes(":") ? `http://[${plain}]/` : `http://${plain}/`;
  return URL.canParse(url) ? new URL(url).hostname : plain;
};
