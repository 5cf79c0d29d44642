import { describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/baseline/baseline.ts";
import { judgeRecords } from "../../../src/gate/judge-record.ts";
import { judgePairedRecord, judgePairs, lookAtRecord } from "../../../src/gate/judge-rounds.ts";
import type { Round, RoundArm, RunRecord } from "../../../src/record/record.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { buildReport } from "../../../src/report/model.ts";
import { cloud, functionMetrics, latency, outcomes, record, START } from "../record/sample-record.ts";
import { NO_BASELINE, POLICY, said } from "./runs.ts";

const policy = { gate: { ...POLICY, limits: [] }, aws: { referenceRps: null, maxConcurrency: null } };

/** 660 responses around a median; each number of a round shifts them a little. */
const times = (median: number, number: number) =>
  latency(
    ...Array.from({ length: 660 }, (_, i) => median * (1 + 0.004 * ((number % 3) - 1)) * (0.8 + (i % 100) / 250)),
  );

const arm = (median: number, number: number): RoundArm => ({
  window: { start: new Date(START).toISOString(), end: new Date(START + 20_000).toISOString(), seconds: 20 },
  outcomes: outcomes({ ok: 660 }),
  response: times(median, number),
  service: times(median, number),
});

const rounds = (count: number, factor: number, some: Partial<Round> = {}): readonly Round[] =>
  Array.from({ length: count }, (_, i) => ({
    order: i % 2 === 0 ? "base-first" : "head-first",
    base: arm(100, i),
    head: arm(100 * factor, i + 1),
    ...some,
  }));

const duration = (average: number) =>
  cloud({
    functions: [functionMetrics({ throttles: 0, errors: 0, duration: { ...functionMetrics().duration, average } })],
  });

const pairedRecord = (some: readonly Round[], head = 70): RunRecord => ({
  ...record({ cloud: duration(head) }),
  rounds: some,
  baseArm: { url: "https://base.example.com", sha: "abc1234def", system: {}, cloud: duration(70) },
});

describe("a paired record replays by itself", () => {
  test("to a pass", () => {
    const result = judgeRecords(policy, NO_BASELINE, [pairedRecord(rounds(6, 1))]);
    expect(result).toMatchObject({ mode: "paired", verdict: "pass", gateOpen: true });
    expect(result.baseline).toMatchObject({ sha: "abc1234def", runs: 6, spread: "paired" });
  });
  test("to an unconfirmed fail, which the headline says", () => {
    const failed = pairedRecord(rounds(12, 1.3));
    const judgement = judgeRecords(policy, NO_BASELINE, [failed]);
    expect(judgement).toMatchObject({ verdict: "fail", confirmation: "unconfirmed" });
    const context = {
      name: "gate",
      baseBranch: null,
      headSha: null,
      region: null,
      runUrl: null,
      runRecord: null,
      referenceRate: null,
    };
    expect(buildReport({ judgement, record: failed, context }).headline).toContain("(unconfirmed:");
  });
  test("to a confirmed one, or to a suspicion, by the rounds that were measured again", () => {
    const again = (factor: number) => [...rounds(12, 1.3), ...rounds(6, factor, { confirms: true })];
    expect(judgePairedRecord(policy, pairedRecord(again(1.3)))).toMatchObject({
      verdict: "fail",
      confirmation: "confirmed",
    });
    expect(judgePairedRecord(policy, pairedRecord(again(1)))).toMatchObject({
      verdict: "inconclusive",
      confirmation: "refuted",
    });
  });
  test("with AWS's figures of each arm", () => {
    const result = judgeRecords(policy, NO_BASELINE, [pairedRecord(rounds(12, 1), 90)]);
    expect([said(result, "lambda-duration"), said(result, "p50")]).toEqual(["fail", "pass"]);
  });
  test("beside a baseline it is a run like any other", () => {
    const base: Baseline = { kind: "found", state: "file", sha: null, runs: [summarise(record())], notes: [] };
    expect(judgeRecords(policy, base, [pairedRecord(rounds(6, 1))]).mode).toBe("history");
  });
  test("but not beside a base that was refused", () => {
    const refused: Baseline = {
      kind: "none",
      problem: { code: "fingerprint-mismatch", severity: "invalid", message: "users: 20 against 50.", hint: "Again." },
      notes: [],
    };
    expect(judgeRecords(policy, refused, [pairedRecord(rounds(6, 1))])).toMatchObject({
      mode: "history",
      verdict: "invalid",
      gateOpen: false,
    });
  });
  test("and says what differs between the two deployments", () => {
    const system = (memoryMb: number) => ({ "functions.0.name": "orders", "functions.0.memoryMb": memoryMb });
    const one = pairedRecord(rounds(6, 1));
    const moved: RunRecord = {
      ...one,
      fingerprint: { ...one.fingerprint, system: system(1024) },
      baseArm: { url: "https://base.example.com", sha: null, system: system(512), cloud: duration(70) },
    };
    expect(judgeRecords(policy, NO_BASELINE, [moved]).notes).toEqual(["memory 512 -> 1024 MB"]);
  });
  test("and which layer moved, from the two arms", () => {
    const layerAt = (durationMs: number) => {
      const one = { ...pairedRecord(rounds(12, 1.3), durationMs), response: times(130, 1), service: times(130, 1) };
      return judgeRecords(policy, NO_BASELINE, [one]).attribution?.layer;
    };
    expect(layerAt(100)).toBe("code");
    expect(layerAt(70)).toBe("unknown");
  });
  test.each([
    ["function errors", { errors: 792, throttles: 0 }, "code", /points of function errors/],
    ["throttles", { errors: 0, throttles: 792 }, "throttling", /points of throttles/],
    [
      "neither, which the base's count cannot tell from answers before Lambda",
      { errors: 0, throttles: 0 },
      "unknown",
      /do not say which layer/,
    ],
  ] as const)("and where its failures come from: %s", (_, counted, layer, text) => {
    const failing = { ...arm(100, 1), outcomes: outcomes({ ok: 594, "server-error": 66 }) };
    const one = pairedRecord(rounds(12, 1, { head: failing }));
    const of = (invocations: number, counts: { readonly errors: number; readonly throttles: number }) =>
      cloud({
        functions: [
          functionMetrics({
            invocations,
            ...counts,
            duration: duration(70).functions[0]?.duration ?? functionMetrics().duration,
          }),
        ],
      });
    const head = { ...one.totals, outcomes: outcomes({ ok: 7128, "server-error": 792 }), requests: 7920 };
    const told: RunRecord = {
      ...one,
      totals: head,
      cloud: of(7920 - counted.throttles, counted),
      baseArm: { url: "https://base.example.com", sha: null, system: {}, cloud: of(7920, { errors: 0, throttles: 0 }) },
    };
    const { attribution } = judgeRecords(policy, NO_BASELINE, [told]);
    expect(attribution).toEqual({ layer, text: expect.stringMatching(text) });
  });
  test("a record without rounds does not", () => expect(judgePairedRecord(policy, record())).toBeNull());
  test("a look at it while it grows", () => {
    expect(lookAtRecord(policy, pairedRecord(rounds(6, 1)))).toMatchObject({ goOn: false, open: [] });
    expect(lookAtRecord(policy, pairedRecord(rounds(6, 1.1)))?.goOn).toBe(true);
    expect(lookAtRecord(policy, record())).toBeNull();
  });
});

describe("runs measured in pairs", () => {
  const runs = (count: number, median: number, id: string) =>
    Array.from({ length: count }, (_, i) => ({
      ...record({ id: `${id}-${i}` }),
      response: times(median, i),
      service: times(median, i),
    }));
  test("six pairs are judged at once", () =>
    expect(
      judgePairs(policy, { bases: runs(6, 100, "base"), heads: runs(6, 130, "head"), deployment: null }),
    ).toMatchObject({
      mode: "paired",
      baseline: { state: "file", runs: 6 },
      confirmation: "unconfirmed",
    }));
  test("the same record on both sides is said", () =>
    expect(
      judgePairs(policy, { bases: runs(6, 100, "a"), heads: runs(6, 100, "a"), deployment: null }).notes,
    ).toContain("same-record: the same run stands on both sides"));
});
