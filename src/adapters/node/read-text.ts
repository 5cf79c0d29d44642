import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { ReadText } from "../../ports.ts";

const PIECE = 1 << 20;
/** What a packed file may unpack to; nothing is kept, so this bounds time only. */
const MOST_BYTES = 16 * 2 ** 30;

/** Reads a file of any size in pieces; one that begins like gzip is unpacked on the way. */
export const readText: ReadText = async (path, onText) => {
  try {
    // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) return { kind: "refused", reason: "it is not a file" };
      const hash = createHash("sha256");
      await readPieces(handle, hash, onText);
      return { kind: "read", digest: hash.digest("hex") };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    return { kind: "refused", reason: reasonOf(code, error) };
  }
};

const reasonOf = (code: unknown, error: unknown): string => {
  if (typeof code === "string" && code.startsWith("Z_")) return "its gzip data is damaged or cut off";
  return typeof code === "string" ? `the system says ${code}` : String(error);
};

const readPieces = async (handle: FileHandle, hash: Hash, onText: (piece: string) => boolean): Promise<void> => {
  const magic = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const isPacked = magic.bytesRead === 2 && magic.buffer[0] === 0x1f && magic.buffer[1] === 0x8b;
  // Anything but UTF-8 becomes a mark that no number and no JSON survives: the line that holds it is named then.
  const decoder = new TextDecoder("utf-8");
  const reading = { stopped: false };
  const take = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    let total = 0;
    for await (const piece of pieces) {
      total += piece.length;
      if (total > MOST_BYTES) throw new Error(`it unpacks to more than ${MOST_BYTES} bytes`);
      if (onText(decoder.decode(piece, { stream: true }))) continue;
      reading.stopped = true;
      return;
    }
    onText(decoder.decode());
  };
  if (!isPacked) return await take(bytesOf(handle, hash));
  await pipeline(Readable.from(bytesOf(handle, hash)), createGunzip(), take).catch((error: unknown) => {
    // A pipeline whose last part has enough calls the others cut off.
    if (!reading.stopped) throw error;
  });
};

async function* bytesOf(handle: FileHandle, hash: Hash): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(PIECE), 0, PIECE, at);
    if (bytesRead === 0) return;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    at += bytesRead;
    yield piece;
  }
}
