import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clip,
  codeSpan,
  escapeJson,
  escapeLog,
  escapeMarkdown,
  escapeMarkdownLine,
  linkTarget,
  plainText,
} from "../../../src/report/escape.ts";

/** Texts made of the pieces that are dangerous somewhere, in any order. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."`|@#&<>[]()!*_~$\\:/.-+= \t\n\r\u2028\u202E\u2066\u200B\u0000\u0007\u001b\u009b".split(""),
        ...[
          "::error::",
          "##[",
          "<!--",
          "-->",
          "<script>",
          "</details>",
          "http://",
          "www.",
          "GH-1",
          "](http://e)",
          "\u001b[31m",
          "\u001b]0;t\u0007",
          "\ud800",
          "🚀",
          "1",
          "a",
        ],
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

/** What a reader sees of escaped Markdown: backslashes and entities resolved, breaks taken out. */
const shown = (markdown: string): string =>
  markdown
    .replaceAll("&#8203;", "")
    .replace(/\\([\\`*_~[\]\-+>=#:.)])/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&#124;", "|")
    .replaceAll("&#36;", "$")
    .replaceAll("&amp;", "&");

describe("plain text", () => {
  it.each([
    ["line ends become spaces", "a\r\nb\u2028c\td", "a b c d"],
    ["colours of a terminal go", "\u001b[1;31mred\u001b[0m", "red"],
    ["so do their one-character form", "\u009b31mred", "red"],
    ["and window titles", "\u001b]0;owned\u0007text", "text"],
    ["right-to-left overrides go", "user\u202Egnp.exe\u202C", "usergnp.exe"],
    ["invisible tags go", "a\u{E0041}b", "ab"],
    ["half a character is replaced", "a\ud800b", "a\ufffdb"],
    ["other languages stay", "Größe 注文 заказ", "Größe 注文 заказ"],
  ])("%s", (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it("is one line without control or formatting characters, and plain text stays as it is", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const plain = plainText(text);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(plain.isWellFormed()).toBe(true);
        expect(plainText(plain)).toBe(plain);
      }),
    );
  });
});

describe("Markdown", () => {
  it.each([
    ["a mention notifies nobody", "@everyone", "@&#8203;everyone"],
    ["a number refers to no issue", "fixes #123", "fixes #&#8203;123"],
    ["nor does its other spelling", "gh-7", "gh-&#8203;7"],
    ["an address is no link", "http://evil.example", "http:&#8203;//evil.example"],
    ["nor without a scheme", "www.evil.example", "www&#8203;.evil.example"],
    ["a link is text", "[x](y)", "\\[x\\](y)"],
    ["a tag is text", "<script>", "&lt;script>"],
    ["a comment is text", "<!-- x", "&lt;!-- x"],
    ["a cell does not end", "a|b\\|c", "a&#124;b\\\\&#124;c"],
    ["a formula is text", "$x$", "&#36;x&#36;"],
    ["a limit stays readable", "limit <= 500ms", "limit <= 500ms"],
    ["so does a change", "21.4 ms -> 733 ms (+10% and +5ms)", "21.4 ms -> 733 ms (+10% and +5ms)"],
  ])("%s", (_, text, markdown) => {
    expect(escapeMarkdown(text)).toBe(markdown);
  });

  it("leaves no active sign behind and shows the reader the same text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = escapeMarkdown(text);
        const inactive = markdown.replace(/\\[\\`*_~[\]]/g, "\u200b").replace(/&(?:amp|lt|#124|#36|#8203);/g, "\u200b");
        expect(inactive).not.toMatch(/[`*_~[\]|$&\\\n\r]|<(?![= \d])|@(?!\u200b)|#\d|gh-\d|:\/\/|::|www\./i);
        expect(shown(markdown)).toBe(plainText(text));
      }),
    );
  });

  it.each([
    ["- item", "\\- item"],
    ["> quote", "\\> quote"],
    ["# heading", "\\# heading"],
    ["1. one", "1\\. one"],
    ["+14 %", "\\+14 %"],
    ["p50 fell", "p50 fell"],
  ])("%s at the start of a line begins no block", (text, markdown) => {
    expect(escapeMarkdownLine(text)).toBe(markdown);
  });
});

describe("code spans", () => {
  it.each([
    ["a name can be copied as it is", "p95@checkout", "`p95@checkout`"],
    ["backticks get a longer fence", "a``b`", "``` a``b` ```"],
    ["a pipe cannot stand in a code span of a table", "a|b", "<code>a&#124;b</code>"],
    ["nothing is nothing", "\u0000", ""],
  ])("%s", (_, text, markdown) => {
    expect(codeSpan(text)).toBe(markdown);
  });

  it("end where they should: no pipe, no log command, no line end, no fence inside", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = codeSpan(text);
        expect(markdown).not.toMatch(/[|\n\r]|::|##\[/);
        const [fence = ""] = markdown.match(/^`+/) ?? [];
        if (fence === "") return;
        const inside = markdown.slice(fence.length, -fence.length);
        expect([...inside.matchAll(/`+/g)].filter(([run]) => run === fence)).toEqual([]);
      }),
    );
  });
});

describe("logs and JSON", () => {
  it("a log line holds no workflow command and no control sequence", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeLog(text)).not.toMatch(/::|##\[|[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it("JSON keeps its value and holds neither", () => {
    fc.assert(
      fc.property(fc.record({ text: hostile, list: fc.array(fc.array(hostile)) }), (value) => {
        const json = escapeJson(JSON.stringify(value));
        expect(JSON.parse(json)).toEqual(value);
        expect(json).not.toMatch(/::|##\[|[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

describe("links and lengths", () => {
  it.each([
    ["https://github.com/acme/shop/actions/runs/1", "https://github.com/acme/shop/actions/runs/1"],
    ["javascript:alert(1)", null],
    ["not an address", null],
    ["https://x.example/a) [b](c", "https://x.example/a%29%20%5Bb%5D%28c"],
  ])("%s links to %s", (url, target) => {
    expect(linkTarget(url)).toBe(target);
  });

  it("cuts between characters, never through one", () => {
    expect(clip("🚀🚀🚀🚀", 3)).toBe("🚀🚀…");
    expect(clip("abc", 3)).toBe("abc");
  });
});
