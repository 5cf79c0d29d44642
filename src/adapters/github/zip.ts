import { crc32, inflateRawSync } from "node:zlib";

export type ZipEntry =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Takes one named file out of an archive of unknown origin, in memory and bounded: nothing is written, no other entry is
 * unpacked, and neither a size that is told nor one that comes may exceed `maxBytes`. Layout: APPNOTE.TXT 6.3.10,
 * sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end).
 */
export const readZipEntry = (archive: Uint8Array, name: string, maxBytes: number): ZipEntry => {
  const zip = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  try {
    const matching = directoryOf(zip).filter((entry) => entry.name === name);
    const [entry, double] = matching;
    if (entry === undefined) return { kind: "absent" };
    if (double !== undefined) throw new ZipError(`it holds ${name} ${matching.length} times`);
    return { kind: "bytes", bytes: unpack(zip, entry, maxBytes) };
  } catch (error) {
    return { kind: "refused", reason: reasonOf(error) };
  }
};

class ZipError extends Error {
  override readonly name = "ZipError";
}

type Entry = {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly localHeader: number;
};

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_SIZE = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_SIZE = 30;
/** Our archives hold one file. */
const MAX_ENTRIES = 1_000;
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffffffff;
const ENCRYPTED = 0x0001;
const STORED = 0;
const DEFLATED = 8;

const directoryOf = (zip: Buffer): readonly Entry[] => {
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  const start = zip.readUInt32LE(end + 16);
  if (count === IN_ZIP64_16 || start === IN_ZIP64_32) throw new ZipError("it is in zip64 format");
  if (zip.readUInt16LE(end + 4) !== 0 || zip.readUInt16LE(end + 8) !== count) throw new ZipError("it is split");
  if (count > MAX_ENTRIES) throw new ZipError(`it holds ${count} files`);
  const entries: Entry[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const { entry, size } = entryAt(zip, at);
    entries.push(entry);
    at += size;
  }
  return entries;
};

/** The end record stands last, before a comment whose length it tells; anything else is not the end. */
const endOf = (zip: Buffer): number => {
  const first = Math.max(0, zip.length - END_SIZE - 0xffff);
  for (let at = zip.length - END_SIZE; at >= first; at -= 1) {
    if (zip.readUInt32LE(at) === END_SIGNATURE && at + END_SIZE + zip.readUInt16LE(at + 20) === zip.length) return at;
  }
  throw new ZipError("it is no zip archive, or its end is missing");
};

const entryAt = (zip: Buffer, at: number): { readonly entry: Entry; readonly size: number } => {
  if (zip.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new ZipError("its directory is damaged");
  const nameLength = zip.readUInt16LE(at + 28);
  const size = ENTRY_SIZE + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  const entry = {
    name: textOf(zip, at + ENTRY_SIZE, nameLength),
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    checksum: zip.readUInt32LE(at + 16),
    packed: zip.readUInt32LE(at + 20),
    unpacked: zip.readUInt32LE(at + 24),
    localHeader: zip.readUInt32LE(at + 42),
  };
  return { entry, size };
};

const unpack = (zip: Buffer, entry: Entry, maxBytes: number): Uint8Array => {
  if ([entry.packed, entry.unpacked, entry.localHeader].includes(IN_ZIP64_32))
    throw new ZipError("it is in zip64 format");
  if ((entry.flags & ENCRYPTED) !== 0) throw new ZipError("it is encrypted");
  if (entry.unpacked > maxBytes)
    throw new ZipError(`it unpacks to ${entry.unpacked} bytes, at most ${maxBytes} are read`);
  const bytes = inflate(packedBytes(zip, entry), entry);
  if (bytes.length !== entry.unpacked) throw new ZipError("its size is not the one it tells");
  if (crc32(bytes) !== entry.checksum) throw new ZipError("its checksum is wrong");
  return bytes;
};

const packedBytes = (zip: Buffer, { name, localHeader, packed }: Entry): Buffer => {
  if (zip.readUInt32LE(localHeader) !== LOCAL_SIGNATURE) throw new ZipError("its directory is damaged");
  const nameLength = zip.readUInt16LE(localHeader + 26);
  if (textOf(zip, localHeader + LOCAL_SIZE, nameLength) !== name) throw new ZipError("its directory is damaged");
  const start = localHeader + LOCAL_SIZE + nameLength + zip.readUInt16LE(localHeader + 28);
  if (start + packed > zip.length) throw new ZipError("it is cut short");
  return zip.subarray(start, start + packed);
};

/** The told size bounds what may come, so that a header that lies costs no memory. */
const inflate = (packed: Buffer, { method, unpacked }: Entry): Uint8Array => {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new ZipError(`it is packed in an unknown way (${method})`);
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, unpacked) });
};

const textOf = (zip: Buffer, start: number, length: number): string => {
  if (start + length > zip.length) throw new ZipError("it is cut short");
  return zip.toString("utf8", start, start + length);
};

const reasonOf = (error: unknown): string => {
  if (error instanceof ZipError) return error.message;
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "ERR_BUFFER_TOO_LARGE") return "it unpacks to more than it tells";
  return code === "ERR_OUT_OF_RANGE" ? "it is cut short" : "it cannot be unpacked";
};
