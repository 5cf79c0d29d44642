/**
 * AWS Signature Version 4 recomputed from the algorithm in the AWS documentation ("Create a signed AWS API request"), with
 * nothing of the product and nothing of AWS's packages. Its own proof is a vector of AWS's published test suite.
 */
import { createHash, createHmac } from "node:crypto";

export type Received = {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

export type Expected = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly scope: string };

/** The signature that a request must carry, given the headers that it says are signed. `scope` is `region/service`. */
export const signatureOf = (request: Received, signedHeaders: readonly string[], keys: Expected): string => {
  const time = request.headers["x-amz-date"] ?? "";
  const day = time.slice(0, 8);
  const scope = `${day}/${keys.scope}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, hex(canonical(request, signedHeaders))].join("\n");
  const [region = "", service = ""] = keys.scope.split("/");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  return createHmac("sha256", key).update(toSign).digest("hex");
};

/** What is wrong with a signed request, `null` when AWS would take it. */
export const signatureFault = (request: Received, keys: Expected, now: number): string | null => {
  const { headers } = request;
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^,]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers["authorization"] ?? "",
    );
  if (match === null) return "no signature";
  const [, id, day, scope, names = "", signature] = match;
  if (id !== keys.accessKeyId) return `key ${id}`;
  if (scope !== keys.scope) return `scope ${scope}`;
  const time = headers["x-amz-date"] ?? "";
  if (time.slice(0, 8) !== day) return "another day";
  const signedAt = Date.parse(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(now - signedAt) < 10_000)) return `signed at ${time}`;
  const signed = names.split(";");
  const unsigned = Object.keys(headers).filter((name) => name.startsWith("x-amz-") && !signed.includes(name));
  if (!signed.includes("host") || unsigned.length > 0) return `not signed: ${unsigned.join(", ")}`;
  return signature === signatureOf(request, signed, keys) ? null : "wrong signature";
};

const canonical = ({ method, target, headers, body }: Received, signed: readonly string[]): string => {
  const [path = "", ...query] = target.split("?");
  const parameters = query
    .join("?")
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name, value.join("=")].map((text) => uriEncode(decodeURIComponent(text)));
    })
    .toSorted(([a = "", x = ""], [b = "", y = ""]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return [
    method,
    path
      .split("/")
      .map((segment) => uriEncode(segment))
      .join("/"),
    parameters.map((pair) => pair.join("=")).join("&"),
    ...signed.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    signed.join(";"),
    hex(body),
  ].join("\n");
};

/** Every byte but A-Z, a-z, 0-9, hyphen, full stop, underscore and tilde as %XX. */
const uriEncode = (text: string): string =>
  [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");

const hex = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
