import { describe, expect, it } from "vitest";
import { reportContext } from "../../../src/entry/report-context.ts";
import { interruptedResult } from "../../../src/gate/interrupted.ts";
import { judgeRecords } from "../../../src/gate/judge-record.ts";
import { publishCancelled } from "../../../src/gate/publish.ts";
import { withinGrace } from "../../../src/gate/within-grace.ts";
import type { Publisher } from "../../../src/ports.ts";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { buildReport } from "../../../src/report/model.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { config, record } from "../record/sample-record.ts";

const whole = (policy: Parameters<typeof config>[0] = {}) => {
  const made = record();
  const baseline = { kind: "absolute" } as const;
  return { record: made, baseline, history: null, judgement: judgeRecords(config(policy), baseline, [made]) };
};

describe("a run that was cancelled when all of it had been measured", () => {
  it("is no longer a verdict, and its record says so to whoever reads it later", () => {
    const { record: cut, judgement } = interruptedResult(whole(), config());
    expect([judgement.verdict, judgement.gateOpen]).toEqual(["invalid", false]);
    expect(cut.validity.problems.map(({ code }) => code)).toEqual(["interrupted"]);
    const read = parseRecord(JSON.stringify(cut));
    expect(read.ok && summarise(read.value)).toMatchObject({ interrupted: true, valid: false });
  });

  it("closes the gate whatever the policy says of invalid runs", () => {
    const { gate } = config();
    for (const policy of [{ ...gate, onInvalid: "pass" } as const, { ...gate, failOn: "never" } as const])
      expect(interruptedResult(whole({ gate: policy }), config({ gate: policy })).judgement.gateOpen).toBe(false);
  });

  it("is said once, however often it is said", () => {
    const once = interruptedResult(whole(), config());
    expect(interruptedResult(once, config())).toEqual(once);
  });
});

it("what it has published is taken back: only comments that stand there are edited, a status is a failure", async () => {
  const said: string[] = [];
  const ok = { ok: true, value: null } as const;
  const publisher: Publisher = {
    comment: async (marker, body, { onlyIfPresent }) => {
      said.push(`${marker} ${onlyIfPresent} ${body.includes("cancelled")}`);
      return ok;
    },
    summary: async (text) => {
      said.push(`summary ${text.includes("cancelled")}`);
      return ok;
    },
    status: async (state) => {
      said.push(state);
      return ok;
    },
    artifact: async () => {
      said.push("artifact");
      return { ok: true, value: { id: 1 } };
    },
  };
  const { report: usual } = config();
  const policy = config({ report: { ...usual, commentKey: "gate", commitStatus: true } });
  const cut = interruptedResult(whole(), policy);
  const result = { ...cut, record: { ...cut.record, git: { ...cut.record.git, pullRequest: 7 } } };
  const context = reportContext(policy, result, { runUrl: null, runRecord: null });
  const report = buildReport({ judgement: result.judgement, record: result.record, context });
  await publishCancelled({ config: policy, result, report, publisher });
  expect(said).toEqual(["summary true", "<!-- swarmgate:v1:gate --> true true", "failure"]);
});

describe("work that may come to an end after a cancel", () => {
  const clockOf = (slept: number[]) => ({
    now: () => epochMs(0),
    sleep: async (time: number) => {
      slept.push(time);
    },
  });
  const grace = millis(500);

  it("is waited for without a limit while nobody cancels", async () => {
    const slept: number[] = [];
    const { signal } = new AbortController();
    expect(await withinGrace(Promise.resolve([1]), { grace, clock: clockOf(slept), signal })).toEqual([1]);
    expect(slept).toEqual([]);
  });

  it("still counts when it ends within its grace", async () => {
    const { promise, resolve } = Promise.withResolvers<readonly number[]>();
    const clock = {
      now: () => epochMs(0),
      sleep: (): Promise<void> => {
        resolve([1]);
        return new Promise(() => {});
      },
    };
    expect(await withinGrace(promise, { grace, clock, signal: AbortSignal.abort() })).toEqual([1]);
  });

  it("is left alone when it does not", async () => {
    const slept: number[] = [];
    const hung = new Promise<readonly number[]>(() => {});
    expect(await withinGrace(hung, { grace, clock: clockOf(slept), signal: AbortSignal.abort() })).toBe(null);
    expect(slept).toEqual([500]);
  });

  it("may fail after it was given up", async () => {
    const { promise, reject } = Promise.withResolvers<readonly number[]>();
    expect(await withinGrace(promise, { grace, clock: clockOf([]), signal: AbortSignal.abort() })).toBe(null);
    reject(new Error("too late"));
  });
});
