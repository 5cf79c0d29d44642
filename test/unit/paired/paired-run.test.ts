import { describe, expect, it } from "vitest";
import { judgeRecords } from "../../../src/gate/judge-record.ts";
import { measureAndJudge } from "../../../src/gate/measure-and-judge.ts";
import type { Arm } from "../../../src/load/segment.ts";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { NO_BASELINE } from "../judge/runs.ts";
import { agreesWithSchema } from "../record/schema-check.ts";
import { type Answer, pairedConfig, pairedWorld, responses } from "./paired-world.ts";

const GIT = { repository: null, sha: "5d6e7f8", branch: null, baseBranch: "main", pullRequest: null };
const IDENTITY = {
  id: "run-1",
  version: "0.1.0",
  git: { ...GIT, event: null, runId: null, runAttempt: null },
  workflow: null,
};

/** Medians of the arms in milliseconds; `again` those of the confirmation. */
const answering =
  (medians: Readonly<Record<Arm, number>>, again = medians): Answer =>
  ({ arm }, number) =>
    responses((number > 12 ? again : medians)[arm], number);

const measured = async (answer: Answer, inputs: Readonly<Record<string, string>> = {}) => {
  const world = pairedWorld(answer);
  const config = pairedConfig(inputs);
  const result = await measureAndJudge(config, IDENTITY, world.ports, world.signal);
  const read = parseRecord(JSON.stringify(result.record));
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("; "));
  return { ...result, config, world, replayed: judgeRecords(config, NO_BASELINE, [read.value]) };
};

describe("base and head in turns", () => {
  it.each([
    ["a slower head fails, and is confirmed", { base: 150, head: 200 }, "fail", 12],
    ["the arms swapped are an improvement", { base: 200, head: 150 }, "improved", 6],
    ["identical arms pass at the first look", { base: 150, head: 150 }, "pass", 6],
    ["a head inside the limit and worse warns", { base: 150, head: 160 }, "warn", 6],
  ] as const)("%s", async (_, medians, verdict, rounds) => {
    const { judgement, record, replayed } = await measured(answering(medians));
    expect(judgement).toMatchObject({ mode: "paired", verdict, baseline: { spread: "paired", used: 6 } });
    expect(record.rounds).toHaveLength(rounds);
    expect(replayed).toEqual(judgement);
    expect(agreesWithSchema(record)).toBe(true);
  });

  it("a fail that is not seen again is suspected only", async () => {
    const { judgement, replayed } = await measured(answering({ base: 150, head: 200 }, { base: 150, head: 150 }));
    expect(judgement).toMatchObject({ verdict: "inconclusive", confirmation: "refuted" });
    expect(replayed).toEqual(judgement);
  });

  it("what is open at a look is measured on, within max-duration", async () => {
    // Between the limit's edges: +9 % against +10 %.
    const undecided: Answer = ({ arm }, number) => responses(arm === "head" ? 163 + (number % 5) : 150, number);
    const { record, judgement, replayed } = await measured(undecided);
    expect(record.rounds?.length).toBeGreaterThan(6);
    expect(replayed).toEqual(judgement);
  });
});

describe("the record", () => {
  it("is the head's over all its segments, with the base beside it", async () => {
    const { record } = await measured(answering({ base: 150, head: 150 }));
    expect(record.totals.requests).toBe(6 * 660);
    expect(record.window.seconds).toBe(6 * 20);
    expect(record.warmUp.requests).toBe(6 * 40);
    expect(record.plan).toMatchObject({ url: "https://head.example.com/", runTime: 20 });
    expect(record.fingerprint.test).toMatchObject({ runTime: 20, ramp: 5, seed: 1 });
    expect(record.baseArm).toEqual({ url: "https://base.example.com/", sha: null, system: {}, cloud: null });
    expect(record.rounds?.[0]).not.toHaveProperty("confirms");
  });

  it("names the rows of both arms by the head's, whatever their paths", async () => {
    const { world } = await measured(answering({ base: 150, head: 150 }), {
      url: "https://head.example.com/pr-12/orders",
      "base-url": "https://base.example.com/main/orders",
    });
    expect(world.sent.map(({ arm, plan }) => `${arm} ${plan.tasks[0]?.request.path}`)).toEqual(
      expect.arrayContaining(["base /main/orders", "head /pr-12/orders"]),
    );
  });
});

describe("what cannot be judged", () => {
  it("a cancel is invalid, closes the gate, and keeps the rounds", async () => {
    const world = pairedWorld((sent, number) => {
      if (number === 5) world.controller.abort();
      return number === 5
        ? { ...responses(150, 5), stopped: "interrupted" }
        : answering({ base: 150, head: 150 })(sent, number);
    });
    const { record, judgement } = await measureAndJudge(pairedConfig(), IDENTITY, world.ports, world.signal);
    expect(judgement).toMatchObject({ mode: "paired", verdict: "invalid", gateOpen: false });
    expect(record.validity).toMatchObject({ valid: false, stopped: "interrupted" });
    expect(record.rounds).toHaveLength(2);
    expect(judgement.problems.map(({ code }) => code)).toEqual(["interrupted"]);
    expect(judgeRecords(pairedConfig(), NO_BASELINE, [record])).toEqual(judgement);
  });

  it("a base that is never ready is invalid before anything is sent, and paired all the same", async () => {
    const world = pairedWorld(answering({ base: 150, head: 150 }));
    const probe: typeof world.ports.probe = async ({ url }) => ({
      kind: "answer",
      status: url.includes("base.") ? 503 : 200,
      headers: {},
      body: "",
    });
    const ports = { ...world.ports, probe };
    const { record, judgement } = await measureAndJudge(pairedConfig(), IDENTITY, ports, world.signal);
    expect(judgement).toMatchObject({ mode: "paired", verdict: "invalid" });
    expect(judgement.problems[0]).toMatchObject({ code: "target-not-ready" });
    expect(judgement.problems[0]?.message).toContain("https://base.example.com/");
    expect([world.sent, record.rounds]).toEqual([[], []]);
  });

  it("max-requests before the first round is through is no pass", async () => {
    const cut: Answer = (_, number) => ({ ...responses(150, number), stopped: "max-requests" });
    const { judgement, replayed } = await measured(cut);
    expect(judgement).toMatchObject({ mode: "paired", verdict: "invalid", gateOpen: false });
    expect(replayed).toEqual(judgement);
  });
});
