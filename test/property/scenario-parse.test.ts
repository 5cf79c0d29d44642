import fc from "fast-check";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { readCsv } from "../../src/scenario/csv.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { readRegex } from "../../src/scenario/regex-text.ts";
import { filesOf } from "../unit/scenario/scenario-source.ts";

const readText = (text: string) =>
  readScenario({
    text,
    fileName: "load/o.yml",
    env: { A: "x" },
    users: 3,
    readFile: filesOf({ "load/a.csv": "b,c\n1,2\n3,4\n5,6" }),
  });

/** Words of the grammar, so that the parser is reached beyond its first line. */
const WORDS = [
  ..."variables data headers setup tasks teardown file as pick name weight steps query json form body expect capture".split(
    " ",
  ),
  ..."timeout follow wait get post head status header time regex exists equals unique a.csv a /x {{a}} {{a.b}} constant(1)".split(
    " ",
  ),
  ...`\${A} \${B} 201 5s true null {{random.uuid}} {{random.int(1,2)}} https://a.example/x`.split(" "),
  "",
];
const word = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium" },
    word,
    fc.integer(),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(word, tie("tree"), { maxKeys: 5 }),
  ),
}));

it("readScenario answers every text, with a place for everything that is wrong", () => {
  const text = fc.oneof(
    tree.map((scenario) => stringify({ scenario })),
    fc.array(tree, { minLength: 1, maxLength: 3 }).map((tasks) => stringify({ scenario: { tasks } })),
    fc
      .dictionary(fc.constantFrom("get", "json", "expect", "capture", "headers", "query", "steps", "form"), tree)
      .map((task) => stringify({ scenario: { variables: { a: 1 }, tasks: [{ get: "/", ...task }] } })),
    fc.string({ unit: "binary" }),
    fc.array(word).map((words) => words.join(": ")),
  );
  fc.assert(
    fc.property(text, (source) => {
      const read = readText(source);
      if (read.ok) {
        expect(structuredClone(read.value)).toEqual(read.value);
        return;
      }
      expect(read.problems.length).toBeGreaterThan(0);
      for (const { message } of read.problems) {
        expect(message).toMatch(
          /^load\/o\.yml(, line \d+, column \d+: | is not readable at line \d+, column \d+: | has too many| refers to )/,
        );
        expect(message).not.toMatch(/[\r\n]/);
      }
    }),
    { numRuns: 400 },
  );
});

it("readCsv gives back what was written, and answers every text", () => {
  const rows = fc.array(
    fc.array(fc.string({ unit: fc.constantFrom("a", " ", '"', ",", "\n", "\r", "é") }), { minLength: 2, maxLength: 4 }),
  );
  fc.assert(
    fc.property(rows, fc.constantFrom("\n", "\r\n"), (values, end) => {
      const text = values.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join(end);
      expect(readCsv(text)).toMatchObject({ ok: true, rows: values });
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r") }), (text) => {
      const read = readCsv(text);
      expect(read.ok || read.says.length > 0).toBe(true);
    }),
  );
});

it("a regular expression that is taken ends soon on a hostile text", () => {
  const piece = fc.constantFrom(
    "a",
    "a+",
    "a*",
    "(a)",
    "(a+)",
    "(a|b)",
    "+",
    "*",
    "?",
    "{2,3}",
    "(",
    ")",
    "[ab]",
    "|",
    "a{1,9}",
    "$",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const read = readRegex(pieces.join(""));
      // Exponential time would already be felt here: 2 to the 40th steps.
      if (read.ok) new RegExp(read.regex.source).exec(`${"a".repeat(40)}!`);
    }),
    { numRuns: 500 },
  );
});
