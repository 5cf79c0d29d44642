import { hostHeader } from "../cloud/front-ends.ts";
import type { Config } from "../config/config.ts";
import { type Problem, UserError, usageProblem } from "../errors.ts";
import { type AwsKeys, SIGNATURE_HEADERS, type SigningScope, scopeOfHost, signablePath } from "../load/signing.ts";
import type { KeyChain, LambdaControl, SignHeaders, SigningAccess } from "../ports.ts";

/** What signs the requests of a run. */
export type Signing = {
  readonly scope: SigningScope;
  readonly access: SigningAccess;
  /** A readiness probe's headers with those that sign it. */
  readonly probeHeaders: (url: string, headers: Headers) => Promise<Headers>;
};

type Headers = Readonly<Record<string, string>>;

export type SigningPorts = {
  readonly keys: KeyChain;
  readonly sign: SignHeaders;
  readonly lambda: Pick<LambdaControl, "region">;
};

/**
 * Scope and keys of `sigv4`, `null` without it. Throws `UserError` when something else sets the headers of a signature,
 * when no region is known, or when there are no credentials: nothing has been sent then.
 */
export const prepareSigning = async (config: Config, ports: SigningPorts): Promise<Signing | null> => {
  if (!config.target.sigv4) return null;
  const taken = takenHeaders(config);
  if (taken.length > 0) throw new UserError(taken);
  const host = hostOf(config);
  const scope = scopeOfHost(host) ?? (await customScope(config, host, ports));
  const read = await ports.keys();
  if (read.kind !== "value") {
    const what = read.kind === "absent" ? "There are no AWS credentials." : read.reason;
    const hint = read.kind === "denied" ? read.hint : "Check that the credentials can be read, and run it again.";
    throw new UserError([
      usageProblem("credentials-missing", `sigv4 has nothing to sign with: ${lowerFirst(what)}`, hint),
    ]);
  }
  const access = { keys: read.value, read: ports.keys };
  return { scope, access, probeHeaders: probeHeaders(scope, read.value, ports) };
};

/** What signs must not stand in the record either. */
export const withSecrets = (config: Config, signing: Signing | null): Config =>
  signing === null ? config : { ...config, secrets: [...config.secrets, ...keySecrets(signing.access.keys)] };

/** Values that must not be written anywhere. */
const keySecrets = ({ accessKeyId, secretAccessKey, sessionToken }: AwsKeys): readonly string[] =>
  [accessKeyId, secretAccessKey, sessionToken ?? ""].filter((value) => value !== "");

/** A Host header tells what is behind an address, such as an API behind a VPC endpoint. */
const hostOf = ({ target }: Config): string =>
  hostHeader(target.headers) ?? new URL(target.url ?? "http://unknown.invalid").host;

/** A domain of the user's own leads to API Gateway: function URLs have no such domains. */
const customScope = async (config: Config, host: string, { lambda }: SigningPorts): Promise<SigningScope> => {
  const region = config.aws.region ?? (await lambda.region());
  if (region !== null && region !== "") return { service: "execute-api", region };
  const message = `sigv4 needs a region to sign for, and the host ${host} names none.`;
  throw new UserError([usageProblem("missing-value", message, "Set aws-region, or AWS_REGION in the environment.")]);
};

const takenHeaders = ({ target, scenario }: Config): readonly Problem[] => {
  const sequences = scenario === null ? [] : [scenario.setup, ...scenario.tasks, scenario.teardown];
  const steps = sequences.flatMap((sequence) => sequence.steps);
  const ofSteps = steps.flatMap((step) =>
    step.kind === "request" && step.origin === null ? step.headers.map((header) => header.name) : [],
  );
  const names = new Set([...Object.keys(target.headers), ...ofSteps].map((name) => name.toLowerCase()));
  return SIGNATURE_HEADERS.filter((name) => names.has(name)).map((name) =>
    usageProblem(
      "conflicting-values",
      `sigv4 and a header ${name} are both given, and the signature sets that header itself.`,
      `Leave out the header ${name}, or sigv4.`,
    ),
  );
};

const probeHeaders =
  (scope: SigningScope, keys: AwsKeys, { sign }: SigningPorts): Signing["probeHeaders"] =>
  async (url, headers) => {
    const { host, pathname, search } = new URL(url);
    const sent = { host: hostHeader(headers) ?? host, headers: Object.entries(headers) };
    const request = { method: "GET", path: signablePath(pathname + search), ...sent, body: null };
    const signed = await sign(request, scope, keys);
    return signed.kind === "signed" ? { ...headers, ...Object.fromEntries(signed.headers) } : headers;
  };

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
