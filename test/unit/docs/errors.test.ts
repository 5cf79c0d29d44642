import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../../src/entry/version.ts";
import { ERROR_CODES } from "../../../src/errors.ts";

const page = readFileSync("docs/errors.md", "utf8");
const sources = globSync("src/**/*.{ts,js}")
  .filter((path) => path !== "src/errors.ts")
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

describe("problem codes", () => {
  it("docs/errors.md has exactly one heading for every code", () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map((match) => match[1]);
    expect(headings.toSorted()).toEqual([...ERROR_CODES].toSorted());
  });

  it.each([...ERROR_CODES])("%s can happen: some code says it", (code) => {
    expect(sources).toContain(code);
  });
});

it("the version that the product tells is that of the package", () => {
  expect(VERSION).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
});
