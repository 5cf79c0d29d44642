import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ERROR_CODES } from "../../../src/errors.ts";

it("docs/errors.md has exactly one heading for every problem code", () => {
  const headings = [...readFileSync("docs/errors.md", "utf8").matchAll(/^### (.+)$/gm)].map((match) => match[1]);
  expect(headings.toSorted()).toEqual([...ERROR_CODES].toSorted());
});
