/** What a signature is valid for (AWS Signature Version 4). */
export type SigningScope = { readonly service: "lambda" | "execute-api"; readonly region: string };

/** Keys that sign; never written into a record, a log or an example. */
export type AwsKeys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `null` for the keys of a user, which do not expire. */
  readonly sessionToken: string | null;
  /** Milliseconds since the epoch; `null` when they do not expire. */
  readonly expiresAt: number | null;
};

/** A request as its signature sees it. */
export type Signable = {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly path: string;
  /** The Host header that is sent, whether the user's own or the origin's. */
  readonly host: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
};

/** The headers that sign it, or why it cannot be signed. */
export type Signed =
  | { readonly kind: "signed"; readonly headers: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: "unsignable"; readonly reason: string };

/** Headers that a signature brings itself: nobody else may set them. */
export const SIGNATURE_HEADERS: readonly string[] = [
  "authorization",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-content-sha256",
];

/**
 * Service and region that a host name tells: a Lambda function URL, or an API Gateway stage with its VPC endpoints;
 * `null` for any other name, such as a custom domain. The names are those of the AWS documentation ("Invoking Lambda
 * function URLs", "Invoke REST APIs in API Gateway").
 */
export const scopeOfHost = (host: string): SigningScope | null => {
  const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  const lambda = /^[a-z0-9-]+\.lambda-url\.([a-z0-9-]+)\.on\.aws$/.exec(name)?.[1];
  if (lambda !== undefined) return { service: "lambda", region: lambda };
  const api = /\.execute-api\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/.exec(name)?.[1];
  return api === undefined ? null : { service: "execute-api", region: api };
};

/**
 * The query as its signature has to mean it: a plus sign is a blank to AWS when it reads a query and a plus sign when a
 * signature is computed literally, so that it is sent as `%20`, which both read alike (the AWS SDK for Go does the same).
 */
export const signablePath = (path: string): string => {
  const at = path.indexOf("?");
  return at < 0 ? path : path.slice(0, at) + path.slice(at).replaceAll("+", "%20");
};

/** Runs of at least so many characters are taken for a piece of a secret; shorter ones are words. */
const SHORTEST_PIECE = 12;

/**
 * Clears a target's answer of what it was sent: AWS repeats the canonical request, security token included, when a
 * signature does not match, and an example may hold a piece of it only. Signatures and hashes are 64 hexadecimal digits.
 */
export const withoutKeys = (text: string, keys: AwsKeys): string => {
  const secrets = [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken ?? ""].filter((one) => one !== "");
  return text
    .replace(/(Signature=)[0-9a-f]+/gi, "$1***")
    .replace(/[0-9a-f]{64}/gi, "***")
    .replace(/[A-Za-z0-9+/=_-]+/g, (run) => {
      const held = secrets.reduce((left, secret) => left.replaceAll(secret, "***"), run);
      const isPiece = run.length >= SHORTEST_PIECE && secrets.some((secret) => secret.includes(run));
      return isPiece ? "***" : held;
    });
};
