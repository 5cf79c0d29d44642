import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../../src/entry/version.ts";
import { CATALOGUE } from "../../../src/errors/catalogue.ts";
import { ERROR_CODES } from "../../../src/errors.ts";

const page = readFileSync("docs/errors.md", "utf8");
const sources = globSync("src/**/*.{ts,js}")
  .filter((path) => path !== "src/errors.ts" && path !== "src/errors/catalogue.ts")
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

describe("problem codes", () => {
  it("docs/errors.md has exactly one heading for every code, with what to do", () => {
    const headings = [...page.matchAll(/^### (.+)\n\n(?!#).+\n\n\*\*What to do:\*\* .+$/gm)].map((match) => match[1]);
    expect(headings.toSorted()).toEqual([...ERROR_CODES].toSorted());
  });

  it.each([...ERROR_CODES])("%s can happen: some code says it", (code) => {
    expect(sources).toContain(code);
  });

  it("every code that is said is in the catalogue", () => {
    const said = [...sources.matchAll(/(?:usageProblem\(\s*|\bcode: )"([a-z]+(?:-[a-z]+)+)"/g)].map(
      ([, code = ""]) => code,
    );
    expect(said.length).toBeGreaterThan(50);
    expect(said.filter((code) => !(code in CATALOGUE))).toEqual([]);
  });

  it("each entry is made of whole sentences", () => {
    for (const { meaning, mend } of Object.values(CATALOGUE)) {
      expect(meaning).toMatch(/^[A-Z`s].*\.$/);
      expect(mend).toMatch(/^[A-Z`].*\.$/);
    }
  });

  it("no link of the page leads nowhere", () => {
    const anchors = [...page.matchAll(/\]\(#([a-z-]+)\)/g)].map((match) => match[1] ?? "");
    expect(anchors.length).toBeGreaterThan(5);
    for (const anchor of anchors) expect(ERROR_CODES).toContain(anchor);
  });
});

it("the version that the product tells is that of the package", () => {
  expect(VERSION).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
});
