import { describe, expect, it } from "vitest";
import { readYaml } from "../../../src/config/read-yaml.ts";

describe("readYaml", () => {
  it.each([
    ["keeps a number as it is written", "a: 1.10", { a: "1.10" }],
    ["keeps what looks like a boolean", "a: true", { a: "true" }],
    ["takes an empty text for null", "", null],
    ["resolves an alias", "a: &x 1\nb: *x", { a: "1", b: "1" }],
    ["keeps lines of a block", "a: |\n  b: 1\n  c: 2\n", { a: "b: 1\nc: 2\n" }],
  ])("%s", (_, text, value) => {
    expect(readYaml(text, "gate.yml")).toEqual({ ok: true, value });
  });

  it.each([
    ["the same key twice", "a: 1\nb:\n  c: 1\n  c: 2", /^gate\.yml is not readable at line 4, column 3: .*unique.*\.$/],
    ["a bracket that never closes", "a: [1", /line 1, column \d+/],
    ["a tag", "a: !!binary abc", /line 1, column \d+/],
    ["a tag of one's own", "a: !secret abc", /line 1, column \d+/],
    ["a second document", "a: 1\n---\nb: 2", /line \d/],
    ["a list as a key", "? [a]\n: 1", /line 1, column \d+/],
    ["a tab as indentation", "a:\n\tb: 1", /line 2, column \d+/],
    ["an alias to nothing", "a: *x", /^gate\.yml refers to x, which stands nowhere before it\.$/],
    ["a text that grows when its aliases are followed", bomb(), /^gate\.yml has too many aliases or levels\.$/],
    ["brackets without end", "[".repeat(20_000), /^gate\.yml has too many aliases or levels\.$/],
    ["a text beyond its bound", "a".repeat(300_000), /^gate\.yml is larger than 256 KB\.$/],
  ])("refuses %s with its place", (_, text, sentence) => {
    const read = readYaml(text, "gate.yml");
    expect(read).toMatchObject({ ok: false, problems: [{ code: "unreadable-file", severity: "usage" }] });
    expect(read.ok ? "" : read.problems[0]?.message).toMatch(sentence);
  });
});

/** Each line refers to the one before nine times: nine to the ninth values. */
function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`);
  return ["l0: &l0 [x]", ...lines].join("\n");
}
