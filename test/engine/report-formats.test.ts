import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { record } from "../golden/fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "swarmgate-formats-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CLI = new URL("../../src/entry/cli.ts", import.meta.url).pathname;
writeFileSync(join(folder, "run.json"), JSON.stringify(record()));

const report = (...flags: readonly string[]): { readonly status: number | null; readonly stdout: string } =>
  spawnSync(process.execPath, [CLI, "report", "run.json", ...flags], { cwd: folder, encoding: "utf8" });

test.each([
  ["locust-csv", /^Type,Name,Request Count,/],
  ["k6-summary", /^\{\n {4}"root_group"/],
  ["influx", /^swarmgate_second,name=load,/],
  ["prometheus", /^# HELP swarmgate_run_info /],
])("report --format %s writes to stdout", (format, beginning) => {
  const { status, stdout } = report("--format", format);
  expect(status).toBe(0);
  expect(stdout).toMatch(beginning);
});

test("Locust's other files stand beside the one that is named", () => {
  expect(report("--format", "locust-csv", "--out", "main_stats.csv")).toMatchObject({ status: 0, stdout: "" });
  expect(readdirSync(folder).toSorted()).toEqual([
    "main_failures.csv",
    "main_stats.csv",
    "main_stats_history.csv",
    "run.json",
  ]);
  expect(readFileSync(join(folder, "main_stats.csv"), "utf8")).toBe(report("--format", "locust-csv").stdout);
});
