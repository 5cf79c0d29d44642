import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { type Given, quote } from "./given.ts";

/**
 * Why load must never go to this host, or `null`. Takes the `hostname` of a parsed URL, which has already turned the
 * other spellings of an address (decimal, hexadecimal, octal) into the usual one.
 * Sources: RFC 3927 and RFC 4291 (link-local), the providers' manuals for the metadata addresses.
 */
export const forbiddenHost = (hostname: string): "a link-local address" | "a metadata service" | null => {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "");
  if (METADATA.has(host)) return "a metadata service";
  if (/^169\.254\.\d+\.\d+$/.test(host) || /^fe[89ab][0-9a-f]:/.test(host)) return "a link-local address";
  return host.includes(":") ? forbiddenHost(embeddedAddress(host)) : null;
};

/** Host names, `*.example.com` for everything below a host, and a port where it is not the scheme's own. */
export const parseHosts = (given: Given): Parsed<readonly string[]> => {
  const hosts = given.text.split(/[\s,]+/).filter((host) => host !== "");
  const problems = hosts.flatMap((host) => hostProblem(given, host) ?? []);
  return problems.length === 0 ? parsed(hosts.map((host) => host.toLowerCase())) : refused(problems);
};

/** Whether a pattern of `allowed-hosts` covers the URL's host. `*.` stands for one or more labels. */
export const hostMatches = (pattern: string, url: string): boolean => {
  const { hostname, port, protocol } = new URL(url);
  const [, wanted = "", wantedPort] = /^(.*?)(?::(\d+))?$/.exec(pattern.trim().toLowerCase()) ?? [];
  const ownPort = protocol === "https:" ? "443" : "80";
  if ((wantedPort ?? ownPort) !== (port || ownPort)) return false;
  const name = bareName(hostname);
  return wanted.startsWith("*.")
    ? name.endsWith(wanted.slice(1)) && name.length > wanted.length - 1
    : name === bareName(wanted);
};

export const NEVER_SENT = "Load is never sent to link-local addresses and metadata services.";

const METADATA = new Set([
  "metadata.google.internal",
  "metadata.goog",
  "metadata",
  "instance-data.ec2.internal",
  "instance-data",
  "fd00:ec2::254",
  "fd20:ce::254",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
]);

const LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?";
const HOST = new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*(:[0-9]{1,5})?$`);

const hostProblem = (given: Given, host: string): Problem | null => {
  if (!HOST.test(host)) {
    const hint = "Write host names without scheme and path, such as api.example.com or *.example.com.";
    return usageProblem("bad-value", `${given.label} names ${quote(host)}, which is not a host.`, hint);
  }
  const reason = forbiddenHost(host.replace(/:\d+$/, ""));
  return reason && usageProblem("host-not-allowed", `${given.label} names ${host}, ${reason}.`, NEVER_SENT);
};

/** IPv4 address in the last 32 bits of an IPv6 one: mapped (::ffff:0:0/96), compatible, NAT64 (64:ff9b::/96); else empty. */
const embeddedAddress = (host: string): string => {
  const match = /^(?:::ffff:|::ffff:0:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (match === null) return "";
  const [high, low] = [Number.parseInt(match[1] ?? "", 16), Number.parseInt(match[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
};

/** Lower case and without the root's dot. */
const bareName = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, "");
