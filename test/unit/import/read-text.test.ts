import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readText } from "../../../src/adapters/node/read-text.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "swarmgate-text-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const written = async (name: string, bytes: Uint8Array | string): Promise<string> => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};
const readAll = async (path: string) => {
  const pieces: string[] = [];
  const read = await readText(path, (piece) => {
    pieces.push(piece);
    return true;
  });
  return { read, text: pieces.join("") };
};

/** Longer than two pieces, with characters of several bytes on every border. */
const LONG = "é€".repeat(600_000);

describe("reading a file piece by piece", () => {
  it("gives the text and the digest of the bytes, whatever stands on the borders", async () => {
    const { read, text } = await readAll(await written("long", LONG));
    expect(text === LONG).toBe(true);
    expect(read).toEqual({ kind: "read", digest: createHash("sha256").update(LONG).digest("hex") });
  });

  it("unpacks gzip", async () => {
    expect((await readAll(await written("packed", gzipSync(LONG)))).text === LONG).toBe(true);
  });

  it("a packed file that is cut off is refused", async () => {
    const { read } = await readAll(await written("cut.gz", gzipSync(LONG).subarray(0, 1000)));
    expect(read).toEqual({ kind: "refused", reason: "its gzip data is damaged or cut off" });
  });

  it.each(["stop", "stop.gz"])("stops when nobody wants more: %s", async (name) => {
    const path = await written(name, name === "stop" ? LONG : gzipSync(LONG));
    let pieces = 0;
    const read = await readText(path, () => {
      pieces += 1;
      return false;
    });
    expect([read.kind, pieces]).toEqual(["read", 1]);
  });

  it("bytes that are no UTF-8 become marks, an absent file is absent, a folder is refused", async () => {
    expect((await readAll(await written("latin", Uint8Array.of(0x61, 0xe9, 0x62)))).text).toBe("a\uFFFDb");
    expect((await readAll(join(folder, "nothing"))).read).toEqual({ kind: "absent" });
    await mkdir(join(folder, "dir"));
    expect((await readAll(join(folder, "dir"))).read).toMatchObject({ kind: "refused" });
  });
});
