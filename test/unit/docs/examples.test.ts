/** What every workflow in examples/ promises; test/e2e/examples.test.ts plays them. */
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkWorkflow } from "../../../src/config/check-workflow.ts";
import { INPUTS } from "../../../src/config/inputs.ts";
import { readWorkflow } from "../../../src/config/workflow-file.ts";

type Step = { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> };
type Job = { readonly "timeout-minutes"?: number; readonly permissions?: unknown; readonly steps: readonly Step[] };

const files = globSync("examples/*.yml").toSorted();
const pages = globSync(["README.md", "docs/*.md"]).map((path) => readFileSync(path, "utf8"));
const built = new Set(INPUTS.flatMap((row) => (row.built ? [row.name, ...(row.aliases ?? [])] : [])));

it("there are examples", () => expect(files.length).toBeGreaterThan(8));

describe.each(files)("%s", (path) => {
  const text = readFileSync(path, "utf8");
  const workflow: { readonly permissions: unknown; readonly jobs: Readonly<Record<string, Job>> } = parse(text);
  const jobs = Object.values(workflow.jobs);

  it("gives the workflow no right, each job its own, and a reason for each", () => {
    expect(workflow.permissions).toEqual({});
    expect(jobs.filter((job) => job.permissions === undefined)).toEqual([]);
    const lines = text.split("\n").filter((line) => /^ {6}[a-z-]+: (read|write)\b/.test(line));
    expect(lines.filter((line) => !/ # \S.{9,}/.test(line))).toEqual([]);
  });

  it("bounds the time of every job", () => {
    expect(jobs.filter((job) => job["timeout-minutes"] === undefined)).toEqual([]);
  });

  it("uses only inputs that are built", () => {
    const ours = jobs.flatMap(({ steps }) => steps).filter(({ uses }) => uses?.startsWith("swarmgate/"));
    expect(ours.flatMap((step) => Object.keys(step.with ?? {})).filter((name) => !built.has(name))).toEqual([]);
  });

  it("never runs a pull request's code with the base branch's rights", () => {
    expect(Object.keys(parse(text).on)).not.toContain("pull_request_target");
  });

  it("puts nothing that strangers write into a shell", () => {
    const scripts = [...text.matchAll(/run: (?:\|\n((?: {10}.*\n)+)|(.*))/g)].map(
      ([, block, line]) => block ?? line ?? "",
    );
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  it("has nothing that doctor would find", () => {
    const findings = checkWorkflow(path, readWorkflow(workflow), false);
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
  });

  it("is linked from a page", () => {
    expect(pages.some((page) => page.includes(`examples/${basename(path)}`))).toBe(true);
  });
});
