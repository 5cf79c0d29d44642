import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { type AwsKeys, SIGNATURE_HEADERS, type Signable, type Signed, type SigningScope } from "../../signing.ts";

/** Signs at a time in milliseconds since the epoch. */
export type SignRequest = (request: Signable, now: number) => Promise<Signed>;

/**
 * AWS Signature Version 4 by AWS's own package, the key of the day kept by it. Signed are the host, the content type and
 * every `x-amz-` header: what a proxy on the way may change is left out. Nothing is waited for, so that a signature is
 * there before the loop turns.
 */
export const signer = (scope: SigningScope, keys: AwsKeys): SignRequest => {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const signature = new SignatureV4({
    ...scope,
    sha256: Sha256,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) },
  });
  return async ({ method, path, host, headers, body }, now) => {
    const parts = readPath(path);
    if (parts === null) return { kind: "unsignable", reason: "its path or query is not UTF-8" };
    const own = headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => isSigned(name));
    const signed = await signature.sign(
      {
        method,
        protocol: "https:",
        hostname: host,
        ...parts,
        headers: { ...Object.fromEntries(own), host },
        ...(body === null ? {} : { body }),
      },
      { signingDate: new Date(now) },
    );
    return {
      kind: "signed",
      headers: Object.entries(signed.headers).filter(([name]) => SIGNATURE_HEADERS.includes(name)),
    };
  };
};

const isSigned = (name: string): boolean =>
  (name === "content-type" || name.startsWith("x-amz-")) && !SIGNATURE_HEADERS.includes(name);

type Parts = { readonly path: string; readonly query: Record<string, string[]> };

/** The path as it is sent, the query decoded: the package encodes both. `null` when that would not give the same back. */
const readPath = (text: string): Parts | null => {
  const [path = "", ...rest] = text.split("?");
  if (/[^\x21-\x7e]/.test(text)) return null;
  const query = new Map<string, string[]>();
  for (const part of rest.join("?").split("&")) {
    if (part === "") continue;
    const [name = "", ...value] = part.split("=");
    const key = decoded(name);
    const held = decoded(value.join("="));
    if (key === null || held === null) return null;
    query.set(key, [...(query.get(key) ?? []), held]);
  }
  return { path, query: Object.fromEntries(query) };
};

/** A per cent sign that begins no code stands for itself. */
const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
  } catch {
    return null;
  }
};

/** Node's own hash in the shape that the package asks for; state demands a class. */
class Sha256 {
  #hash: Hash | Hmac;
  readonly #secret: Bytes | undefined;

  constructor(secret?: Bytes) {
    this.#secret = secret;
    this.#hash = begin(secret);
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = begin(this.#secret);
  }
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

const begin = (secret: Bytes | undefined): Hash | Hmac =>
  secret === undefined ? createHash("sha256") : createHmac("sha256", keyOf(secret));

const keyOf = (secret: Bytes): string | Uint8Array => {
  if (typeof secret === "string") return secret;
  if (secret instanceof ArrayBuffer) return new Uint8Array(secret);
  return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
};
