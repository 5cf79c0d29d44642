import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeFiles } from "../../../src/adapters/node/files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "swarmgate-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const files = nodeFiles();
const at = (name: string): string => join(folder, name);

describe("reading", () => {
  test("gives the text, up to the bound exactly", async () => {
    await writeFile(at("a"), "grün");
    expect(await files.read(at("a"), 5)).toEqual({ kind: "text", text: "grün" });
    expect(await files.read(at("a"), 4)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("larger than 4"),
    });
  });

  test.each([["nothing"], ["a/b"]])("%s is absent", async (name) => {
    await writeFile(at("a"), "");
    expect(await files.read(at(name), 9)).toEqual({ kind: "absent" });
  });

  test("refuses a folder, a device and what is not text", async () => {
    await mkdir(at("folder"));
    await writeFile(at("binary"), Buffer.from([0xff, 0xfe]));
    expect(await files.read(at("folder"), 9)).toMatchObject({ kind: "refused" });
    expect(await files.read("/dev/zero", 9)).toMatchObject({ kind: "refused" });
    expect(await files.read(at("binary"), 9)).toEqual({ kind: "refused", reason: "it is not UTF-8 text" });
  });
});

describe("writing", () => {
  test("makes folders, replaces, and leaves nothing beside", async () => {
    await files.write(at("deep/er/run.json"), "old");
    await files.write(at("deep/er/run.json"), "new");
    expect(await files.read(at("deep/er/run.json"), 9)).toEqual({ kind: "text", text: "new" });
    expect(await readdir(at("deep/er"))).toEqual(["run.json"]);
  });

  test("that fails leaves nothing beside either", async () => {
    await mkdir(at("run.json"));
    await writeFile(at("run.json/x"), "");
    await expect(files.write(at("run.json"), "new")).rejects.toThrow();
    expect(await readdir(folder)).toEqual(["run.json"]);
  });
});
