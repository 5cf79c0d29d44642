import { createHash } from "node:crypto";
import type { GithubClient } from "./client.ts";

export type Download =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly reason: string };

const DOWNLOAD_TIMEOUT_MS = 60_000;

/**
 * Gets the bytes behind an address that GitHub signed. The bound holds while they come: a Content-Length is only a
 * claim.
 */
export const downloadBounded = async (client: GithubClient, url: string, maxBytes: number): Promise<Download> => {
  for (let failed = 0; ; failed += 1) {
    const download = await downloadOnce(client, url, maxBytes);
    if (download.kind !== "lost") return download;
    if (failed === RETRIES) return { kind: "refused", reason: download.reason };
    await client.pause();
  }
};

const RETRIES = 2;

/** `lost`: the storage failed, and may not fail the next time. */
type Attempt = Download | { readonly kind: "lost"; readonly reason: string };

const downloadOnce = async (client: GithubClient, url: string, maxBytes: number): Promise<Attempt> => {
  const cut = new AbortController();
  const signal = AbortSignal.any([cut.signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]);
  try {
    const response = await client.fetchSigned(url, signal);
    if (response.status !== 200 || response.body === null)
      return { kind: response.status >= 500 ? "lost" : "refused", reason: `its storage said ${response.status}` };
    const bytes = await collect(response.body, maxBytes);
    return bytes === null ? { kind: "refused", reason: tooLarge(maxBytes) } : { kind: "bytes", bytes };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { kind: "lost", reason: `it could not be downloaded (${cause})` };
  } finally {
    cut.abort();
  }
};

export const tooLarge = (maxBytes: number): string => `it is larger than ${maxBytes} bytes`;

/** Whether the bytes are those whose digest GitHub told, as `sha256:<hex>`. */
export const matchesDigest = (bytes: Uint8Array, digest: string): boolean =>
  digest.toLowerCase() === `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

const collect = async (body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> => {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
