import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";

export type DecodedBody =
  | { readonly ok: true; readonly bytes: Buffer }
  /** One short sentence. */
  | { readonly ok: false; readonly reason: string };

/** More codings than anyone needs; each one multiplies the work a few bytes can cause. */
const MAX_CODINGS = 5;

/**
 * Undoes the codings of a Content-Encoding header (gzip, deflate, br, zstd) on a kept body. `cap` bounds the bytes of
 * every step; a body that would be longer is refused, not cut. `cut`: only the beginning of the body was kept, and as
 * much as it gives is decoded. Synchronous: for bodies up to a few megabytes that a check or an example needs.
 */
export const decodeBody = (
  bytes: Buffer,
  contentEncoding: string | null,
  cap: number,
  cut: boolean = false,
): DecodedBody => {
  const codings = (contentEncoding ?? "")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > MAX_CODINGS) return { ok: false, reason: `more than ${MAX_CODINGS} content encodings` };
  let decoded = bytes;
  for (const coding of codings.reverse()) {
    const step = decodeOnce(decoded, coding, cap, cut);
    if (!step.ok) return step;
    decoded = step.bytes;
  }
  return { ok: true, bytes: decoded };
};

const decodeOnce = (bytes: Buffer, coding: string, cap: number, cut: boolean): DecodedBody => {
  const decode = DECODERS.get(coding);
  if (decode === undefined) return { ok: false, reason: "unknown content encoding" };
  if (bytes.length === 0) return { ok: true, bytes };
  try {
    return { ok: true, bytes: decode(bytes, cap, cut) };
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return { ok: false, reason: tooLarge ? `decoded body larger than ${cap} bytes` : `body is not valid ${coding}` };
  }
};

type Decoder = (bytes: Buffer, cap: number, cut: boolean) => Buffer;

const zlibOptions = (cap: number, cut: boolean) => ({
  maxOutputLength: cap,
  finishFlush: cut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH,
});

const gzip: Decoder = (bytes, cap, cut) => gunzipSync(bytes, zlibOptions(cap, cut));

/** RFC 9110 8.4.1.2 means zlib's format; many servers send a bare deflate stream. Method 8 in the first byte is zlib's. */
const deflate: Decoder = (bytes, cap, cut) =>
  ((bytes[0] ?? 0) & 0x0f) === 8
    ? inflateSync(bytes, zlibOptions(cap, cut))
    : inflateRawSync(bytes, zlibOptions(cap, cut));

const brotli: Decoder = (bytes, cap, cut) =>
  brotliDecompressSync(bytes, {
    maxOutputLength: cap,
    finishFlush: cut ? constants.BROTLI_OPERATION_FLUSH : constants.BROTLI_OPERATION_FINISH,
  });

const zstd: Decoder = (bytes, cap, cut) =>
  zstdDecompressSync(bytes, {
    maxOutputLength: cap,
    finishFlush: cut ? constants.ZSTD_e_flush : constants.ZSTD_e_end,
  });

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ["gzip", gzip],
  ["x-gzip", gzip],
  ["deflate", deflate],
  ["br", brotli],
  ["zstd", zstd],
]);
