/**
 * Takes the pictures of `docs/img`: the comment of each verdict and the job summary as GitHub shows them (its own style
 * sheet, Mermaid drawn), the HTML report on a wide and a narrow screen, and the closing summary of a terminal. They show
 * the cases of the golden files, so they change when the words do.
 *
 *   npm run pictures           those that README and docs show; needs Chromium (CHROMIUM_PATH) and a font with emoji
 *   npm run pictures -- DIR    all of them into another folder, to be looked at
 */
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";
import { marked } from "marked";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { htmlReport } from "../src/entry/html-report.ts";
import { commentMarker, renderComment, renderSummary } from "../src/report/markdown.ts";
import { buildReport } from "../src/report/model.ts";
import { renderTerminal } from "../src/report/terminal.ts";
import { startChromium } from "../test/browser/chromium.ts";
import { CASES } from "../test/golden/cases.ts";
import { record } from "../test/golden/fixtures.ts";
import { palettePng } from "./palette-png.ts";

const ROOT = new URL("../", import.meta.url);
const ELSEWHERE = process.argv[2];
const FOLDER = ELSEWHERE === undefined ? new URL("docs/img/", ROOT) : pathToFileURL(`${resolvePath(ELSEWHERE)}/`);
const resolve = createRequire(import.meta.url).resolve;
const text = (module: string): string => readFileSync(resolve(module), "utf8");

type Name = keyof typeof CASES;
type Picture = { readonly name: string; readonly html: string; readonly width: number; readonly dark?: boolean };

/** What the pages of the repository show. */
const shownInDocs = (): ReadonlySet<string> => {
  const pages = globSync(["README.md", "docs/**/*.md"], { cwd: ROOT.pathname });
  const names = pages.flatMap((page) => [...readFileSync(new URL(page, ROOT), "utf8").matchAll(/img\/([\w-]+)\.png/g)]);
  return new Set(names.map(([, name = ""]) => name));
};

/** One case for each verdict (`inconclusive` has two faces), and one for each other way to measure. */
const COMMENTS: readonly Name[] = [
  "pass",
  "improved",
  "warn",
  "fail",
  "neutral",
  "suspected",
  "invalid",
  "no-baseline",
  "paired",
  "sharded",
  "imported",
];
const COMMENT_WIDTH = 900;

const model = (name: Name) => buildReport(CASES[name]);

const onGithub = async (markdown: string): Promise<string> =>
  `<!doctype html><meta charset="utf-8"><style>${text("github-markdown-css/github-markdown.css")}
  body { margin: 0; padding: 12px; } .markdown-body { padding: 16px 20px; border: 1px solid #d0d7de; border-radius: 8px; }
  </style><article class="markdown-body">${await marked.parse(markdown, { gfm: true })}</article>`;

const COLOURS: Readonly<Record<string, string>> = { 31: "#ff7b72", 32: "#56d364", 33: "#e3a03c", 36: "#76e3ea" };

const ESCAPE = String.fromCharCode(0x1b);
const span = (code: string): string => (code === "0" ? "</b>" : `<b style="color: ${COLOURS[code] ?? "inherit"}">`);

const inTerminal = (output: string): string => {
  const safe = output.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const painted = safe
    .split(ESCAPE)
    .map((part, index) => (index === 0 ? part : part.replace(/^\[(\d+)m/, (_, code: string) => span(code))))
    .join("");
  return `<!doctype html><meta charset="utf-8"><style>body { margin: 0; background: #0d1117; }
  pre { margin: 0; padding: 16px; width: 80ch; box-sizing: content-box; color: #e6edf3;
  font: 14px/1.35 "DejaVu Sans Mono", monospace; }</style><pre>${painted}</pre>`;
};

const pictures = async (): Promise<readonly Picture[]> => {
  const marker = commentMarker("load");
  const comments = COMMENTS.map(async (name) => ({
    name: `comment-${name}`,
    html: await onGithub(renderComment(model(name), { marker })),
    width: COMMENT_WIDTH,
  }));
  const report = htmlReport(model("fail"), CASES.fail.record);
  const passing = htmlReport(model("pass"), CASES.pass.record ?? record());
  const paired = htmlReport(model("paired"), CASES.paired.record);
  return [
    ...(await Promise.all(comments)),
    { name: "summary-fail", html: await onGithub(renderSummary(model("fail"))), width: COMMENT_WIDTH },
    { name: "report-1400-light", html: report, width: 1400 },
    { name: "report-1400-dark", html: passing, width: 1400, dark: true },
    { name: "report-390-light", html: passing, width: 390 },
    { name: "report-390-dark", html: report, width: 390, dark: true },
    { name: "report-paired", html: paired, width: 1400 },
    {
      name: "terminal-80",
      html: inTerminal(renderTerminal(model("fail"), { width: 80, rows: null, colour: true })),
      width: 720,
    },
  ];
};

/** Of a phone's page the documentation shows the beginning. */
const PHONE_SHOWN = 1500;

/** GitHub draws Mermaid blocks itself. */
const drawMermaid = async (page: Page): Promise<void> => {
  if ((await page.locator("code.language-mermaid").count()) === 0) return;
  await page.addScriptTag({ content: text("@mermaid-js/tiny/dist/mermaid.tiny.js") });
  await page.evaluate(`(async () => {
    for (const [index, block] of document.querySelectorAll("code.language-mermaid").entries()) {
      block.innerHTML = (await mermaid.render("chart" + index, block.textContent)).svg;
    }
  })()`);
  await page.addStyleTag({ content: "code.language-mermaid svg { max-width: 100% !important; height: auto; }" });
};

const take = async (browser: Browser, { name, html, width, dark = false }: Picture): Promise<number> => {
  const options: BrowserContextOptions = { viewport: { width, height: 300 }, colorScheme: dark ? "dark" : "light" };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.setContent(html);
  await drawMermaid(page);
  const path = new URL(`${name}.png`, FOLDER);
  const height = await page.evaluate<number>("document.documentElement.scrollHeight");
  const shown = width < 600 && ELSEWHERE === undefined ? Math.min(height, PHONE_SHOWN) : height;
  writeFileSync(
    path,
    palettePng(await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width, height: shown } })),
  );
  await context.close();
  return statSync(path).size;
};

mkdirSync(FOLDER, { recursive: true });
const browser = await startChromium();
const shown = shownInDocs();
const wanted = (await pictures()).filter(({ name }) => ELSEWHERE !== undefined || shown.has(name));
if (ELSEWHERE === undefined)
  for (const old of globSync("*.png", { cwd: FOLDER.pathname }))
    if (!shown.has(old.replace(".png", ""))) rmSync(new URL(old, FOLDER));
let total = 0;
for (const picture of wanted) {
  const size = await take(browser, picture);
  total += size;
  console.log(`${picture.name}.png ${Math.round(size / 1000)} kB`);
}
await browser.close();
console.log(`pictures: ${Math.round(total / 1000)} kB in all`);
