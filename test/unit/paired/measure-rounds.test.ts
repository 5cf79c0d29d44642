import { describe, expect, it } from "vitest";
import { type MeasureRounds, measureRounds } from "../../../src/gate/measure-rounds.ts";
import type { Look } from "../../../src/judge/paired.ts";
import type { LoadPlan } from "../../../src/load/plan.ts";
import { segmentTimes } from "../../../src/load/segment.ts";
import { millis } from "../../../src/units.ts";
import { plan } from "../record/sample-record.ts";
import { calm } from "../target/load-result.ts";
import { type Answer, BASE_URL, HEAD_URL, pairedWorld, refused, responses } from "./paired-world.ts";

const DECIDED = { decided: ["p50"], open: [], goOn: false };
const OPEN = { decided: [], open: ["p50"], goOn: true };
const PLAN: LoadPlan = { ...plan(), origin: new URL(HEAD_URL).origin };

/** Segments of 5 + 20 s and a second to settle; decided after so many rounds, and failing or not. */
const scene = (
  options: {
    readonly answer?: Answer;
    readonly decidedAt?: number;
    readonly failing?: readonly string[];
    readonly maxMinutes?: number;
    readonly plan?: Partial<LoadPlan>;
  } = {},
) => {
  const world = pairedWorld(options.answer ?? ((_, number) => responses(100, number)));
  const looks: number[] = [];
  const head = { ...PLAN, ...options.plan };
  const asked: MeasureRounds = {
    plans: { head, base: { ...head, origin: new URL(BASE_URL).origin } },
    times: segmentTimes(head, millis(20_000)),
    signing: { base: null, head: null },
    onLog: () => undefined,
    maxDuration: millis((options.maxMinutes ?? 60) * 60_000),
    look: ({ rounds }): Look => {
      looks.push(rounds.length);
      const done = rounds.length >= (options.decidedAt ?? 6);
      return {
        rounds: rounds.length,
        next: null,
        ...(done ? DECIDED : OPEN),
        ...(rounds.length === 24 ? { goOn: false } : {}),
      };
    },
    failing: () => options.failing ?? [],
    ...world,
  };
  return { ...world, looks, run: () => measureRounds(asked) };
};

describe("rounds", () => {
  it("have both arms once, each order equally often, and both arms the same plan and seed", async () => {
    const world = scene();
    const { rounds } = await world.run();
    expect(rounds.map(({ order }) => order).toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => "base-first"),
      ...Array.from({ length: 3 }, () => "head-first"),
    ]);
    expect(world.rounds()).toEqual(rounds.map(({ order }) => (order === "base-first" ? "base head" : "head base")));
    const seeds = world.sent.map(({ plan: { seed } }) => seed);
    expect(seeds).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    const shapes = new Set(world.sent.map(({ plan: { ramp, runTime, users } }) => `${ramp} ${runTime} ${users}`));
    expect([...shapes]).toEqual(["5 25 20"]);
  });

  it("warm each arm up before its first segment only", async () => {
    const world = scene({ plan: { preWarm: 3 } });
    await world.run();
    expect(world.sent.map(({ plan: { warmUp, preWarm } }) => `${warmUp} ${preWarm}`)).toEqual([
      "5 3",
      "5 3",
      ...Array.from({ length: 10 }, () => "0 0"),
    ]);
  });

  it("settle between segments, and neither before the first nor behind the last", async () => {
    const world = scene();
    await world.run();
    expect(world.slept).toEqual(Array.from({ length: 11 }, () => 1_000));
  });

  it.each([6, 12, 18, 24])("end at the look after %i rounds when all is decided there", async (decidedAt) => {
    const world = scene({ decidedAt });
    const { rounds, problems } = await world.run();
    expect([rounds.length, problems]).toEqual([decidedAt, []]);
    expect(world.looks).toEqual([6, 12, 18, 24].filter((look) => look <= decidedAt));
  });

  it("end after 24 when nothing is ever decided", async () => {
    expect((await scene({ decidedAt: 99 }).run()).rounds).toHaveLength(24);
  });

  it("say each segment, and what a look has found", async () => {
    const world = scene({ decidedAt: 12 });
    await world.run();
    expect(world.lines.filter((line) => /^Round 3 /.test(line))).toHaveLength(2);
    expect(world.lines).toContain("Round 3 of at most 24, base segment.");
    expect(world.lines).toContain(
      "After 6 rounds: nothing is decided; p50 open; the next look is after 12 rounds, if there is time.",
    );
    expect(world.lines).toContain("After 12 rounds: p50 decided, which is all that gates.");
  });
});

describe("max-duration", () => {
  it.each([
    [6, 6],
    [10, 11],
    [15, 17],
  ])("of %i minutes has room for %i rounds of 52 s", async (maxMinutes, most) => {
    const world = scene({ decidedAt: 99, maxMinutes });
    const { rounds } = await world.run();
    expect(rounds).toHaveLength(most);
    expect(world.elapsed()).toBeLessThanOrEqual(maxMinutes * 60);
  });

  it("holds where segments take longer than planned, because answers are waited for", async () => {
    const world = scene({
      decidedAt: 99,
      maxMinutes: 10,
      answer: (_, n) => ({ ...responses(100, n), tookMs: 40_000 }),
    });
    const { rounds } = await world.run();
    expect(rounds).toHaveLength(7);
    expect(world.elapsed()).toBeLessThanOrEqual(600);
  });
});

describe("a fail", () => {
  it("is measured again in six rounds of its own", async () => {
    const world = scene({ failing: ["p50"] });
    const { rounds } = await world.run();
    expect(rounds.map(({ confirms }) => confirms)).toEqual([...Array(6).fill(false), ...Array(6).fill(true)]);
    expect(world.sent.at(-1)?.plan.seed).toBe(12);
    expect(world.lines).toContain("Confirmation, round 6 of 6, head segment.");
  });

  it("is confirmed in as many rounds as there is time for, four at least", async () => {
    const some = await scene({ failing: ["p50"], maxMinutes: 9.5 }).run();
    expect(some.rounds.filter(({ confirms }) => confirms)).toHaveLength(4);
    const world = scene({ failing: ["p50"], maxMinutes: 8 });
    expect((await world.run()).rounds.filter(({ confirms }) => confirms)).toEqual([]);
    expect(world.lines.at(-1)).toBe("p50 failed, and max-duration leaves no time to confirm it.");
  });

  it("is not refuted by a confirmation that time has cut to too few rounds", async () => {
    const answer: Answer = (_, n) => ({ ...responses(100, n), ...(n > 12 ? { tookMs: 60_000 } : {}) });
    const { rounds, segments } = await scene({ failing: ["p50"], maxMinutes: 10, answer }).run();
    expect([rounds.length, segments.head.length > 6]).toEqual([6, true]);
  });
});

const disturbed = (number: number) => ({
  ...responses(100, number),
  generator: { ...calm, utilisation: { mean: 1, max: 1, shareAbove80: 1 } },
});

describe("a round in which the generator was disturbed", () => {
  it("is measured again whole, with the same order and seed; nothing of it is in a round", async () => {
    const world = scene({ answer: (_, n) => (n === 6 ? disturbed(n) : responses(100, n)) });
    const { rounds, problems, segments, aside } = await world.run();
    expect(rounds).toHaveLength(6);
    expect(world.sent.map(({ plan: { seed } }) => seed)).toEqual([1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6]);
    expect(world.rounds()[2]).toBe(world.rounds()[3]);
    expect([segments.base.length, segments.head.length, aside.base.length, aside.head.length]).toEqual([6, 6, 1, 1]);
    expect(problems).toMatchObject([{ code: "generator-saturated", severity: "note" }]);
    expect(rounds.flatMap(({ base, head }) => [base, head]).every(({ generator }) => generator === calm)).toBe(true);
  });

  it("is not finished when its first segment shows it, and does not warm up again", async () => {
    const world = scene({ answer: (_, n) => (n === 1 ? disturbed(n) : responses(100, n)) });
    await world.run();
    const [first] = world.sent;
    const own = world.sent.filter(({ arm }) => arm === first?.arm).map(({ plan: { warmUp } }) => warmUp);
    expect([world.sent.length, own]).toEqual([13, [5, 0, 0, 0, 0, 0, 0]]);
  });

  it("costs time like any other", async () => {
    const world = scene({ maxMinutes: 6, answer: (_, n) => (n === 6 ? disturbed(n) : responses(100, n)) });
    expect((await world.run()).rounds).toHaveLength(5);
    expect(world.elapsed()).toBeLessThanOrEqual(360);
  });
});

describe("what ends the measurement", () => {
  it("a generator that is at its limit again and again", async () => {
    const world = scene({ answer: (_, n) => (n > 4 ? disturbed(n) : responses(100, n)) });
    const { rounds, problems, segments, aside } = await world.run();
    expect([rounds.length, world.sent.length]).toEqual([2, 9]);
    expect(problems).toMatchObject([{ code: "generator-saturated", severity: "invalid" }]);
    expect(problems[0]?.message).toMatch(
      /^5 of 7 rounds were disturbed, the last one so: Round 3, (base|head): The load generator was at its own limit/,
    );
    expect([...segments.base, ...segments.head, ...aside.base, ...aside.head]).toHaveLength(9);
  });

  it.each(["base", "head"] as const)("a %s that refuses everything", async (arm) => {
    const world = scene({ answer: (sent, n) => (sent.arm === arm ? refused : responses(100, n)) });
    const { rounds, problems } = await world.run();
    expect([rounds.length, problems[0]?.code]).toEqual([0, "target-refused"]);
    expect(problems[0]?.message).toContain(`Round 1, ${arm}:`);
  });

  it("max-requests, over all segments together", async () => {
    const answer: Answer = ({ plan: { maxRequests } }, n) =>
      maxRequests <= 700 ? { ...responses(100, n), stopped: "max-requests" } : responses(100, n);
    const world = scene({ answer, plan: { maxRequests: 5_600 } });
    const { rounds, problems } = await world.run();
    expect(world.sent.map(({ plan: { maxRequests } }) => maxRequests)).toEqual([
      5_600, 4_900, 4_200, 3_500, 2_800, 2_100, 1_400, 700,
    ]);
    expect([rounds.length, problems]).toEqual([3, []]);
    expect(world.lines.at(-1)).toContain("max-requests is spent in round 4");
  });

  it("stop-if ends its segment, and not the measurement", async () => {
    const world = scene({ answer: (_, n) => ({ ...responses(100, n), stopped: "stop-if" }) });
    expect((await world.run()).rounds).toHaveLength(6);
  });

  it("a cancel, with the rounds so far", async () => {
    const world = scene({
      answer: (_, n) => {
        if (n === 4) world.controller.abort();
        return n === 4 ? { stopped: "interrupted" } : responses(100, n);
      },
    });
    const { rounds, problems } = await world.run();
    expect([rounds.length, world.sent.length, problems[0]?.code]).toEqual([1, 4, "interrupted"]);
  });
});
