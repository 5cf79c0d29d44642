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
    const signs = (said: string): string => said.normalize("NFC").replace(/\s+/g, "");
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
});
