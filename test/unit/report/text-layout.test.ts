import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainText } from "../../../src/report/escape.ts";
import { cutMiddles, cutToWidth, renderTextTable, textWidth, wrap } from "../../../src/text-layout.ts";

const NAMES = [
  "",
  "x".repeat(70),
  "עגלת קניות",
  "商品の検索",
  "हिन्दी",
  "a b",
  "e\u0301\u0301",
  "\u0301x",
  "! \u{116ab}!",
];
const text = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: "binary", maxLength: 30 }).map(plainText));

describe("text on a terminal", () => {
  it("a table has a line a row and is never too wide, whatever the cells hold", () => {
    const column = fc.record({
      title: fc.constantFrom("verdict", "p50"),
      align: fc.constantFrom("left", "right"),
      cells: fc.array(text, { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 20, max: 200 }),
        (columns, width) => {
          const lines = renderTextTable(
            columns.map((one, index) => ({ ...one, worth: index })),
            width,
          );
          expect(lines).toHaveLength(5);
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
      { examples: [[[{ title: "p50", align: "left", cells: ["! \u{116ab}!", "", "a", ""] }], 80]] },
    );
  });

  it("wrapped lines fit and lose nothing", () => {
    // Without blanks first: a mark at the beginning of a word combines with the sign before it.
    const signs = (said: string): string => said.replace(/\s+/g, "").normalize("NFC");
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: 22, max: 120 }), (words, width) => {
        const lines = wrap(words.join(" "), width, "- ");
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(signs(lines.map((line) => line.slice(2)).join(""))).toBe(signs(words.join(" ")));
      }),
    );
  });

  it("what is cut fits", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 60 }), (said, width) => {
        expect(textWidth(cutToWidth(said, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("texts without their middles fit, and different ones stay different", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), fc.integer({ min: 6, max: 60 }), (texts, width) => {
        const cut = cutMiddles(texts, width);
        for (const one of cut) expect(textWidth(one)).toBeLessThanOrEqual(width);
        expect(new Set(cut).size).toBe(new Set(texts).size);
      }),
    );
    expect(cutMiddles(["the first of them all", "the first of us all"], 9)).toEqual(["the … all", "the…all~2"]);
  });

  it.each([
    [
      "an emoji family is its members",
      "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} cart",
      "\u{1f468}\u{1f469}\u{1f467} cart",
      11,
    ],
    ["a flag of tags is its flag", "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}", "\u{1f3f4}", 2],
    ["Hindi without joiners", "\u0915\u094d\u200d\u0937", "\u0915\u094d\u0937", 1],
  ])("%s: the width is that of what is shown", (_, name, shown, width) => {
    expect([plainText(name), textWidth(plainText(name))]).toEqual([shown, width]);
    const column = (cells: readonly string[]) => ({ title: "", align: "left" as const, worth: 1, cells });
    const lines = renderTextTable([column([plainText(name), "x"]), column(["|", "|"])], 80);
    expect(lines.slice(1).map((line) => textWidth(line.slice(0, line.indexOf("|"))))).toEqual([width + 2, width + 2]);
  });
});
