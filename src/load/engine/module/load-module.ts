import { createHash } from "node:crypto";
import { registerHooks } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Parsed, type Problem, refused, usageProblem } from "../../../errors.ts";
import { type CheckedModule, checkModule } from "../../../scenario/check-module.ts";
import type { ModuleSource } from "../../../scenario/scenario.ts";

/** A checked module in the thread that runs it. */
export type ModuleRun = CheckedModule & {
  readonly url: string;
  /** A line for the run's log. */
  readonly log: (line: string) => void;
};

/** How long the import of a module may take, what it awaits at its top level included. */
export const IMPORT_MS = 10_000;

const API = "swarmgate/scenario";

export type LoadedModule = {
  readonly module: Parsed<CheckedModule>;
  /** Of the module and of the files of the repository that it imports. */
  readonly checksum: string;
};

/**
 * Imports a scenario module in this thread, once. Types are removed by Node itself. `swarmgate/scenario` is our own file
 * wherever the module lies, because an action is not installed beside the repository that uses it. Never rejects.
 */
export const loadModule = async (source: ModuleSource): Promise<LoadedModule> => {
  const sources = new Map<string, string>();
  // They stay: what tasks import later must be found as well. The checksum is of what was needed to begin.
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === API ? { url: source.api, shortCircuit: true } : next(specifier, context),
    load: (url, context, next) => {
      const loaded = next(url, { ...context, format: formatOf(url, source.url) ?? context.format });
      if (isOfRepository(url) && url !== source.api) sources.set(url, checksumOf(loaded.source ?? ""));
      return loaded;
    },
  });
  const file = basename(fileURLToPath(source.url));
  const module = await importBounded(source.url).then(
    (loaded) => (loaded === LATE ? refused([neverImported(file)]) : checkModule(defaultOf(loaded), file)),
    (error: unknown) => refused([importProblem(error, source.url)]),
  );
  const lines = [...sources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, checksum]) => checksum);
  return { module, checksum: checksumOf(lines.join("\n")) };
};

export const neverImported = (file: string): Problem =>
  usageProblem(
    "bad-value",
    `The import of ${file} had not ended after ${IMPORT_MS / 1000} s, or never would.`,
    "Look for a loop without an end, or for an await at the top level of the module; work belongs into setup and tasks.",
  );

const LATE = Symbol("late");

const importBounded = (url: string): Promise<unknown> => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  // A probe whose import waits for nothing ends at once; a worker of a load is kept alive by its heartbeat.
  setTimeout(() => resolve(LATE), IMPORT_MS).unref();
  return Promise.race([import(/* webpackIgnore: true */ url), promise]);
};

const defaultOf = (loaded: unknown): unknown =>
  typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : undefined;

/**
 * A scenario is an ES module whatever the package.json above it says, so that `export default` works in a repository of
 * CommonJS too; so are all TypeScript files. The rest is Node's to tell.
 */
const formatOf = (url: string, entry: string): string | null => {
  if (!isOfRepository(url)) return null;
  if (/\.m?ts$/.test(url)) return "module-typescript";
  return url === entry && url.endsWith(".js") ? "module" : null;
};

const isOfRepository = (url: string): boolean => url.startsWith("file:") && !url.includes("/node_modules/");

const checksumOf = (source: string | ArrayBuffer | NodeJS.TypedArray): string =>
  createHash("sha256")
    .update(source instanceof ArrayBuffer ? new Uint8Array(source) : source)
    .digest("hex")
    .slice(0, 16);

const importProblem = (error: unknown, url: string): Problem => {
  const path = fileURLToPath(url);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = errorText(error).replaceAll(`${dirname(path)}/`, "");
  const [, line] = /^file:\S*:(\d+)\n/.exec(error instanceof Error ? (error.stack ?? "") : "") ?? [];
  const at = line === undefined ? "" : ` in line ${line}`;
  const hint =
    code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX"
      ? "Node only removes types: write enum, namespace and parameter properties as plain JavaScript."
      : error instanceof SyntaxError
        ? "Mend the module; node --check shows the place."
        : "Mend the module; Node runs it as it is.";
  return usageProblem("bad-value", `${basename(path)} cannot be loaded${at}: ${text}.`, hint);
};

/** What was thrown, as one text. Never throws, whatever it was. */
export const errorText = (error: unknown): string => {
  try {
    if (!(error instanceof Error)) return String(error);
    return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
  } catch {
    return "something without a text";
  }
};
