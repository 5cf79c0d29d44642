/** Where Chromium is, and how it is started here. The browser itself is the system's: no package downloads one. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** `CHROMIUM_PATH`, or the first of the usual places; `null` when there is none. */
export const chromiumPath = (): string | null =>
  [process.env["CHROMIUM_PATH"] ?? "", ...PLACES].find((path) => path !== "" && existsSync(path)) ?? null;

/** Chromium refuses to sandbox for root, a container has no room in /dev/shm, and coloured edges of letters swell pictures. */
export const startChromium = async (): Promise<Browser> => {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error("there is no Chromium: install it, or set CHROMIUM_PATH");
  return await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-lcd-text"],
  });
};
