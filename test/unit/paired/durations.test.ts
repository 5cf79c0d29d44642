import { describe, expect, it } from "vitest";
import type { LogLine } from "../../../src/cloud/report-line.ts";
import type { GatePorts } from "../../../src/gate/gate-contract.ts";
import { judgeRecords } from "../../../src/gate/judge-record.ts";
import { measureAndJudge } from "../../../src/gate/measure-and-judge.ts";
import type { Arm } from "../../../src/load/segment.ts";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { epochMs } from "../../../src/units.ts";
import { NO_BASELINE } from "../judge/runs.ts";
import { agreesWithSchema } from "../record/schema-check.ts";
import { pairedConfig, pairedWorld, responses, type Sent } from "./paired-world.ts";

const GIT = { repository: null, sha: "5d6e7f8", branch: null, baseBranch: "main", pullRequest: null };
const IDENTITY = {
  id: "run-1",
  version: "0.1.0",
  git: { ...GIT, event: null, runId: null, runAttempt: null },
  workflow: null,
};

const DENIED = { kind: "denied", permission: true, reason: "The AWS role may not.", hint: "Let it." } as const;

/** One function on both sides, whose handler takes so long for the base and for the head; `lost` lines were not written. */
const measured = async (
  took: Readonly<Record<Arm, number>>,
  lost: (line: { readonly segment: number; readonly i: number }) => boolean = () => false,
  inputs: Readonly<Record<string, string>> = {},
) => {
  const world = pairedWorld((_, number) => responses(150, number));
  const calls: string[] = [];
  const reportsOf = ({ arm, plan, at }: Sent, segment: number): readonly LogLine[] => {
    const start = at + plan.warmUp * 1000;
    const ramp = (plan.ramp ?? 0) * 1000;
    // 33 a second, those of the ramp five times as long: they may not count.
    return Array.from({ length: 33 * plan.runTime }, (_, i) => ({ i, started: start + ((i + 0.5) * 1000) / 33 }))
      .filter(({ i }) => !lost({ segment, i }))
      .map(({ i, started }) => {
        const ms = took[arm] * (started < start + ramp ? 5 : 1 + 0.002 * (segment % 3));
        const message = `REPORT RequestId: ${segment}-${i}\tDuration: ${ms.toFixed(2)} ms\tBilled Duration: ${Math.ceil(ms)} ms\t`;
        return { at: epochMs(Math.round(started + ms)), stream: "2026/11/21/[$LATEST]0123", message };
      });
  };
  const denied = async () => DENIED;
  const ports: GatePorts = {
    ...world.ports,
    lambda: {
      ...{ configuration: denied, alias: denied, provisioned: denied, reserved: denied, account: denied },
      region: async () => "eu-west-1",
    },
    logs: {
      insights: async () => {
        calls.push("insights");
        return DENIED;
      },
      lines: async () => {
        calls.push("lines");
        return { kind: "value", value: world.sent.flatMap(reportsOf) };
      },
    },
  };
  const config = pairedConfig({ functions: "orders", "base-functions": "orders", ...inputs });
  const { record, judgement } = await measureAndJudge(config, IDENTITY, ports, world.signal);
  const read = parseRecord(JSON.stringify(record));
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("; "));
  const replayed = judgeRecords(config, NO_BASELINE, [read.value]);
  const duration = judgement.metrics.find(({ id }) => id === "lambda-duration");
  return { record, judgement, replayed, duration, calls };
};

describe("Duration by round of a function that both sides share", () => {
  it.each([
    ["the same", { base: 70, head: 70 }, "pass"],
    ["slower", { base: 70, head: 90 }, "fail"],
  ] as const)("%s: told by the time of the segments, and replayed from the record", async (_, took, verdict) => {
    const { record, judgement, replayed, duration } = await measured(took);
    expect(duration?.finding.kind).toBe(verdict);
    expect(duration?.how?.data).toMatchObject({ design: "rounds", whole: { rounds: 6, of: 6 } });
    for (const { base, head } of record.rounds ?? [])
      for (const [arm, ms] of [
        [base, took.base],
        [head, took.head],
      ] as const)
        expect(arm.durations).toEqual([{ function: "orders", invocations: 660, durationMs: expect.closeTo(ms, 0) }]);
    expect(replayed).toEqual(judgement);
    expect(agreesWithSchema(record)).toBe(true);
  });

  it("a round without its lines is too few of six, and CloudWatch has nothing to fall back to", async () => {
    const { duration, replayed, judgement } = await measured({ base: 70, head: 90 }, ({ segment }) => segment === 3);
    expect(duration?.finding).toMatchObject({ kind: "not-measured", reason: expect.stringContaining("same function") });
    expect(replayed).toEqual(judgement);
  });

  it("lines that are lost here and there leave the rounds whole", async () => {
    const { duration } = await measured({ base: 70, head: 70 }, ({ i }) => i % 50 === 0);
    expect(duration?.how?.data).toMatchObject({ whole: { rounds: 6, of: 6 } });
  });

  it("logs: off reads none", async () => {
    const { record, calls } = await measured({ base: 70, head: 70 }, undefined, { logs: "off" });
    expect(calls).toEqual([]);
    expect(record.rounds?.[0]?.head).not.toHaveProperty("durations");
  });
});
