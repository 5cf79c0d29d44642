import { expect, it } from "vitest";
import { compare, historyOf, resolve } from "../../../simulator/github/commit-graph.ts";

// a - b - d - f (main, d merges c)      c - e (feature)      x: unrelated
const graph = {
  commits: [
    { sha: "aaaaaaaa", parents: [] },
    { sha: "bbbbbbbb", parents: ["aaaaaaaa"] },
    { sha: "cccccccc", parents: ["aaaaaaaa"] },
    { sha: "dddddddd", parents: ["bbbbbbbb", "cccccccc"] },
    { sha: "eeeeeeee", parents: ["cccccccc"] },
    { sha: "ffffffff", parents: ["dddddddd"] },
    { sha: "xxxxxxxx", parents: [] },
  ],
  branches: { main: "ffffffff", "feature/e": "eeeeeeee" },
};
const named = (name: string) => resolve(graph, name) ?? expect.fail(`no ${name}`);
const letters = (commits: readonly { readonly sha: string }[]) => commits.map(({ sha }) => sha[0]).join("");

it("resolves branches, full and abbreviated SHAs, and nothing else", () => {
  expect(letters([named("main"), named("refs/heads/feature/e"), named("bbbbbbbb"), named("ccccccc")])).toBe("febc");
  expect(resolve(graph, "cccc")).toBeUndefined();
});

it("lists history newest first, through both parents", () => {
  expect(letters(historyOf(graph, named("main")))).toBe("fdcba");
});

it.each([
  { base: "main", head: "feature/e", mergeBase: "c", ahead: "e", behind: "bdf" },
  { base: "feature/e", head: "main", mergeBase: "c", ahead: "bdf", behind: "e" },
  { base: "bbbbbbbb", head: "main", mergeBase: "b", ahead: "cdf", behind: "" },
])("compares $base...$head", ({ base, head, mergeBase, ahead, behind }) => {
  const result = compare(graph, named(base), named(head)) ?? expect.fail("no comparison");
  expect([letters([result.mergeBase]), letters(result.ahead), letters(result.behind)]).toEqual([
    mergeBase,
    ahead,
    behind,
  ]);
});

it("finds no comparison without a common commit", () => {
  expect(compare(graph, named("main"), named("xxxxxxxx"))).toBeUndefined();
});
