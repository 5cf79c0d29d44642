import { quote } from "../config/given.ts";
import type { Position } from "../config/read-yaml.ts";
import { complain, type Reading } from "./reading.ts";

/** Opens a file beside the scenario; the path is relative to the working directory. Refuses more than `maxBytes`. */
export type ReadFile = (path: string, maxBytes: number) => FileRead;

export type FileRead =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "absent" }
  /** `is larger than 10 MB`. */
  | { readonly kind: "refused"; readonly reason: string };

export type FileReader = {
  readonly readFile: ReadFile;
  /** Bytes that all files of a scenario may still hold. */
  left: number;
};

export const MOST_BODY_BYTES = 10 * 1024 * 1024;
export const MOST_DATA_BYTES = 16 * 1024 * 1024;
/** Each worker holds a copy. */
export const MOST_BYTES = 32 * 1024 * 1024;

/** The bytes of a file that the scenario names, `null` after a problem. */
export const readBytes = (
  reading: Reading,
  { path, at, maxBytes }: { readonly path: string; readonly at: Position; readonly maxBytes: number },
  files: FileReader,
): Uint8Array | null => {
  const place = besideScenario(reading.fileName, path);
  if (place === null) {
    const hint = "Name a file of the repository, relative to the scenario file.";
    complain(reading, at, { says: `${quote(path)} lies outside the working directory.`, hint });
    return null;
  }
  const read = files.readFile(place, Math.min(maxBytes, files.left));
  if (read.kind === "bytes") {
    files.left -= read.bytes.length;
    return read.bytes;
  }
  const reason = read.kind === "absent" ? "does not exist" : read.reason;
  complain(reading, at, {
    code: "unreadable-file",
    says: `the file ${quote(place)} ${reason}.`,
    hint: "Paths are relative to the scenario file.",
  });
  return null;
};

/**
 * The path from the working directory. A scenario of a fork must not send files of the runner somewhere: absolute paths are
 * refused, and so is climbing out of the working directory, or out of the scenario's folder where that lies elsewhere.
 */
export const besideScenario = (fileName: string, path: string): string | null => {
  if (path === "" || /^([/\\]|[A-Za-z]:)|\0/.test(path)) return null;
  const own = fileName.split(/[/\\]/).slice(0, -1);
  const isAbsolute = /^([/\\]|[A-Za-z]:)/.test(fileName);
  const steps = own.filter((step) => step !== ".");
  const lowest = isAbsolute ? steps.length : steps.filter((step) => step === "..").length;
  for (const step of path.split(/[/\\]/)) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.length <= lowest) return null;
    else steps.pop();
  }
  return steps.join("/");
};
