import { access, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeFiles } from "./files.ts";

const MAX_BYTES = 1024 * 1024;

/** Names of the files in a folder, with the text of those in `read`; `null` for the others and for what cannot be read. */
export const projectFiles = async (
  folder: string,
  read: readonly string[],
): Promise<Readonly<Record<string, string | null>>> => {
  const names = await readdir(folder);
  const texts = names.map(async (name): Promise<readonly [string, string | null]> => {
    if (!read.includes(name)) return [name, null];
    const file = await nodeFiles().read(join(folder, name), MAX_BYTES);
    return [name, file.kind === "text" ? file.text : null];
  });
  return Object.fromEntries(await Promise.all(texts));
};

export const exists = async (path: string): Promise<boolean> => {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
};

/** Writes a file that is not there; throws when it is. */
export const writeNew = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: "wx" });
};
