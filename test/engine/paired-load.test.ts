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

/** Two functions with such durations; once more where the machine was busy with other things. */
const beside = async (
  baseMs: number,
  headMs: number,
  inputs: Readonly<Record<string, string>> = {},
): Promise<GateRun> => {
  for (let attempt = 1; ; attempt += 1) {
    const base = await world.deploy("orders-base", { durationMs: baseMs, initMs: 0 });
    const head = await world.deploy("orders-head", { durationMs: headMs, initMs: 0 });
    const run = await world.gate({ url: head, "base-url": base, ...SHORT, ...inputs });
    if (run.judgement.verdict !== "invalid" || attempt === 3) return run;
  }
};

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

  it("one function behind both: Lambda's figures are not asked for, and it is said why", async () => {
    const { judgement, record } = await beside(150, 150, { "base-functions": "orders-head", "max-duration": "28s" });
    expect(record.cloud).toMatchObject({ state: "incomplete", reason: expect.stringContaining("the same function") });
    expect(judgement.metrics.find(({ id }) => id === "lambda-duration")?.finding.kind).toBe("not-measured");
    expect(judgement.verdict).not.toBe("pass");
  });
});
