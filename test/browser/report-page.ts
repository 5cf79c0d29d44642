/** Opens HTML reports as a reader does, from a file, and keeps everything that the browser complains of. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { htmlReport } from "../../src/entry/html-report.ts";
import { buildReport } from "../../src/report/model.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { record } from "../golden/fixtures.ts";
import { startChromium } from "./chromium.ts";

export type Opened = {
  readonly page: Page;
  /** Errors and warnings of console, policy and scripts, and every address that was asked for beside the file. */
  readonly complaints: readonly string[];
};

export type Reader = {
  readonly open: (input: ReportInput, options?: BrowserContextOptions) => Promise<Opened>;
  readonly close: () => Promise<void>;
};

export const createReader = async (): Promise<Reader> => {
  const browser: Browser = await startChromium();
  const folder = mkdtempSync(join(tmpdir(), "swarmgate-browser-"));
  return {
    open: async (input, options = {}) => {
      const file = join(folder, "report.html");
      writeFileSync(file, htmlReport(buildReport(input), input.record ?? record()));
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("dialog", (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
      });
      await page.goto(`file://${file}`);
      return { page, complaints };
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
};

/**
 * Share of pixels of each chart that are not the background, and how many colours it has: an empty canvas has one colour.
 * Text for `page.evaluate`: these files know no DOM.
 */
export const PIXELS = `[...document.querySelectorAll(".plot canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  let drawn = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) continue;
    drawn++;
    if (data[i + 3] === 255) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  }
  return { drawn: drawn / (data.length / 4), colours: [...colours] };
})`;

export const COLOUR_OF = (name: string): string => `(() => {
  const text = getComputedStyle(document.documentElement).getPropertyValue("--${name}").trim();
  return Number.parseInt(text.slice(1), 16);
})()`;

export const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** How many charts are wider than their place. */
export const CUT_CHARTS =
  "[...document.querySelectorAll('.plot')].filter((plot) => plot.scrollWidth > plot.clientWidth).length";
