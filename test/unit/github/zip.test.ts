import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { zipOf } from "../../../simulator/zip.ts";
import { readZipEntry } from "../../../src/adapters/github/zip.ts";

const CAP = 10_000;
const CONTENT = JSON.stringify({ schema: "swarmgate.run-record/v1", padding: "x".repeat(500) });

type Lie = {
  readonly name?: string;
  readonly localName?: string;
  readonly size?: number;
  readonly packedSize?: number;
  readonly checksum?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly offset?: number;
};

/** A deflated archive of one entry, each of whose facts may be a lie. */
const deflated = (content: string, lie: Lie = {}): Buffer => {
  const packed = deflateRawSync(content);
  const name = Buffer.from(lie.name ?? "run.json");
  const localName = Buffer.from(lie.localName ?? lie.name ?? "run.json");
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(localName.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(lie.flags ?? 0, 8);
  entry.writeUInt16LE(lie.method ?? 8, 10);
  entry.writeUInt32LE(lie.checksum ?? crc32(content), 16);
  entry.writeUInt32LE(lie.packedSize ?? packed.length, 20);
  entry.writeUInt32LE(lie.size ?? Buffer.byteLength(content), 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(lie.offset ?? 0, 42);
  const body = Buffer.concat([local, localName, packed]);
  return Buffer.concat([body, entry, name, endRecord(1, entry.length + name.length, body.length)]);
};

const endRecord = (count: number, size: number, offset: number): Buffer => {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
};

const textOf = (archive: Uint8Array, name = "run.json"): string => {
  const entry = readZipEntry(archive, name, CAP);
  return entry.kind === "bytes" ? new TextDecoder().decode(entry.bytes) : entry.kind;
};

describe("a good archive", () => {
  test.each([
    ["deflated", deflated(CONTENT)],
    ["stored", zipOf({ "run.json": CONTENT })],
    ["with other entries before and after", zipOf({ "a.txt": "a", "run.json": CONTENT, "z.txt": "z" })],
    [
      "with a view that starts in the middle of a buffer",
      Buffer.concat([Buffer.alloc(7), deflated(CONTENT)]).subarray(7),
    ],
  ])("%s", (_, archive) => {
    expect(textOf(archive)).toBe(CONTENT);
  });

  test("with a comment at its end", () => {
    const archive = deflated(CONTENT);
    archive.writeUInt16LE(5, archive.length - 2);
    expect(textOf(Buffer.concat([archive, Buffer.from("hello")]))).toBe(CONTENT);
  });

  test("with an empty file", () => {
    expect(textOf(deflated(""))).toBe("");
  });

  test("without the file that was asked for", () => {
    expect(readZipEntry(zipOf({ "other.json": "{}" }), "run.json", CAP)).toEqual({ kind: "absent" });
  });
});

describe("only the exact name is read", () => {
  test.each(["../run.json", "a/../run.json", "/run.json", "./run.json", "RUN.JSON", "run.json\0"])("not %j", (name) => {
    expect(readZipEntry(zipOf({ [name]: CONTENT }), "run.json", CAP)).toEqual({ kind: "absent" });
  });
});

describe("a bad archive is refused with a reason", () => {
  const zip64 = deflated(CONTENT);
  zip64.writeUInt16LE(0xffff, zip64.length - 22 + 10);
  const split = deflated(CONTENT);
  split.writeUInt16LE(1, split.length - 22 + 4);

  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "no zip archive"],
    ["text", Buffer.from("not a zip archive at all, but long enough to be one"), "no zip archive"],
    ["a bomb that tells its size", deflated("0".repeat(5_000_000)), "unpacks to 5000000 bytes, at most 10000"],
    ["a bomb that lies about its size", deflated("0".repeat(5_000_000), { size: 9_999 }), "more than it tells"],
    ["one that tells more than it holds", deflated(CONTENT, { size: 9_999 }), "not the one it tells"],
    ["a wrong checksum", deflated(CONTENT, { checksum: 1 }), "checksum"],
    ["zip64 in the end record", zip64, "zip64"],
    ["zip64 in an entry", deflated(CONTENT, { packedSize: 0xffffffff }), "zip64"],
    ["zip64 in an offset", deflated(CONTENT, { offset: 0xffffffff }), "zip64"],
    ["a split archive", split, "split"],
    ["an encrypted entry", deflated(CONTENT, { flags: 1 }), "encrypted"],
    ["an unknown method", deflated(CONTENT, { method: 12 }), "unknown way"],
    ["an entry that points elsewhere", deflated(CONTENT, { offset: 3 }), "damaged"],
    ["an entry that points outside", deflated(CONTENT, { offset: 1_000_000 }), "cut short"],
    ["an entry longer than the archive", deflated(CONTENT, { packedSize: 60_000 }), "cut short"],
    ["a local name that differs", deflated(CONTENT, { localName: "evil.json" }), "damaged"],
    ["a damaged body", damaged(deflated(CONTENT)), "cannot be unpacked"],
    ["the name twice", twice(), "2 times"],
  ])("%s", (_, archive, reason) => {
    expect(readZipEntry(archive, "run.json", CAP)).toEqual({
      kind: "refused",
      reason: expect.stringContaining(reason),
    });
  });

  test("cut anywhere", () => {
    const archive = deflated(CONTENT);
    for (let end = 0; end < archive.length; end += 1) {
      expect(readZipEntry(archive.subarray(0, end), "run.json", CAP).kind, `cut at ${end}`).toBe("refused");
    }
  });

  test("cut at its start", () => {
    expect(readZipEntry(deflated(CONTENT).subarray(10), "run.json", CAP).kind).toBe("refused");
  });
});

function damaged(archive: Buffer): Buffer {
  archive.fill(0xff, 38, 48);
  return archive;
}

function twice(): Buffer {
  return Buffer.from(
    zipOf({ "run.json": "1", "run.jsoN": "2" }).toString("latin1").replaceAll("run.jsoN", "run.json"),
    "latin1",
  );
}
