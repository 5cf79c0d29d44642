import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Files } from "../../ports.ts";

/** The file system. Reading stops at the bound whatever the file says about its size; writing replaces in one step. */
export const nodeFiles = (): Files => ({ read: readBounded, write: replaceFile });

const readBounded: Files["read"] = async (path, maxBytes) => {
  try {
    // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return { kind: "refused", reason: "it is not a file" };
      const bytes = await readUpTo(handle, maxBytes + 1);
      if (bytes.length > maxBytes) return { kind: "refused", reason: `it is larger than ${maxBytes} bytes` };
      return decode(bytes);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return { kind: "absent" };
    return { kind: "refused", reason: `the system says ${codeOf(error) ?? String(error)}` };
  }
};

/** A file may grow while it is read, so the bound is on what comes, not on what `stat` says. */
const readUpTo = async (handle: FileHandle, most: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < most) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(1 << 20, most - total)));
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks);
};

const decode = (bytes: Buffer): Awaited<ReturnType<Files["read"]>> => {
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { kind: "refused", reason: "it is not UTF-8 text" };
  }
};

const replaceFile: Files["write"] = async (path, content) => {
  await mkdir(dirname(path), { recursive: true });
  // Beside the target: a rename is one step only within one file system.
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeFile(beside, content, { flag: "wx" });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
};

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
