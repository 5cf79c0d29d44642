import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/record/record.ts";
import { chromiumPath, startChromium } from "./chromium.ts";
import { COLOUR_OF, OVERFLOW, PIXELS } from "./report-page.ts";

type Pixels = readonly { readonly drawn: number; readonly colours: readonly number[] }[];

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_RUN = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) })))`;
/** Pixels that the tables hide sideways, with a name of 200 letters in the first row, and figures with a title above them. */
const CARDS = `(() => {
  document.querySelector("#tasks th").textContent = "/" + "x".repeat(200);
  const hidden = [...document.querySelectorAll(".scroll")].map((one) => one.scrollWidth - one.clientWidth);
  const titled = [...document.querySelectorAll(".tasks td.number")]
    .filter((cell) => getComputedStyle(cell, "::before").display === "block" && cell.dataset.title !== "").length;
  return { hidden, titled };
})()`;
const CLI = new URL("../../src/entry/cli.ts", import.meta.url).pathname;

describe.runIf(chromiumPath() !== null)("the live page of a run, in Chromium", () => {
  let browser: Browser;
  let target: Server;
  let folder: string;
  let served = 0;

  beforeAll(async () => {
    browser = await startChromium();
    folder = mkdtempSync(join(tmpdir(), "swarmgate-live-"));
    target = createServer((_, response) => {
      served++;
      response.statusCode = served % 10 === 0 ? 500 : 200;
      setTimeout(() => response.end("ok"), 5);
    }).listen(0, "127.0.0.1");
    await once(target, "listening");
  });
  afterAll(async () => {
    await browser.close();
    target.close();
    target.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  /** A run of our own command line, and the address that it prints. */
  const start = async (...flags: readonly string[]): Promise<{ readonly run: ChildProcess; readonly url: string }> => {
    const address = target.address();
    const port = typeof address === "object" ? address?.port : 0;
    const words = ["run", "--url", `http://127.0.0.1:${port}/`, "--warm-up", "0s", "--wait-time", "constant(0.05)"];
    const run = spawn(process.execPath, [CLI, ...words, "--ui", "--out", "run.json", ...flags], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    run.stderr?.setEncoding("utf8");
    const url = await new Promise<string>((resolve, reject) => {
      run.stderr?.on("data", (part: string) => {
        said += part;
        const [, found] = /^live page: (\S+)$/m.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
      run.on("exit", () => reject(new Error(said)));
    });
    return { run, url };
  };

  const open = async (url: string): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const complaints: string[] = [];
    page.on("console", (message) => {
      // Said of this test's own look at the pixels.
      if (!message.text().includes("willReadFrequently")) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("request", (asked) => {
      if (!asked.url().startsWith(url) && !asked.url().startsWith("data:")) complaints.push(`request: ${asked.url()}`);
    });
    await page.goto(url);
    return { page, complaints };
  };

  const record = (): Pick<RunRecord, "validity"> => JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  const problemCodes = (): readonly string[] => record().validity.problems.map(({ code }) => code);

  it("charts and table fill, users change when asked, and the stop button stops the load", async () => {
    const { run, url } = await start("--users", "4", "--spawn-rate", "4", "--run-time", "5m");
    const ended = once(run, "exit");
    const { page, complaints } = await open(url);
    const users = page.locator("#now-users");
    await expect.poll(() => users.textContent(), { timeout: 20_000 }).toBe("4 users");
    const isDrawn = async (): Promise<readonly boolean[]> => {
      const pixels: Pixels = await page.evaluate(PIXELS);
      const tones = ["load", "high", "failure-0"];
      const colours = await Promise.all(tones.map((tone) => page.evaluate<number>(COLOUR_OF(tone))));
      return colours.map((colour, at) => pixels[at]?.colours.includes(colour) ?? false);
    };
    await expect.poll(isDrawn, { timeout: 20_000 }).toEqual([true, true, true]);
    const cells = await page.locator("#tasks tr").first().locator("th, td").allTextContents();
    expect(cells.slice(0, 2)).toEqual(["GET", "/"]);
    expect(cells).toHaveLength(12);
    expect(await page.locator("#total th").textContent()).toBe("Aggregated");
    expect(await page.locator("#classes tr").first().locator("th").textContent()).toBe("server-error");

    await page.locator("input#users").fill("15");
    await page.locator("input#spawn-rate").fill("100");
    await page.getByRole("button", { name: "Change users" }).click();
    await expect.poll(() => users.textContent(), { timeout: 20_000 }).toBe("15 users");
    expect(await page.locator("#answer").textContent()).toContain("15 users");

    for (const width of [1400, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(async () => [width, await page.evaluate(OVERFLOW)]).toEqual([width, 0]);
    }
    // On a phone each task is a card, whatever its name is: nothing is beyond an edge.
    expect(await page.evaluate(CARDS)).toEqual({ hidden: [0, 0], titled: 20 });
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: AXE });
    expect(await page.evaluate(AXE_RUN)).toEqual([]);

    // A page that is opened later catches up with what was before.
    const second = await open(url);
    await expect.poll(() => second.page.locator("#now-users").textContent()).toBe("15 users");
    expect(await second.page.locator("#lines li").count()).toBeGreaterThan(0);
    await second.page.close();

    await page.getByRole("button", { name: "Stop the load" }).click();
    const [code] = await ended;
    expect(code).toBe(130);
    const before = served;
    await expect.poll(() => page.locator("#phase").textContent()).toBe("INVALID");
    expect(await page.getByRole("button", { name: "Stop the load" }).isDisabled()).toBe(true);
    expect(served).toBe(before);
    expect(problemCodes()).toContain("changed-by-hand");
    expect(problemCodes()).toContain("interrupted");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("closing the page changes nothing", async () => {
    const { run, url } = await start("--users", "4", "--spawn-rate", "4", "--run-time", "5s");
    const ended = once(run, "exit");
    const { page } = await open(url);
    await expect.poll(() => page.locator("#now-users").textContent(), { timeout: 20_000 }).toContain("users");
    await page.close();
    await ended;
    // A busy machine may have another reason to find the run invalid.
    expect(record().validity.stopped).toBe("run-time");
    expect(problemCodes()).not.toContain("changed-by-hand");
  });

  it("a page of another origin can neither read it nor stop it, and users that follow stages have no field", async () => {
    const { run, url } = await start("--stages", "6s:5u");
    const ended = once(run, "exit");
    const { page } = await open(url);
    expect(await page.locator("#change").count()).toBe(0);
    const address = target.address();
    const stranger = await browser.newPage();
    await stranger.goto(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`);
    const attempt = (what: string, method: string): Promise<string> =>
      stranger.evaluate(
        `fetch(${JSON.stringify(url + what)}, { method: "${method}", mode: "no-cors", body: ${method === "GET" ? "undefined" : '"{}"'} })
          .then((answer) => answer.text(), () => "").then((text) => text || "nothing")`,
      );
    expect(await attempt("", "GET")).toBe("nothing");
    expect(await attempt("stop", "POST")).toBe("nothing");
    await ended;
    expect(record().validity.stopped).toBe("run-time");
    await stranger.close();
    await page.close();
  });
});
