import { describe, expect, test } from "vitest";
import { type DeploymentDraw, DRAWS_KEPT, drawsUnder, uniteDraws } from "../../../src/baseline/deployment-draws.ts";
import { appendDraw, appendHistory, parseHistory } from "../../../src/baseline/history.ts";
import {
  deploymentFloor,
  deploymentNoise,
  deploymentPart,
  documentedDeployment,
} from "../../../src/judge/deployment.ts";
import { halfWidth } from "../../../src/stats/error-parts.ts";
import { summary } from "../baseline/sample-summary.ts";
import { historySchemaAccepts } from "../record/schema-check.ts";
import { normals } from "./rounds.ts";

const LOAD = summary(1).fingerprint.test;
const DOCUMENTED = documentedDeployment("p50");

/** The n-th session, whose two deployments are so far apart in p50. */
const draw = (n: number, log: number, error = 0.001): DeploymentDraw => ({
  id: `pair-${n}`,
  start: `2026-11-20T12:${String(n % 60).padStart(2, "0")}:00.000Z`,
  sha: "abc1234",
  test: LOAD,
  base: `https://one.example.com/ build-${n}`,
  head: `https://two.example.com/ build-${n}`,
  rounds: 16,
  metrics: { p50: { log, error: { sd: error, df: 14 } } },
});
/** Sessions on pairs of deployments that differ by this SD each, seen with this error. */
const drawn = (sigma: number, pairs: number, error: number, next: () => number): readonly DeploymentDraw[] =>
  Array.from({ length: pairs }, (_, n) => draw(n, Math.SQRT2 * sigma * next() + error * next(), error));
const termOf = (draws: readonly DeploymentDraw[]) => {
  const term = deploymentNoise(draws)?.terms["p50"];
  if (term === undefined) throw new Error("no term");
  return term;
};

describe("the deployment term", () => {
  test("is the documented one without a draw", () => {
    expect(deploymentNoise([])).toBeNull();
    expect(deploymentPart("p50", null)).toMatchObject({ sd: Math.SQRT2 * DOCUMENTED, df: Number.POSITIVE_INFINITY });
  });

  test("of one draw is the mean of five variances, four of them documented", () => {
    const { sd, df } = termOf([draw(1, 0.06, 0)]);
    expect([sd, df]).toEqual([expect.closeTo(Math.sqrt((4 * DOCUMENTED ** 2 + 0.06 ** 2 / 2) / 5), 12), 5]);
  });

  test.each([0.005, 0.01, 0.03])("moves to the truth of %f, from whichever side", (truth) => {
    const mean = (pairs: number): number => {
      const all = Array.from(
        { length: 200 },
        (_, seed) => termOf(drawn(truth, pairs, 0.006, normals(seed + 1))).sd ** 2,
      );
      return Math.sqrt(all.reduce((sum, one) => sum + one, 0) / all.length);
    };
    const [few, many] = [Math.abs(mean(2) - truth), Math.abs(mean(20) - truth)];
    expect(many).toBeLessThan(0.35 * truth);
    expect(many).toBeLessThanOrEqual(few + 0.0003);
  });

  test("is not raised by what the rounds leave open", () => {
    const all = Array.from(
      { length: 200 },
      (_, seed) => termOf(drawn(DOCUMENTED, 10, 0.02, normals(seed + 7))).sd ** 2,
    );
    expect(Math.sqrt(all.reduce((sum, one) => sum + one, 0) / all.length)).toBeCloseTo(DOCUMENTED, 3);
  });

  test("is never below half of the documented one, however well deployments agree", () => {
    expect(termOf(Array.from({ length: 20 }, (_, n) => draw(n, 0))).sd).toBe(DOCUMENTED / 2);
    expect(termOf([draw(1, 0, 0.5)]).sd).toBeGreaterThanOrEqual(DOCUMENTED / 2);
  });

  test("hardly learns from a session that left its own difference open", () => {
    const { sd, df } = termOf([draw(1, 0.3, 0.3)]);
    expect(df).toBeLessThan(4.01);
    expect(sd).toBeCloseTo(DOCUMENTED, 3);
  });

  test("has an interval that covers the next pair as often as it says, where repositories differ as the prior has it", () => {
    const next = normals(23);
    const chi = (df: number): number =>
      Array.from({ length: df }, () => next() ** 2).reduce((sum, one) => sum + one, 0);
    const repositories = 3_000;
    let covered = 0;
    for (let i = 0; i < repositories; i++) {
      const sigma = DOCUMENTED * Math.sqrt(4 / chi(4));
      const noise = deploymentNoise(drawn(sigma, 3, 0.003, next));
      const part = deploymentPart("p50", noise === null ? null : deploymentFloor(noise));
      if (Math.abs(Math.SQRT2 * sigma * next()) <= halfWidth([part], 0.025)) covered += 1;
    }
    expect(covered / repositories).toBeGreaterThan(0.94);
    expect(covered / repositories).toBeLessThan(0.97);
  });

  test("of a task is that of the whole", () => {
    const floor = deploymentFloor({ pairs: 1, terms: { p50: { sd: 0.02, df: 5 } } });
    expect(deploymentPart("p50@checkout", floor)).toMatchObject({ sd: Math.SQRT2 * 0.02, df: 5 });
  });
});

describe("draws in a history", () => {
  const history = appendDraw(null, draw(1, 0.01));

  test("are read as they were written, and carried forward by runs", () => {
    const text = JSON.stringify(history);
    expect(parseHistory(text)).toEqual({ ok: true, value: JSON.parse(text) });
    expect(historySchemaAccepts(JSON.parse(text))).toBe(true);
    expect(appendHistory(history, summary(1)).deployments).toEqual([draw(1, 0.01)]);
  });

  test("hold a pair once, as it was measured last, whichever side was the base", () => {
    const again: DeploymentDraw = { ...draw(2, 0.02), base: draw(1, 0).head, head: draw(1, 0).base };
    expect(uniteDraws([[draw(1, 0.01)], [again]])).toEqual([again]);
    expect(uniteDraws([[again, draw(1, 0.01)]])).toEqual([again]);
  });

  test("are the newest twenty", () => {
    const many = Array.from({ length: 25 }, (_, n) => draw(n, 0.01));
    expect(uniteDraws([many])).toEqual(many.slice(-DRAWS_KEPT));
  });

  test("hold for their load, for however long it is measured", () => {
    const { test: load } = draw(1, 0);
    expect(drawsUnder([draw(1, 0)], { ...load, runTime: 20, ramp: 5, seed: 9 })).toHaveLength(1);
    expect(drawsUnder([draw(1, 0)], { ...load, users: 99 })).toEqual([]);
  });

  test.each([
    ["no rounds", { rounds: 0 }],
    ["a difference beyond everything", { metrics: { p50: { log: 11, error: { sd: 0.1, df: 9 } } } }],
    ["a negative error", { metrics: { p50: { log: 0, error: { sd: -0.1, df: 9 } } } }],
    ["no degrees of freedom", { metrics: { p50: { log: 0, error: { sd: 0.1, df: 0 } } } }],
    ["one deployment", { head: undefined }],
    ["no load", { test: null }],
  ])("with %s are refused by reader and schema", (_, change) => {
    const broken = JSON.parse(JSON.stringify({ ...history, deployments: [{ ...draw(1, 0), ...change }] }));
    expect([parseHistory(JSON.stringify(broken)).ok, historySchemaAccepts(broken)]).toEqual([false, false]);
  });

  test("more than twenty are refused", () => {
    const many = { ...history, deployments: Array.from({ length: 21 }, (_, n) => draw(n, 0)) };
    expect([parseHistory(JSON.stringify(many)).ok, historySchemaAccepts(many)]).toEqual([false, false]);
  });
});
