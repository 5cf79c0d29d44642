/**
 * Adds up what `test-project.ts` left, names what failed, and prints `N passed, N failed`. A missing file is a failure, and so is a step that
 * failed without a failing test (its number is the last argument).
 */
import { readFileSync } from "node:fs";

type Counts = { readonly passed: number; readonly failed: number; readonly names: readonly string[] };

const files = process.argv.slice(2, -1);
const failedSteps = Number(process.argv.at(-1));
const results = files.map((file): Counts => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Counts;
  } catch {
    return { passed: 0, failed: 1, names: [`${file}: no test results`] };
  }
});
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failedTests = results.reduce((sum, result) => sum + result.failed, 0);
const failed = Math.max(failedTests, failedSteps, passed === 0 ? 1 : 0);
for (const name of results.flatMap(({ names }) => names)) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
