import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Baseline } from "../../src/baseline/baseline.ts";
import { judgeRecords } from "../../src/gate/judge-record.ts";
import { parseRecord } from "../../src/record/parse-record.ts";
import { type GateRun, type GateWorld, startGateWorld } from "./gate-world.ts";

let world: GateWorld;
beforeAll(async () => {
  world = await startGateWorld();
});
afterAll(async () => {
  await world.stop();
});

/** Rounds of two seconds and a little: decided in half a minute. */
const SHORT = {
  users: "20",
  "spawn-rate": "100",
  "wait-time": "constant(0.05)",
  "segment-time": "1s",
  "max-duration": "50s",
  functions: "orders-head",
  "base-functions": "orders-base",
};
const NO_BASELINE: Baseline = {
  kind: "none",
  problem: { code: "no-baseline", severity: "warning", message: "None.", hint: "None." },
  notes: [],
};

/** Two functions with such durations. */
const beside = (baseMs: number, headMs: number): Promise<GateRun> =>
  undisturbed(async () => {
    const base = await world.deploy("orders-base", { durationMs: baseMs, initMs: 0 });
    const url = await world.deploy("orders-head", { durationMs: headMs, initMs: 0 });
    return { ...SHORT, "base-url": base, url };
  });

/** One function on both sides. */
const besideItself = (durationMs: number): Promise<GateRun> =>
  undisturbed(async () => {
    const url = await world.deploy("orders-head", { durationMs, initMs: 0 });
    return { ...SHORT, "base-functions": "orders-head", "max-duration": "28s", "base-url": url, url };
  });

/** Once more where the machine was busy with other things. */
const undisturbed = async (deployed: () => Promise<Readonly<Record<string, string>>>): Promise<GateRun> => {
  for (let attempt = 1; ; attempt += 1) {
    const run = await world.gate(await deployed());
    if (run.judgement.verdict !== "invalid" || attempt === 3) return run;
  }
};

/** Of each arm by round: mean Duration, lines and requests. */
const byRound = ({ record }: GateRun, arm: "base" | "head") =>
  (record.rounds ?? []).map((round) => {
    const { durations, outcomes } = round[arm];
    const [only] = durations ?? [];
    return { mean: Math.round(only?.durationMs ?? 0), lines: only?.invocations ?? 0, sent: outcomes.ok };
  });

const replayed = ({ record }: GateRun) => {
  const read = parseRecord(JSON.stringify(record));
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("; "));
  const gate = {
    limits: [],
    failOn: "regression",
    onInconclusive: "warn",
    onInvalid: "fail",
    onNoBaseline: "warn",
  } as const;
  return judgeRecords({ gate, aws: { referenceRps: null, maxConcurrency: null } }, NO_BASELINE, [read.value]);
};

describe("two functions beside each other", () => {
  it("150 ms against 200 ms: fail, by the client and by Lambda, and so says the record alone", async () => {
    const run = await beside(150, 200);
    expect(run.judgement).toMatchObject({ mode: "paired", verdict: "fail", gateOpen: false });
    const said = Object.fromEntries(run.judgement.metrics.map(({ id, finding }) => [id, finding.kind]));
    expect([said["p50"], said["lambda-duration"]]).toEqual(["fail", "fail"]);
    expect(run.judgement.attribution?.layer).toBe("code");
    const { record } = run;
    // AWS has counted each arm's requests apart, all of them: measured, ramps, confirmation.
    expect([record.cloud?.state, record.baseArm?.cloud?.state]).toEqual(["complete", "complete"]);
    expect(
      [record.cloud, record.baseArm?.cloud].map((one) => Math.round(one?.functions[0]?.duration.average ?? 0)),
    ).toEqual([200, 150]);
    const ledger = await world.simulator.ledger("orders-head");
    expect(ledger.counts.requests).toBe(record.totals.requests + record.warmUp.requests + record.warmUp.probes);
    // REPORT lines tell each segment's own, of about as many invocations as were measured in it.
    for (const [arm, ms] of [
      ["base", 150],
      ["head", 200],
    ] as const)
      for (const { mean, lines, sent } of byRound(run, arm)) {
        expect(mean).toBe(ms);
        expect(Math.abs(lines - sent)).toBeLessThan(0.2 * sent);
      }
    const duration = run.judgement.metrics.find(({ id }) => id === "lambda-duration");
    expect(duration?.how?.data).toMatchObject({ design: "rounds" });
    expect(replayed(run)).toEqual(run.judgement);
  });

  it("identical: never a fail, and both arms got the same load", async () => {
    const { judgement, record } = await beside(150, 150);
    expect(["pass", "inconclusive", "improved", "warn"]).toContain(judgement.verdict);
    expect(judgement.gateOpen).toBe(true);
    const requests = (record.rounds ?? []).map(({ base, head }) => [base.outcomes.ok, head.outcomes.ok]);
    for (const [base, head] of requests) expect(Math.abs((base ?? 0) - (head ?? 0))).toBeLessThan(25);
  });

  it("swapped: the signs flip", async () => {
    const { judgement } = await beside(200, 150);
    expect(judgement.metrics.find(({ id }) => id === "p50")?.finding.kind).toBe("improved");
    expect(["improved", "inconclusive"]).toContain(judgement.verdict);
  });

  it("one function behind both: CloudWatch is not asked and it is said why, time tells whose lines are whose", async () => {
    const run = await besideItself(150);
    const { judgement, record } = run;
    expect(record.cloud).toMatchObject({ state: "incomplete", reason: expect.stringContaining("the same function") });
    expect(judgement.metrics.find(({ id }) => id === "lambda-throttles")?.finding.kind).toBe("not-measured");
    expect(judgement.verdict).not.toBe("pass");
    for (const { mean, lines, sent } of [...byRound(run, "base"), ...byRound(run, "head")]) {
      expect(mean).toBe(150);
      expect(Math.abs(lines - sent)).toBeLessThan(0.2 * sent);
    }
    expect(replayed(run)).toEqual(judgement);
  });
});
