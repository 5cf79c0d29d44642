/**
 * Runs one of vitest's projects for CI and leaves its counts, and what failed, in `.tmp/PROJECT.json` for `count-tests.ts`.
 *
 *   node scripts/test-project.ts PROJECT [--again]
 *
 * With `--again` the files that failed are run once more, and their second result counts: real sockets, threads and time
 * on a machine that others use too. Both are in the log.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

type FileResult = {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
};

const [project = "unit", again] = process.argv.slice(2);

/** `null` when vitest left no result at all. */
const run = (files: readonly string[]): readonly FileResult[] | null => {
  const out = `.tmp/${project}.run.json`;
  rmSync(out, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${out}`];
  spawnSync("vitest", ["run", "--project", project, ...reporters, ...files], { stdio: "inherit" });
  try {
    return (JSON.parse(readFileSync(out, "utf8")) as { testResults: readonly FileResult[] }).testResults;
  } catch {
    return null;
  }
};

const count = (file: FileResult, status: string): number =>
  file.assertionResults.filter((test) => test.status === status).length;
const hasFailed = (file: FileResult): boolean => file.status !== "passed" || count(file, "failed") > 0;
const failedTests = (file: FileResult): readonly string[] => {
  const path = relative(".", file.name);
  const names = file.assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
  return names.length === 0 ? [path] : names.map((name) => `${path}: ${name}`);
};

const first = run([]) ?? [];
const failed = first.filter(hasFailed).map(({ name }) => name);
if (again === "--again" && failed.length > 0) console.log(`== ${project} tests, once more: ${failed.length} files`);
const second = again === "--again" && failed.length > 0 ? (run(failed) ?? []) : [];
const last = first.map((file) => second.find(({ name }) => name === file.name) ?? file);

writeFileSync(
  `.tmp/${project}.json`,
  JSON.stringify({
    passed: last.reduce((sum, file) => sum + count(file, "passed"), 0),
    // A file that could not even be read has no tests.
    failed: last.reduce((sum, file) => sum + Math.max(count(file, "failed"), hasFailed(file) ? 1 : 0), 0),
    names: last.filter(hasFailed).flatMap(failedTests),
  }),
);
process.exitCode = last.length > 0 && !last.some(hasFailed) ? 0 : 1;
