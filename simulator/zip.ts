/** A zip archive of small texts, stored without compression: seeds artifacts for tests. */
import { crc32 } from "node:zlib";

/** The archive of `files`, by name. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const shared = sharedFields(content, name.length);
    const local = Buffer.concat([uint32(0x04034b50), shared, name, content]);
    // Version made by; then what the local header has; comment length, disk, attributes, and where the entry starts.
    directory.push(Buffer.concat([uint32(0x02014b50), uint16(20), shared, Buffer.alloc(10), uint32(offset), name]));
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = Buffer.concat([uint16(bodies.length), uint16(bodies.length)]);
  const end = [uint32(0x06054b50), uint32(0), count, uint32(central.length), uint32(offset), uint16(0)];
  return Buffer.concat([...bodies, central, ...end]);
}

/** Version needed, flags (UTF-8 names), method 0, time, date, checksum, both sizes, length of name and extra field. */
function sharedFields(content: Buffer, nameLength: number): Buffer {
  const size = uint32(content.length);
  const times = Buffer.concat([uint16(0), uint16(0x21)]);
  const head = [uint16(20), uint16(0x0800), uint16(0), times];
  return Buffer.concat([...head, uint32(crc32(content)), size, size, uint16(nameLength), uint16(0)]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
