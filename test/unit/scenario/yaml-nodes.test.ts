import { describe, expect, it } from "vitest";
import { readYaml, readYamlNodes, type YamlNode } from "../../../src/config/read-yaml.ts";

const nodes = (text: string): YamlNode | null => {
  const read = readYamlNodes(text, "a.yml");
  if (!read.ok) throw new Error(read.problems[0]?.message);
  return read.value;
};
const entry = (text: string) => {
  const node = nodes(text);
  if (node?.kind !== "map") throw new Error("not a map");
  return node.entries[0]!;
};

describe("readYamlNodes", () => {
  it("knows where each key and value begins", () => {
    const node = nodes("a:\n  - b: 1\n    é: [x,\n      y]\n");
    expect(node).toMatchObject({
      at: { line: 1, column: 1 },
      entries: [
        {
          keyAt: { line: 1, column: 1 },
          value: {
            at: { line: 2, column: 3 },
            items: [
              {
                entries: [
                  { key: "b", keyAt: { line: 2, column: 5 }, value: { at: { line: 2, column: 8 } } },
                  {
                    key: "é",
                    value: { items: [{ at: { line: 3, column: 9 } }, { text: "y", at: { line: 4, column: 7 } }] },
                  },
                ],
              },
            ],
          },
        },
      ],
    });
  });

  it.each([
    ["a number", "a: 1.10", { text: "1.10", plain: true, value: 1.1 }],
    ["a number in quotes", 'a: "5"', { text: "5", plain: false, value: "5" }],
    ["true", "a: true", { text: "true", plain: true, value: true }],
    ["null", "a: ~", { text: "~", plain: true, value: null }],
    ["nothing", "a:", { text: "", plain: true, value: null }],
    ["an empty text", "a: ''", { text: "", plain: false, value: "" }],
    ["a word", "a: yes", { text: "yes", plain: true, value: "yes" }],
    ["a block", "a: |\n  5\n", { text: "5\n", plain: false, value: "5\n" }],
    ["an escape", 'a: "\\u0041\\n"', { text: "A\n", plain: false, value: "A\n" }],
    ["a key without a colon's value in braces", "{ a }", { text: "", plain: true, value: null }],
  ])("tells %s", (_, text, scalar) => {
    expect(entry(text).value).toMatchObject({ kind: "scalar", ...scalar });
  });

  it("follows an alias to the place of what it stands for", () => {
    expect(nodes("a: &x [1]\nb: *x")).toMatchObject({
      entries: [{}, { value: { kind: "list", at: { line: 1, column: 7 } } }],
    });
  });

  it("takes an empty text for null", () => {
    expect(nodes("# nothing")).toBeNull();
  });

  const bomb = [
    "l0: &l0 [x]",
    ...Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`),
  ].join("\n");
  it.each([
    ["an alias inside itself", "a: &x [*x]", "a.yml has too many aliases or levels."],
    ["a text that grows", bomb, "a.yml has too many aliases or levels."],
    ["brackets without end", "[".repeat(20_000), "a.yml has too many aliases or levels."],
    ["an alias to nothing", "a: *x", "a.yml refers to x, which stands nowhere before it."],
    ["a key twice", "a: 1\na: 2", /^a\.yml is not readable at line 2, column 1: /],
    ["a tag", "a: !secret b", /^a\.yml is not readable at line 1, column 4: /],
    ["too much", "a".repeat(300_000), "a.yml is larger than 256 KB."],
  ])("refuses %s", (_, text, says) => {
    const read = readYamlNodes(text, "a.yml");
    const message = read.ok ? "" : (read.problems[0]?.message ?? "");
    if (typeof says === "string") expect(message).toBe(says);
    else expect(message).toMatch(says);
  });

  it("refuses what the reader of the configuration refuses", () => {
    for (const text of ["a: [", "- a\nb: c", "a: 1\n---\nb: 2", "? [a]\n: 1", "a:\n\tb: 1"]) {
      expect([text, readYamlNodes(text, "a.yml").ok]).toEqual([text, readYaml(text, "a.yml").ok]);
      expect(readYaml(text, "a.yml").ok).toBe(false);
    }
  });
});
