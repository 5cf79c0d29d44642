import { spawnSync } from "node:child_process";
import { chromiumPath } from "./chromium.ts";

/** Before the browser tests: root installs a Chromium that is not there; nobody else can, and then says so loudly. */
const setup = (): void => {
  if (chromiumPath() !== null) return;
  if (process.getuid?.() === 0) {
    for (const words of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
      spawnSync("apt-get", words, { stdio: "inherit" });
    }
  }
  if (chromiumPath() !== null) return;
  const line = "!".repeat(78);
  process.stderr.write(
    `${line}\nThere is no Chromium: THE BROWSER TESTS ARE SKIPPED. Install it, or set CHROMIUM_PATH.\n${line}\n`,
  );
};

export { setup };
