/**
 * Adds up vitest's JSON results and prints `N passed, N failed`. A missing result file is a failure, and so is a step
 * that failed without a failing test (its number is the last argument).
 */
import { readFileSync } from "node:fs";

type Result = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
};

const files = process.argv.slice(2, -1);
const failedSteps = Number(process.argv.at(-1));
const results = files.map((file): Result => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Result;
  } catch {
    console.error(`${file}: no test results`);
    return { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0 };
  }
});
const passed = results.reduce((sum, result) => sum + result.numPassedTests, 0);
const failedTests = results.reduce((sum, r) => sum + Math.max(r.numFailedTests, Math.sign(r.numFailedTestSuites)), 0);
const failed = Math.max(failedTests, failedSteps, passed === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
