/** Programs from Debian's or Ubuntu's archive, unpacked into a folder: nothing is installed on the machine or started. */
import { existsSync, globSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Program, runOrThrow } from "../process.ts";

const LIMIT_S = 180;
const FOLDERS = ["usr/bin", "usr/sbin"] as const;

export type DebianProgram = { readonly name: string; readonly package: string };

/** How to run a program of the system's own, else of an unpacked package. Throws one sentence when there is neither. */
export const debianProgram = async (wanted: DebianProgram, folder: string): Promise<Program> => {
  const system = systemPath(wanted.name);
  if (system !== null) return { file: system, args: [] };
  const home = resolve(folder, `debian-${wanted.package}`);
  const unpacked = (): string | undefined => FOLDERS.map((at) => join(home, "root", at, wanted.name)).find(existsSync);
  if (unpacked() === undefined) await unpack(wanted.package, home);
  const file = unpacked();
  if (file === undefined) throw new Error(`the package ${wanted.package} has no program ${wanted.name}`);
  const libraries = globSync(join(home, "root", "usr", "lib", "*-linux-*"));
  return { file, args: [], env: { LD_LIBRARY_PATH: libraries.join(":") } };
};

const unpack = async (name: string, home: string): Promise<void> => {
  mkdirSync(join(home, "archives", "partial"), { recursive: true });
  mkdirSync(join(home, "root"), { recursive: true });
  // Download only, without the system's lock: this needs no root and changes nothing outside the folder.
  const options = ["-o", `Dir::Cache::archives=${join(home, "archives")}`, "-o", "Debug::NoLocking=1"];
  const args = ["install", "--yes", "--no-install-recommends", "--download-only", ...options, name];
  await runOrThrow({ file: "apt-get", args }, LIMIT_S);
  for (const archive of globSync(join(home, "archives", "*.deb"))) {
    await runOrThrow({ file: "dpkg-deb", args: ["-x", archive, join(home, "root")] }, LIMIT_S);
  }
};

const systemPath = (name: string): string | null =>
  [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin"]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(existsSync) ?? null;
