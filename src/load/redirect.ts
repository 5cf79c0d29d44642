import { forbiddenHost, hostMatches } from "../config/hosts.ts";

/** Beyond this many hops a target leads in circles. */
export const MOST_HOPS = 10;
const FOLLOWED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export const isRedirect = (status: number): boolean => FOLLOWED.has(status);

/** Where a redirect leads, or the sentence why it is not followed. */
export type Hop =
  | {
      readonly kind: "follow";
      readonly url: URL;
      readonly method: string;
      readonly keepsBody: boolean;
    }
  | { readonly kind: "stay"; readonly reason: string };

/**
 * The next hop of a redirect that is to be followed (RFC 9110 section 15.4): 303 becomes GET, so does a POST at 301 and
 * 302, as every client does it. Another origin must be in `allowedHosts`; the caller leaves its headers behind there.
 */
export const nextHop = (answer: {
  readonly status: number;
  readonly location: string | null;
  readonly from: URL;
  readonly method: string;
  readonly target: string;
  readonly allowedHosts: readonly string[];
}): Hop => {
  const { status, location, from, method } = answer;
  if (location === null) return { kind: "stay", reason: "a redirect without a location" };
  if (!URL.canParse(location, from.href)) return { kind: "stay", reason: "a redirect to no URL" };
  const url = new URL(location, from);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { kind: "stay", reason: `a redirect to the scheme ${url.protocol.slice(0, -1)}` };
  }
  if (url.origin !== answer.target && !mayGo(url, answer.allowedHosts)) {
    return { kind: "stay", reason: `a redirect to ${url.host}, which is not in allowed-hosts` };
  }
  const becomesGet = (status === 303 && method !== "HEAD") || (status < 303 && method === "POST");
  return { kind: "follow", url, method: becomesGet ? "GET" : method, keepsBody: !becomesGet };
};

const mayGo = (url: URL, allowed: readonly string[]): boolean =>
  forbiddenHost(url.hostname) === null && allowed.some((pattern) => hostMatches(pattern, url.href));
