import { existsSync, readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readZipEntry } from "../../src/adapters/github/zip.ts";
import { REPOSITORY, SHA } from "../../src/entry/demo/repository.ts";
import { createWorld, SMALL_LOAD, type World } from "./world.ts";

let world: World;
let url: string;
beforeAll(async () => {
  world = await createWorld();
  url = await world.deploy({ durationMs: 60 });
});
afterAll(async () => {
  await world.close();
});

const LOAD = { ...SMALL_LOAD, "run-time": "4s" };

/** What the page's script draws, and the record that the page hands out. */
const partsOf = (html: string) => {
  const [, charts = ""] = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(html) ?? [];
  const [, record = ""] = /<script type="application\/json" id="run-record"[^>]*>(.*?)<\/script>/s.exec(html) ?? [];
  return { charts: JSON.parse(charts), record: JSON.parse(record) };
};

const seriesOf = (html: string, id: string): readonly string[] =>
  partsOf(html)
    .charts.find((chart: { readonly id: string }) => chart.id === id)
    ?.series.map((series: { readonly name: string }) => series.name) ?? [];

describe("html-report: true of the action", () => {
  const inputs = () => ({ url, ...LOAD, functions: "orders", "html-report": "true" });

  it("writes the page where the output says, and stores it as an artifact", async () => {
    const run = await world.action({ event: "push", headSha: SHA.base, inputs: inputs() });
    const path = run.outputs["html-report"] ?? "";
    expect(isAbsolute(path)).toBe(true);
    const html = readFileSync(path, "utf8");
    expect(html).toContain("<!doctype html>");
    expect(html).toContain("default-src &#39;none&#39;");
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000);
    expect(partsOf(html).record).toEqual(run.record());
    const { artifacts } = await world.simulator.github();
    const stored = artifacts.find(({ runId, name }) => runId === run.runId && name === "swarmgate-gate-report");
    const archive = await fetch(
      `${world.simulator.urls.github}/repos/${REPOSITORY}/actions/artifacts/${stored?.id}/zip`,
      {
        headers: { authorization: "token x" },
      },
    );
    const entry = readZipEntry(Buffer.from(await archive.arrayBuffer()), "report.html", 1_000_000);
    if (entry.kind !== "bytes") throw new Error(JSON.stringify(entry));
    expect(Buffer.from(entry.bytes).toString("utf8")).toBe(html);
  });

  it("draws the base that was found among artifacts beside the pull request's own run", async () => {
    const run = await world.action({ event: "pull_request", headSha: SHA.head, inputs: inputs() });
    const html = readFileSync(run.outputs["html-report"] ?? "", "utf8");
    expect(seriesOf(html, "percentiles")).toEqual(["head", "base"]);
    expect(html).not.toContain("curve is missing");
    expect(run.summary).toContain("How it was decided");
  });

  it("without it there is no page, no artifact, and the output is empty", async () => {
    const run = await world.action({
      event: "pull_request",
      headSha: SHA.head,
      inputs: { ...inputs(), "html-report": "false" },
    });
    expect(run.outputs["html-report"]).toBe("");
    const { artifacts } = await world.simulator.github();
    expect(artifacts.filter(({ runId }) => runId === run.runId).map(({ name }) => name)).not.toContain(
      "swarmgate-gate-report",
    );
  });
});

describe("html-report on the command line", () => {
  const flags = Object.entries(LOAD).flatMap(([name, value]) => [`--${name}`, value]);

  it("run writes the page beside the record, with the baseline's curve", async () => {
    await world.cli(["run", "--url", url, ...flags, "--out", "base.json"]);
    expect(existsSync(world.file("base.html"))).toBe(false);
    await world.cli(["run", "--url", url, ...flags, "--baseline", "base.json", "--out", "head.json", "--html-report"]);
    const html = readFileSync(world.file("head.html"), "utf8");
    expect(partsOf(html).record).toEqual(JSON.parse(readFileSync(world.file("head.json"), "utf8")));
    expect(seriesOf(html, "percentiles")).toEqual(["head", "base"]);
  });

  it("report renders the same record again, alone or against a base", async () => {
    const alone = await world.cli(["report", "head.json", "--format", "html"]);
    expect([alone.exitCode, seriesOf(alone.stdout, "percentiles")]).toEqual([0, ["head"]]);
    const beside = await world.cli([
      "report",
      "head.json",
      "--base",
      "base.json",
      "--format",
      "html",
      "--out",
      "both.html",
    ]);
    expect(beside.exitCode).toBe(0);
    expect(seriesOf(readFileSync(world.file("both.html"), "utf8"), "percentiles")).toEqual(["head", "base"]);
  });
});
