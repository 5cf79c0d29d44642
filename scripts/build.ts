/**
 * Builds `dist/`: tsc's JavaScript, then one ncc bundle per entry. ncc never sees TypeScript (its loader does not know
 * TypeScript 7), and the worker is a bundle of its own because ncc does not follow `new Worker(file)`.
 *
 *   node scripts/build.ts            writes dist/
 *   node scripts/build.ts --check    builds beside it and fails when dist/ differs
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const ENTRIES = [
  { from: "lib/src/entry/action.js", to: "" },
  { from: "lib/src/entry/cli.js", to: "cli" },
  { from: "lib/src/load/engine/worker.js", to: "worker" },
  { from: "lib/simulator/main.js", to: "simulator" },
];

const run = (command: string, args: readonly string[]): void => {
  execFileSync(join("node_modules", ".bin", command), args, { stdio: ["ignore", "ignore", "inherit"] });
};

const build = (out: string): void => {
  rmSync("lib", { recursive: true, force: true });
  run("tsc", ["-p", "tsconfig.build.json"]);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const entry of ENTRIES) {
    run("ncc", ["build", entry.from, "-o", join(out, entry.to), "-m", "--license", "licenses.txt", "--no-cache"]);
  }
  // What scenario modules import as swarmgate/scenario: no bundle, because it imports nothing, and so are its types.
  mkdirSync(join(out, "scenario"));
  for (const end of ["js", "d.ts"]) {
    copyFileSync(join("lib", "src", "scenario", `define.${end}`), join(out, "scenario", `index.${end}`));
  }
  copyFileSync(join(out, "worker", "package.json"), join(out, "scenario", "package.json"));
  refuseAssets(out);
  // The launcher is plain old JavaScript on purpose: it must run far enough under any Node to say that it is too old.
  copyFileSync("src/entry/launcher.js", join(out, "cli.js"));
};

/**
 * ncc turns path expressions that it can evaluate into references to assets, with the name of this folder in them: such a
 * bundle works here and nowhere else.
 */
const refuseAssets = (out: string): void => {
  const found = globSync(`${out}/**/*.js`).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/.{60}\.ab\s*\+.{60}/g)].map(([text]) => `${path}: ${text}`),
  );
  if (found.length > 0) throw new Error(`ncc took a path for an asset of this machine:\n${found.join("\n")}`);
};

/** Names of files that are in one folder only or differ. */
const differences = (a: string, b: string): readonly string[] => {
  const list = (dir: string) =>
    globSync("**/*", { cwd: dir, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  const names = new Set([...list(a), ...list(b)]);
  const read = (dir: string, name: string): string | null => {
    try {
      return readFileSync(join(dir, name), "base64");
    } catch {
      return null;
    }
  };
  return [...names].filter((name) => read(a, name) !== read(b, name)).sort();
};

if (process.argv.includes("--check")) {
  const out = mkdtempSync(join(tmpdir(), "swarmgate-dist-"));
  build(out);
  const changed = differences("dist", out);
  rmSync(out, { recursive: true });
  for (const name of changed)
    console.error(`dist/${name} is not what the sources build: npm run build, then commit dist/`);
  console.log(`dist: ${changed.length === 0 ? "up to date" : `${changed.length} files differ`}`);
  process.exitCode = changed.length === 0 ? 0 : 1;
} else {
  build("dist");
}
