import { type Address, addressOf } from "./connect.ts";

export type ProxyServer = Address & {
  readonly origin: string;
  /** TLS to the proxy itself. */
  readonly secure: boolean;
  /** Value of Proxy-Authorization, or `null`. */
  readonly authorization: string | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The URL of the proxy for an origin, as curl and Go read HTTP_PROXY, HTTPS_PROXY and NO_PROXY: lower case first, one
 * variable per scheme, an entry of NO_PROXY means the host and everything below it, with a port only that port, `*`
 * everything. The machine itself is never asked for through a proxy.
 */
export const proxyFor = (origin: string, env: Environment): string | null => {
  const { address, secure } = addressOf(origin);
  const proxy = secure ? read(env, "https_proxy") : read(env, "http_proxy");
  if (proxy === null || isLoopback(address.hostname)) return null;
  return entriesOf(read(env, "no_proxy")).some((entry) => excludes(entry, address)) ? null : withScheme(proxy);
};

/** `null` for what is not the URL of an HTTP proxy. */
export const readProxy = (text: string): ProxyServer | null => {
  if (!URL.canParse(text)) return null;
  const { protocol, origin, username, password } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return null;
  const { address, secure } = addressOf(origin);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    origin,
    ...address,
    secure,
    authorization: username === "" ? null : `Basic ${Buffer.from(credentials).toString("base64")}`,
  };
};

const read = (env: Environment, name: string): string | null => {
  const value = (env[name] ?? env[name.toUpperCase()] ?? "").trim();
  return value === "" ? null : value;
};

/** `proxy.example:3128` is short for a proxy spoken to in the clear. */
const withScheme = (proxy: string): string => (proxy.includes("://") ? proxy : `http://${proxy}`);

const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

const entriesOf = (list: string | null): readonly string[] =>
  (list ?? "")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "");

const excludes = (entry: string, { hostname, port }: Address): boolean => {
  if (entry === "*") return true;
  const parts = /^(.*?)(?::(\d+))?$/.exec(entry);
  const isAddress = entry.split(":").length > 2;
  const name = (isAddress ? entry : (parts?.[1] ?? "")).replace(/^\*?\./, "").replace(/^\[|\]$/g, "");
  const onlyPort = isAddress ? undefined : parts?.[2];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  return name !== "" && (hostname === name || hostname.endsWith(`.${name}`));
};
