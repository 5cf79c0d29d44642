/** GitHub's own parser reads every workflow of ours: actionlint checks more, and is somebody else's reading. */
import { globSync, readFileSync } from "node:fs";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { expect, it } from "vitest";

const errorsOf = (name: string, content: string): readonly string[] =>
  parseWorkflow({ name, content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message);

const workflows = globSync(["examples/*.yml", ".github/workflows/*.yml"]).toSorted();

it.each(workflows)("%s is a workflow to GitHub", (path) => {
  expect(errorsOf(path, readFileSync(path, "utf8"))).toEqual([]);
});

it("and what is none is refused", () => {
  expect(workflows.length).toBeGreaterThan(10);
  expect(errorsOf("bad.yml", "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n")).not.toEqual([]);
});
