import { expect, test } from "vitest";
import { printableLine } from "../../../src/load/printable.ts";

test.each([
  ["plain text", "plain text", "stays as it is"],
  ['{"message":\r\n"Internal\tError"}\n', '{"message": "Internal Error"}', "line ends and tabs become a space"],
  ["a\u001b[31mred\u0000b", "a [31mred b", "no terminal colours, no zero bytes"],
  ["safe\u202etxt.exe", "safe txt.exe", "no marks that turn the reading direction"],
  ["a\u2028b\u2029c", "a b c", "no Unicode line ends"],
  ["Größe 東京 🦆", "Größe 東京 🦆", "any script"],
  ["", "", "nothing"],
])("%# %s", (text, line) => {
  expect(printableLine(text)).toBe(line);
});

test("is at most 200 characters long", () => {
  expect(printableLine("x".repeat(5000))).toBe("x".repeat(200));
});
