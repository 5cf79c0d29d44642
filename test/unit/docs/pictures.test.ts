import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { expect, it } from "vitest";

const PAGES = ["README.md", ...globSync("docs/**/*.md")];
const shown = PAGES.flatMap((page) => [
  ...readFileSync(page, "utf8").matchAll(/\[[^\]]+\]\(((?:docs\/)?img\/[\w-]+\.png)\)/g),
]);
const files = shown.map(([, path = ""]) => (path.startsWith("docs/") ? path : `docs/${path}`));

it("every picture in README and docs is there, with words for who cannot see it", () => {
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) expect([file, existsSync(file)]).toEqual([file, true]);
});

it("no picture is kept that no page shows, and together they are small", () => {
  const kept = globSync("docs/img/*.png");
  expect(kept.filter((file) => !files.includes(file))).toEqual([]);
  expect(kept.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(1_200_000);
});
