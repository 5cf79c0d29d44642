import { forbiddenHost, hostMatches, NEVER_SENT } from "../config/hosts.ts";
import { type Problem, usageProblem } from "../errors.ts";

export type HostRules = {
  /** URLs that the workflow or the deployment itself names; their hosts are allowed. */
  readonly given: readonly string[];
  /** `allowed-hosts`: `api.example.com`, `*.example.com`, `localhost:8080`. Without a port the scheme's own is meant. */
  readonly allowed: readonly string[];
};

/**
 * `null` when load may be sent there. Addresses that hand out credentials (cloud metadata) and link-local ones are refused
 * whoever names them; other hosts must be given or allowed. Judges what stands in the URL, not what a name resolves to.
 */
export const checkHost = (url: string, { given, allowed }: HostRules): Problem | null => {
  const { hostname, host, protocol } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:")
    return problem(`The scheme of ${host || "the URL"} is ${protocol.slice(0, -1)}`, "Give an http or https URL.");
  const forbidden = forbiddenHost(hostname);
  if (forbidden !== null) return problem(`${host} is ${forbidden}`, NEVER_SENT);
  if (given.some((other) => new URL(other).host === host)) return null;
  if (allowed.some((pattern) => hostMatches(pattern, url))) return null;
  return problem(
    `${host} is neither named in the workflow nor part of the deployment`,
    "Add it to allowed-hosts if load may be sent there.",
  );
};

const problem = (what: string, hint: string): Problem => usageProblem("host-not-allowed", `${what}.`, hint);
