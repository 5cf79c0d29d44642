import { describe, expect, test } from "vitest";
import { uniteCalibrations } from "../../../src/baseline/calibration.ts";
import { appendCalibration, appendHistory, parseHistory, unite } from "../../../src/baseline/history.ts";
import { noiseFloor } from "../../../src/baseline/noise-floor.ts";
import { concludeSession } from "../../../src/gate/calibrate.ts";
import { hasDrifted, measureNoise, spreadInterval } from "../../../src/judge/noise.ts";
import { otherLoad, summary } from "../baseline/sample-summary.ts";
import { judge } from "../judge/runs.ts";
import { historySchemaAccepts } from "../record/schema-check.ts";
import { normals, roundsOf } from "./rounds.ts";

const noise = (logs: readonly number[], id = "p50") => {
  const found = measureNoise(roundsOf(logs))[id];
  if (found === undefined) throw new Error(`${id} was not measured`);
  return found;
};
const session = (logs: readonly number[]) => {
  const rounds = roundsOf(logs);
  const done = concludeSession({ asked: logs.length, rounds, refused: [] }, null);
  if (done === null) throw new Error("too few rounds");
  return done;
};
const steady = (n: number, sd: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => (i % 2 === 0 ? sd : -sd));

describe("the spread of A/A rounds", () => {
  test("is the standard deviation of the logs, on one degree of freedom less than rounds", () => {
    const { runToRun, level } = noise([0, 0.02, 0.04, 0.06, 0.08, 0.1]);
    expect(runToRun.sd).toBeCloseTo(0.02 * Math.sqrt(3.5), 10);
    expect([runToRun.df, level]).toEqual([5, expect.closeTo(100 * Math.exp(0.05), 8)]);
  });

  test("between neighbours leaves a drift out, and the drift is told", () => {
    const drifting = noise([0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14]);
    expect(drifting.round.sd).toBeCloseTo(0.02 / Math.SQRT2, 10);
    expect(hasDrifted(drifting)).toBe(true);
    expect(hasDrifted(noise(steady(8, 0.02)))).toBe(false);
  });

  test("of rounds that agree to the last digit is 0 and no drift", () => {
    expect(noise([0, 0, 0, 0, 0, 0]).runToRun.sd).toBeCloseTo(0, 12);
    expect(hasDrifted(noise([0, 0, 0, 0, 0, 0]))).toBe(false);
  });

  test("has an interval that covers the truth as often as it says", () => {
    const truth = 0.05;
    const covered = Array.from({ length: 400 }, (_, seed) => {
      const next = normals(seed + 1);
      const { low, high } = spreadInterval(noise(Array.from({ length: 15 }, () => truth * next())));
      return low <= truth && truth <= high;
    }).filter(Boolean).length;
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.98);
  });

  test("is not stated where one round has too few responses, or nothing", () => {
    const rounds = roundsOf([0, 0.01, 0, 0.01, 0, 0.01]);
    const few = rounds.map((round, i) => (i === 3 ? { ...round, samples: { ...round.samples, p95: 399 } } : round));
    expect(Object.keys(measureNoise(few))).toEqual(["p50"]);
    expect(measureNoise(rounds.map((round) => ({ ...round, values: { p50: 0 } })))).toEqual({});
  });
});

describe("the noise floor of a load", () => {
  const rounds = roundsOf(steady(15, 0.02));
  const test0 = rounds[0]?.fingerprint.test;
  if (test0 === undefined) throw new Error("no round");
  const { calibration } = session(steady(15, 0.02));

  test("adds what lies between sessions: never calmer than half of the documented spread", () => {
    const calm = { ...calibration, metrics: { p50: { ...noise(steady(15, 0)), level: 1 } } };
    expect(noiseFloor([calm], test0)?.floor["p50"]?.runToRun?.sd).toBeCloseTo(0.05, 10);
    const loud = { ...calibration, metrics: { p50: noise(steady(15, 0.2)) } };
    expect(noiseFloor([loud], test0)?.floor["p50"]?.runToRun?.sd).toBeGreaterThan(0.2);
  });

  test("pools sessions, and never counts for more than the documented prior", () => {
    const both = noiseFloor([calibration, { ...calibration, id: "other" }], test0);
    expect(both?.rounds).toBe(30);
    expect(both?.floor["p50"]?.runToRun?.df).toBe(10);
    expect(noiseFloor([session(steady(6, 0.02)).calibration], test0)?.floor["p50"]?.runToRun?.df).toBe(5);
  });

  test("knows nothing of another load, and leaves the deployment term to the documents", () => {
    expect(noiseFloor([calibration], { ...test0, users: 99 })).toBeNull();
    expect(noiseFloor([calibration], test0)?.floor["p50"]?.deployment).toBeNull();
  });
});

describe("a history with calibrations", () => {
  const { history, calibration } = session(steady(15, 0.02));

  test("holds the last round as its run, and is read as it was written", () => {
    expect(history.runs.map(({ id }) => id)).toEqual(["round-15"]);
    const text = JSON.stringify(history);
    expect(parseHistory(text)).toEqual({ ok: true, value: JSON.parse(text) });
    expect(historySchemaAccepts(JSON.parse(text))).toBe(true);
  });

  test("keeps them when runs come, when histories are united, and when another load is measured", () => {
    expect(appendHistory(history, otherLoad(summary(1))).calibrations).toEqual([calibration]);
    expect(unite([history, history]).calibrations).toEqual([calibration]);
    expect(unite([{ schema: "swarmgate.history/v1", runs: [] }])).not.toHaveProperty("calibrations");
  });

  test("keeps the newest ten", () => {
    const many = Array.from({ length: 12 }, (_, i) => ({
      ...calibration,
      id: `c${i}`,
      start: `2026-11-${10 + i}T00:00:00.000Z`,
    }));
    expect(uniteCalibrations([many]).map(({ id }) => id)).toEqual(many.slice(2).map(({ id }) => id));
    const run = summary(1);
    expect(appendCalibration({ ...history, calibrations: many }, { calibration, run }).calibrations).toHaveLength(10);
  });

  test.each([
    ["no rounds", { rounds: 0 }],
    ["fewer rounds than a calibration has", { rounds: 5 }],
    [
      "a spread that is no number",
      { metrics: { p50: { ...calibration.metrics["p50"], runToRun: { sd: "1", df: 9 } } } },
    ],
    ["a negative spread", { metrics: { p50: { ...calibration.metrics["p50"], runToRun: { sd: -1, df: 9 } } } }],
    ["no degrees of freedom", { metrics: { p50: { ...calibration.metrics["p50"], runToRun: { sd: 0.1, df: 0 } } } }],
    ["a spread beyond everything", { metrics: { p50: { ...calibration.metrics["p50"], round: { sd: 11, df: 9 } } } }],
    ["a metric without spread", { metrics: { p50: { level: 1 } } }],
    ["an id with blanks", { id: "a b" }],
    ["no time", { start: "yesterday" }],
  ])("with %s is refused by reader and schema", (_, change) => {
    const broken = { ...history, calibrations: [{ ...calibration, ...change }] };
    expect(parseHistory(JSON.stringify(broken)).ok).toBe(false);
    expect(historySchemaAccepts(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });

  test("of eleven calibrations is refused", () => {
    const many = { ...history, calibrations: Array.from({ length: 11 }, () => calibration) };
    expect([parseHistory(JSON.stringify(many)).ok, historySchemaAccepts(many)]).toEqual([false, false]);
  });
});

describe("a baseline with a noise floor", () => {
  const spreadOf = (rounds: number) => {
    const { history } = session(steady(rounds, 0.02));
    const test0 = history.runs[0]?.fingerprint.test;
    const noise0 = test0 === undefined ? null : noiseFloor(history.calibrations ?? [], test0);
    if (noise0 === null) throw new Error("no floor");
    const base = { kind: "found", state: "file", sha: null, runs: history.runs, notes: [], noise: noise0 } as const;
    return judge({ base, heads: history.runs }).baseline;
  };

  test.each([
    [6, "learning"],
    [14, "learning"],
    [15, "learned"],
  ])("of %i rounds is %s", (rounds, spread) => {
    expect(spreadOf(rounds)).toMatchObject({ spread, runs: 1, calibrated: rounds });
  });
});
