import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildReport } from "../../src/report/model.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { CASES } from "../golden/cases.ts";
import { context, judgement, latency, outcomes, record, task } from "../golden/fixtures.ts";
import { slicesOf } from "../golden/slices.ts";
import { chromiumPath } from "./chromium.ts";
import { COLOUR_OF, CUT_CHARTS, createReader, OVERFLOW, PIXELS, type Reader } from "./report-page.ts";

type Pixels = readonly { readonly drawn: number; readonly colours: readonly number[] }[];
type Axe = { readonly id: string; readonly impact: string; readonly nodes: readonly string[] };

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_RUN = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html.slice(0, 200)) })))`;

const inputs: readonly (readonly [string, ReportInput])[] = Object.entries(CASES);

/** Five minutes, a histogram in every second, and 360 tasks: 1 MB of record. */
const large = (): ReportInput => {
  const slices = slicesOf({ seconds: 300, users: 50, spawnRate: 10, p50: 20, outcomes: outcomes({ ok: 300_000 }) });
  const tasks = Array.from({ length: 360 }, (_, i) => task(`GET /orders/${i}`, 20 + i, { ok: 2400, timeout: i % 3 }));
  return {
    judgement: judgement({}),
    record: {
      ...record(),
      slices: slices.map((one) => ({ ...one, service: one.response })),
      tasks,
      response: latency(20, 300_000),
    },
    context: context(),
  };
};

describe.runIf(chromiumPath() !== null)("the HTML report in Chromium", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await createReader();
  });
  afterAll(async () => {
    await reader.close();
  });

  it.each(inputs)(
    "%s: the verdict stands on top, every chart is drawn, nothing is cut, nothing complained of",
    async (_, input) => {
      const model = buildReport(input);
      const { page, complaints } = await reader.open(input);
      expect(await page.locator(".verdict strong").textContent()).toBe(model.verdict.toUpperCase().replace("-", " "));
      expect(await page.locator(".gate").textContent()).toBe(model.gateOpen ? "gate open" : "gate closed");
      const pixels: Pixels = await page.evaluate(PIXELS);
      expect(pixels).toHaveLength(model.charts.length);
      for (const [index, { series }] of model.charts.entries()) {
        expect(pixels[index]?.drawn).toBeGreaterThan(0.01);
        // A line, not only axes and labels; the last is drawn on top of the others.
        expect(pixels[index]?.colours).toContain(await page.evaluate(COLOUR_OF(series.at(-1)?.tone ?? "")));
      }
      for (const width of [1400, 390]) {
        await page.setViewportSize({ width, height: 900 });
        expect([width, await page.evaluate(OVERFLOW)]).toEqual([width, 0]);
        // The charts follow; one that stayed wide would be cut.
        await expect.poll(async () => await page.evaluate(CUT_CHARTS)).toBe(0);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it.each([
    ["light", 1400, "fail"],
    ["dark", 1400, "fail"],
    ["light", 390, "hostile"],
    ["dark", 390, "pass"],
    ["dark", 1400, "no-baseline"],
    ["light", 1400, "suspected"],
    ["dark", 390, "paired"],
  ] as const)("axe finds nothing serious: %s, %d px, %s", async (colorScheme, width, name) => {
    const { page } = await reader.open(CASES[name], { colorScheme, viewport: { width, height: 900 } });
    await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
    // As a debugger does it: the page's own policy would refuse a script that was not in it.
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: AXE });
    const found: readonly Axe[] = await page.evaluate(AXE_RUN);
    expect(found.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    await page.context().close();
  });

  it.each(["fail", "long-names", "hostile", "right-to-left"] as const)(
    "%s: no name lies over the cell beside it, at any width",
    async (name) => {
      const { page } = await reader.open(CASES[name]);
      await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
      for (const width of [1400, 900, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const over: readonly string[] = await page.evaluate(`[...document.querySelectorAll("th.name, td.name")]
          .filter((cell) => cell.firstElementChild.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1)
          .map((cell) => cell.textContent)`);
        expect([width, over]).toEqual([width, []]);
      }
      await page.context().close();
    },
  );

  it.each(["fail", "paired", "sharded", "explained", "long-names", "hostile"] as const)(
    "%s: on a phone no table has to be scrolled sideways, and the filter still hides",
    async (name) => {
      const { page } = await reader.open(CASES[name], { viewport: { width: 390, height: 844 } });
      await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
      const cut: readonly string[] = await page.evaluate(`[...document.querySelectorAll(".scroll")]
        .filter((place) => place.scrollWidth > place.clientWidth).map((place) => place.getAttribute("aria-label"))`);
      expect(cut).toEqual([]);
      const above = "getComputedStyle(document.querySelector('table[data-tools] td'), '::before').content";
      expect(await page.evaluate(above)).toBe('"requests"');
      await page.getByLabel("Filter").fill("no task is called that");
      expect(await page.locator("table[data-tools] tbody tr:visible").count()).toBe(0);
      await page.context().close();
    },
  );

  it("a round in which the head was faster is drawn below the line of no change", async () => {
    const { record: run } = CASES.paired;
    const [round] = run.rounds ?? [];
    if (round === undefined) throw new Error("the case has no rounds");
    const faster = { ...round, base: round.head, head: round.base };
    const { page, complaints } = await reader.open({
      ...CASES.paired,
      record: { ...run, rounds: [round, faster, round] },
    });
    await page.locator("[data-chart=rounds]").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#chart-rounds .said").textContent()).toMatch(
      /^round 2: no change 0 %, p50 -1\d(\.\d)? %/,
    );
    const labels = await page.locator("#chart-rounds .figures tbody tr").allInnerTexts();
    expect(labels).toHaveLength(3);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("dark screens and paper have colours of their own, and the charts follow", async () => {
    const { page } = await reader.open(CASES.fail, { colorScheme: "dark" });
    const line = async (): Promise<readonly [number, boolean]> => {
      const colour: number = await page.evaluate(COLOUR_OF("highest"));
      const [latencies]: Pixels = await page.evaluate(PIXELS);
      return [colour, latencies?.colours.includes(colour) ?? false];
    };
    const [dark] = await line();
    const isDrawn = async (): Promise<boolean> => (await line())[1];
    await expect.poll(isDrawn).toBe(true);
    await page.emulateMedia({ colorScheme: "light" });
    const [light] = await line();
    expect(light).not.toBe(dark);
    await expect.poll(isDrawn).toBe(true);
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    expect((await line())[0]).toBe(light);
    await expect.poll(isDrawn).toBe(true);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.context().close();
  });

  it("a printed page has every part opened and no chart wider than the paper", async () => {
    const { page } = await reader.open(CASES.fail, { viewport: { width: 760, height: 1000 } });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(OVERFLOW)).toBe(0);
    expect(await page.locator("text=ended by run-time").boundingBox()).not.toBeNull();
    expect(await page.locator("input[type=search]").isVisible()).toBe(false);
    expect((await page.pdf({ format: "A4" })).byteLength).toBeGreaterThan(20_000);
    await page.context().close();
  });

  it("without scripts every figure can be read", async () => {
    const { page, complaints } = await reader.open(CASES.fail, { javaScriptEnabled: false });
    await page.locator("#chart-latency summary").click();
    expect(await page.locator("#chart-latency tbody tr").first().innerText()).toContain("ms");
    expect(await page.locator("noscript").first().innerText()).toContain("figures under each");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("a chart is read with the keyboard, point by point, and said aloud", async () => {
    const { page } = await reader.open(CASES.fail);
    await page.locator("[data-chart=latency]").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const said = page.locator("#chart-latency .said");
    expect(await said.textContent()).toMatch(/^1s: p50 \d+ ms, p95 .* p99 /);
    await page.keyboard.press("End");
    expect(await said.textContent()).toMatch(/^59s: /);
    expect(await page.locator("#chart-latency .u-legend").innerText()).toContain("59s");
    await page.context().close();
  });

  it.each([1400, 390])("tasks are sorted by figures, not by their text, and filtered by name: %i px", async (width) => {
    const tasks = [
      task("GET /slow", 2000, { ok: 9 }),
      task("GET /fast", 9, { ok: 10_000 }),
      task("POST /orders", 90, { ok: 900 }),
    ];
    const { page } = await reader.open(
      { ...CASES.pass, record: record({ tasks }) },
      { viewport: { width, height: 800 } },
    );
    const cells = await page.locator("table[data-tools] :is(th, td)").all();
    const boxes = await Promise.all(cells.map((cell) => cell.boundingBox()));
    expect(boxes.every((box) => box !== null && box.x >= 0 && box.x + box.width <= width)).toBe(true);
    const names = async (): Promise<readonly string[]> =>
      (await page.locator("table[data-tools] tbody tr:visible th").allInnerTexts()).map((text) => text.trim());
    const head = page.getByRole("button", { name: "p50", exact: true });
    await head.click();
    expect(await names()).toEqual(["GET /slow", "POST /orders", "GET /fast"]);
    await head.click();
    expect(await names()).toEqual(["GET /fast", "POST /orders", "GET /slow"]);
    expect(await page.locator("th[aria-sort]").getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("button", { name: "task" }).click();
    expect(await names()).toEqual(["GET /fast", "GET /slow", "POST /orders"]);
    await page.getByLabel("Filter").fill("get /S");
    expect(await names()).toEqual(["GET /slow"]);
    expect(await page.getByRole("status").innerText()).toBe("1 of 3");
    await page.context().close();
  });

  it.each([
    ["as it is", CASES.hostile],
    ["packed", large()],
  ])("the run record is handed out whole: %s", async (_, input) => {
    const { page, complaints } = await reader.open(input, { acceptDownloads: true });
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
    expect(download.suggestedFilename()).toBe("run.json");
    const text = readFileSync((await download.path()) ?? "", "utf8");
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(input.record)));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("a record of 1 MB opens, and says how long it took", async () => {
    const input = large();
    const { page, complaints } = await reader.open(input);
    const took: number = await page.evaluate("performance.getEntriesByType('navigation')[0].duration");
    process.stderr.write(`${JSON.stringify(input.record).length} bytes of record opened in ${Math.round(took)} ms\n`);
    const pixels: Pixels = await page.evaluate(PIXELS);
    expect(pixels.every(({ drawn }) => drawn > 0.01)).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
