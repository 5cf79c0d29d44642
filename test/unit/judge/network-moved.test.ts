import { describe, expect, it, test } from "vitest";
import type { LayerFigures, RunSummary } from "../../../src/record/summary.ts";
import { found, judge, reason, run, said } from "./runs.ts";

const layers = (connectMs: number | null): LayerFigures => ({
  responseMs: null,
  serviceMs: null,
  connectMs,
  tlsMs: null,
  connectionsPerRequest: 0.01,
  coldMs: null,
  gatewayMs: null,
  frontEndMs: null,
  targetMs: null,
  usualLoopDelayMs: null,
  uncountedShare: null,
  unansweredShare: 0,
  bytesPerRequest: 1000,
  loopDelayMs: 1,
});

type Figures = {
  readonly p50: number;
  readonly p95?: number;
  readonly duration?: number;
  readonly connect: number | null;
};

const runOf = (day: number, { p50, p95 = 2 * p50, duration, connect }: Figures): RunSummary =>
  run({
    day,
    values: { p50, p95, ...(duration === undefined ? {} : { "lambda-duration": duration }) },
    layers: layers(connect),
  });

const base = (figures: Figures) => found(...[1, 2, 3, 4, 5, 6].map((day) => runOf(day, figures)));
const calm = { p50: 100, duration: 60, connect: 20 };

describe("an excess that connecting explains", () => {
  test("is inconclusive, with the reason, and not a fail", () => {
    const judgement = judge({ base: base(calm), heads: [runOf(20, { p50: 250, duration: 61, connect: 165 })] });
    expect(said(judgement, "p50")).toBe("inconclusive: network-moved");
    expect(reason(judgement, "p50")).toBe("p50: connecting took 145 ms longer while lambda-duration stayed flat");
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.gateOpen).toBe(true);
    expect(judgement.problems.map(({ code }) => code)).toContain("network-moved");
    expect(judgement.attribution?.layer).not.toBe("code");
  });

  test("p95 warns in history mode, and then says nothing", () => {
    const head = { p50: 250, p95: 350, duration: 60, connect: 165 };
    expect(said(judge({ base: base(calm), heads: [runOf(20, head)] }), "p95")).toBe("null: network-moved");
  });

  it.each([
    ["Duration rose with it", { p50: 250, duration: 130, connect: 165 }, calm],
    ["connecting explains a part of it only", { p50: 250, duration: 60, connect: 100 }, calm],
    ["connecting did not change", { p50: 250, duration: 60, connect: 21 }, calm],
    ["no connect time in the head", { p50: 250, duration: 60, connect: null }, calm],
    [
      "no connect time in the base (an older history)",
      { p50: 250, duration: 60, connect: 165 },
      { ...calm, connect: null },
    ],
    ["no Duration at all", { p50: 250, connect: 165 }, { p50: 100, connect: 20 }],
  ])("fails all the same when %s", (_, head: Figures, before: Figures) => {
    expect(said(judge({ base: base(before), heads: [runOf(20, head)] }), "p50")).toBe("fail");
  });

  test("never turns a pass into anything", () => {
    const judgement = judge({
      base: base(calm),
      heads: [runOf(20, { p50: 100.5, duration: 60, connect: 60 })],
      limits: "p50: +80%",
    });
    expect(said(judgement, "p50")).toBe("pass");
  });

  test("an absolute limit holds: what was promised is not excused", () => {
    const head = runOf(20, { p50: 250, duration: 60, connect: 165 });
    expect(said(judge({ base: base(calm), heads: [head], limits: "p50: <= 120ms" }), "p50")).toBe("fail");
  });
});
