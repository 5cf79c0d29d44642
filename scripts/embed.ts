/**
 * Writes `src/report/html/page-assets.ts`: the script and the style of the HTML report as text, with the hashes that its
 * policy names. The report's code reads no file and hashes nothing, so both are made here and committed.
 *
 *   npm run embed              writes it
 *   npm run embed -- --check   fails when it is stale
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { Script } from "node:vm";

const root = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const TARGET = "src/report/html/page-assets.ts";
const PAGE = "src/report/html/page";

/** JavaScript of one file as a block of its own: its names meet no others. Only types are imported, and they go. */
const pageBlock = (path: string): string => {
  const code = stripTypeScriptTypes(read(path))
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
  if (/^\s*(import|export)\b/m.test(code)) throw new Error(`${path} imports or exports more than types`);
  return `{\n${code}\n}`;
};

const blocks = (folder: string): string => {
  const pages = globSync(`${folder}/*.ts`, { cwd: root.pathname }).sort();
  return `(() => {\n"use strict";\n${pages.map(pageBlock).join("\n")}\n})();`;
};

const script = (): string => {
  const text = [
    `/*! uPlot, https://github.com/leeoniya/uPlot\n${read("node_modules/uplot/LICENSE").trim()} */`,
    read("node_modules/uplot/dist/uPlot.iife.min.js").trim(),
    blocks(PAGE),
  ].join("\n");
  return checked(text);
};

/** Stands behind the report's own script in the live page. */
const liveScript = (): string => checked(blocks(`${PAGE}/live`));

const checked = (text: string): string => {
  // The end tag would end the element, and an opening comment hides it from the HTML parser.
  if (/<\/script|<!--/i.test(text)) throw new Error("the page's script holds what cannot stand in a script element");
  new Script(text);
  return text;
};

/** In the order of the cascade: what narrow screens and paper need comes last. */
const STYLES = ["text", "tables", "drawings", "parts", "media"];

const style = (): string => {
  const own = STYLES.map((name) => read(`${PAGE}/${name}.css`).trim());
  return checkedStyle([read("node_modules/uplot/dist/uPlot.min.css").trim(), ...own].join("\n"));
};

const liveStyle = (): string => checkedStyle(read(`${PAGE}/live/live.css`).trim());

const checkedStyle = (text: string): string => {
  if (/<\/style/i.test(text)) throw new Error("the page's style holds an end tag");
  return text;
};

const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

const formatted = (input: string): string =>
  execFileSync(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "format", `--stdin-file-path=${TARGET}`], {
    cwd: root,
    input,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });

const assets = (): string => {
  const [code, look, live, liveLook] = [script(), style(), liveScript(), liveStyle()];
  return formatted(
    [
      "/** Made by scripts/embed.ts from page/ and uPlot (MIT); do not edit. */",
      `export const PAGE_SCRIPT = ${JSON.stringify(code)};`,
      `export const PAGE_SCRIPT_HASH = ${JSON.stringify(hash(code))};`,
      `export const PAGE_STYLE = ${JSON.stringify(look)};`,
      `export const PAGE_STYLE_HASH = ${JSON.stringify(hash(look))};`,
      `export const LIVE_SCRIPT = ${JSON.stringify(live)};`,
      `export const LIVE_SCRIPT_HASH = ${JSON.stringify(hash(live))};`,
      `export const LIVE_STYLE = ${JSON.stringify(liveLook)};`,
      `export const LIVE_STYLE_HASH = ${JSON.stringify(hash(liveLook))};`,
      "",
    ].join("\n"),
  );
};

const readOrEmpty = (path: string): string => {
  try {
    return read(path);
  } catch {
    return "";
  }
};

const fresh = assets();
const stale = readOrEmpty(TARGET) !== fresh;
if (process.argv.includes("--check")) {
  console.log(`${TARGET}: ${stale ? "stale, npm run embed" : "up to date"}`);
  process.exitCode = stale ? 1 : 0;
} else {
  writeFileSync(new URL(TARGET, root), fresh);
  console.log(`${TARGET}: ${stale ? "written" : "was up to date"}, ${Math.round(fresh.length / 1000)} kB`);
}
