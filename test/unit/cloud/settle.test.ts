import { describe, expect, test } from "vitest";
import type { FunctionRef } from "../../../src/cloud/cloud.ts";
import type { Expectation } from "../../../src/cloud/expectation.ts";
import type { MetricAnswer } from "../../../src/cloud/queries.ts";
import { type Subject, settle, settleRules, settleStart } from "../../../src/cloud/settle.ts";
import { epochMs, millis } from "../../../src/units.ts";
import { answerOf, cart, type Figures, live, orders, served } from "./cloud-scene.ts";

const LOAD_END = 1_000_000;
const exactly = (count: number): Expectation => ({ atLeast: count, atMost: count });

type Polls = {
  readonly functions?: readonly FunctionRef[];
  readonly timeout?: number;
  readonly subject?: Subject;
  /** Milliseconds after the end of the load. */
  readonly from?: number;
};

/** Plays polls until the reducer is done; the last answer repeats for ever. */
const play = (expected: Expectation, answers: readonly MetricAnswer[], options: Polls = {}) => {
  const { functions = [orders], timeout = 180_000, from = 0 } = options;
  const ofFunctions = settleRules(functions, expected, { loadEnd: epochMs(LOAD_END), timeout: millis(timeout) });
  const rules = { ...ofFunctions, subject: options.subject ?? ofFunctions.subject };
  let state = settleStart;
  let now = LOAD_END + from;
  for (let poll = 0; poll < 1000; poll += 1) {
    const answer = answers[Math.min(poll, answers.length - 1)];
    if (answer === undefined) throw new Error("a scene needs an answer");
    const step = settle(rules, state, { answer, now: epochMs(now) });
    if (step.kind === "done")
      return { state: step.result, polls: step.state.polls, waited: now - LOAD_END, reason: step.reason };
    state = step.state;
    now += step.time;
  }
  throw new Error("it never settled");
};

const one = (...counts: readonly Figures[]): MetricAnswer[] => counts.map((figures) => answerOf([orders], [figures]));
const unavailable: MetricAnswer = { kind: "unavailable", reason: "Throttling: Rate exceeded." };
const nothing = one({});

describe("complete: AWS counted what we sent, twice", () => {
  test.each<[string, number, MetricAnswer[], number]>([
    ["at once and again", 2000, one(served(2000)), 2],
    ["in steps", 2000, one({}, served(900), served(1800), served(2000)), 5],
    ["throttles count as seen", 2000, one(served(1500, { throttles: 500 })), 2],
    ["half a per cent may be missing", 2000, one(served(1990)), 2],
    ["below 200 requests none may be missing", 199, one(served(199)), 2],
    ["everything throttled publishes throttles only", 50, one({ throttles: 50 }), 2],
    ["a few too many are other traffic that does not matter", 2000, one(served(2020)), 2],
    ["1 % and 20 too many of a large run", 10_000, one(served(10_200)), 2],
    ["a poll that fails between equal answers", 2000, [...one(served(2000)), unavailable, ...one(served(2000))], 3],
  ])("%s", (_, sent, answers, polls) => {
    expect(play(exactly(sent), answers)).toMatchObject({ state: "complete", polls, reason: "" });
  });

  test("counts that agree but still move are asked again", () => {
    const { polls } = play(exactly(2000), one(served(1991), served(1995), served(2000)));
    expect(polls).toBe(4);
  });

  test("errors and durations that still move keep it waiting although the calls are counted", () => {
    const late = served(2000, { errors: 3, duration_samples: 1200 });
    expect(play(exactly(2000), one(late, served(2000, { errors: 9 }))).polls).toBe(3);
  });

  test("without Duration there is nothing to judge yet", () => {
    const { duration_average: _, ...withoutDuration } = served(2000);
    expect(play(exactly(2000), one(withoutDuration, withoutDuration, served(2000))).polls).toBe(4);
    expect(play(exactly(2000), one(withoutDuration))).toMatchObject({ state: "partial", waited: 180_000 });
  });
});

describe("at the deadline", () => {
  test.each<[string, number, MetricAnswer[], RegExp]>([
    ["stable but short", 2000, one(served(1800)), /^partial: .*1,800 of 2,000 requests \(90\.0 %\)/],
    ["one missing of 199", 199, one(served(198)), /^partial: .*198 of 199/],
    ["one more missing than tolerated", 2000, one(served(1989)), /^partial: .*1,989/],
    ["no data at all", 2000, nothing, /^incomplete: .*no figures for orders/],
    [
      "still moving",
      2000,
      one(...Array.from({ length: 40 }, (_, n) => served(10 * n + 10))),
      /^incomplete: .*still counting/,
    ],
    ["never an answer", 2000, [unavailable], /^incomplete: .*Rate exceeded/],
    ["no figures yet, and then no answer any more", 2000, [...nothing, unavailable], /^incomplete: .*Rate exceeded/],
  ])("%s", (_, sent, answers, stateAndReason) => {
    const { state, reason, waited } = play(exactly(sent), answers);
    expect(waited).toBe(180_000);
    expect(`${state}: ${reason}`).toMatch(stateAndReason);
  });

  test("late figures that come with the last polls still count", () => {
    const answers = [...Array<MetricAnswer>(11).fill(one({})[0] as MetricAnswer), ...one(served(2000))];
    expect(play(exactly(2000), answers)).toMatchObject({ state: "complete", polls: 13, waited: 180_000 });
  });

  test("a last poll that fails does not unsettle what was stable", () => {
    const answers = [...one(served(1800), served(1800)), unavailable];
    expect(play(exactly(2000), answers)).toMatchObject({ state: "partial", polls: 13 });
  });

  test("agreeing once is not enough", () => {
    expect(play(exactly(2000), one(served(2000)), { timeout: 0 })).toMatchObject({ state: "incomplete", polls: 1 });
  });
});

describe("contaminated: more than 2 % and more than 20 too many, stable", () => {
  test.each<[string, number, number, string]>([
    ["5 % too many", 2000, 2100, "contaminated"],
    ["exactly 2 %", 2000, 2040, "complete"],
    ["one more than 2 %", 2000, 2041, "contaminated"],
    ["20 too many of 100", 100, 120, "complete"],
    ["21 too many of 100", 100, 121, "contaminated"],
  ])("%s", (_, sent, seen, state) => {
    expect(play(exactly(sent), one(served(seen)))).toMatchObject({ state, polls: 2 });
  });

  test("an overshoot that still grows waits, and at the deadline is incomplete", () => {
    const growing = one(...Array.from({ length: 40 }, (_, n) => served(2100 + n)));
    expect(play(exactly(2000), growing).state).toBe("incomplete");
  });

  test("requests that may have arrived are no foreign traffic", () => {
    expect(play({ atLeast: 1000, atMost: 1200 }, one(served(1200))).state).toBe("complete");
  });
});

describe("what nobody can know is a range", () => {
  const range: Expectation = { atLeast: 900, atMost: 1000 };
  test("the upper end is reached: no reason to wait", () => {
    expect(play(range, one(served(1000)))).toMatchObject({ state: "complete", polls: 2 });
  });
  test("inside the range a plateau of a third of the timeout decides", () => {
    expect(play(range, one(served(930)))).toMatchObject({ state: "complete", waited: 60_000 });
  });
  test("the plateau begins anew when something arrives", () => {
    expect(play(range, one(served(910), served(910), served(940)))).toMatchObject({
      state: "complete",
      waited: 90_000,
    });
  });
  test("below the lower end it is partial", () => {
    expect(play(range, one(served(800))).reason).toMatch(/800 of 900 to 1,000 requests/);
  });
  test("nothing at all is never complete", () => {
    expect(play({ atLeast: 0, atMost: 50 }, nothing).state).toBe("incomplete");
    expect(play({ atLeast: 0, atMost: 50 }, one({ invocations: 0 })).state).not.toBe("complete");
  });
});

describe("several functions have no exact number", () => {
  const both = [orders, cart];
  const pair = (a: Figures, b: Figures) => answerOf(both, [a, b]);
  const done = (...answers: readonly MetricAnswer[]) => play(exactly(1000), answers, { functions: both });
  test("each is there, together they reach the requests, stable", () => {
    expect(done(pair(served(600), served(400)))).toMatchObject({ state: "complete", polls: 2 });
  });
  test("a request may call both: more than was sent is no foreign traffic", () => {
    expect(done(pair(served(1000), served(1000))).state).toBe("complete");
  });
  test("one of them without figures is partial, by name", () => {
    const result = done(pair(served(1000), {}));
    expect(result).toMatchObject({ state: "partial", waited: 180_000 });
    expect(result.reason).toContain("cart");
  });
  test("where AWS has counted what was sent, one that has no datapoint is said to be not called, or late; never 0", () => {
    expect(done(pair(served(1000), {}))).toMatchObject({
      state: "partial",
      waited: 180_000,
      reason:
        "AWS counted 1,000 calls for 1,000 requests and none of cart until the end of metrics-timeout: it was not called during the run (then leave it out of functions), or its figures are late or under another name, alias or region.",
    });
    const three = answerOf([orders, cart, live], [served(1000), {}, {}]);
    const { reason } = play(exactly(1000), [three], { functions: [orders, cart, live] });
    expect(reason).toMatch(/and none of cart, orders:live until .*: they were not called/);
  });
  test("a function whose figures come last is waited for, although the others reach the requests", () => {
    const late = [pair(served(1000), {}), pair(served(1000), {}), pair(served(1000), served(1000))];
    expect(done(...late)).toMatchObject({ state: "complete", polls: 4 });
  });
  test.each([
    ["AWS has counted less than was sent", pair(served(900), {})],
    ["a function has invocations and no Duration", pair(served(1000), { invocations: 20 })],
  ])("nothing is said of a function that was not called where %s", (_, answer) => {
    expect(done(answer)).toMatchObject({
      state: "partial",
      reason: expect.stringMatching(/no complete figures for cart/),
    });
  });
  test("an alias beside its whole function is not counted twice", () => {
    const functions = [orders, live];
    const answer = answerOf(functions, [served(500), served(500)]);
    expect(play(exactly(1000), [answer], { functions }).state).toBe("partial");
  });
  test("a function named twice is not counted twice", () => {
    const functions = [cart, cart];
    const answer = answerOf(functions, [served(500), served(500)]);
    expect(play(exactly(1000), [answer], { functions }).state).toBe("partial");
  });
});

describe("denied ends it at once", () => {
  const denied: MetricAnswer = { kind: "denied", reason: "The AWS role may not read CloudWatch." };
  test("on the first poll", () => {
    expect(play(exactly(10), [denied])).toEqual({ state: "denied", polls: 1, waited: 0, reason: denied.reason });
  });
  test("and after figures have been seen", () => {
    expect(play(exactly(10), [...one(served(4)), denied])).toMatchObject({ state: "denied", polls: 2 });
  });
});

describe("polls", () => {
  test.each<[string, number, number]>([
    ["every 15 s of the default 3 min", 180_000, 13],
    ["an eighth of a short timeout", 8_000, 9],
    ["every 15 s of a long one", 600_000, 41],
  ])("%s, from the end of the load to the deadline", (_, timeout, polls) => {
    expect(play(exactly(10), nothing, { timeout })).toMatchObject({ polls, waited: timeout });
  });
});

describe("a front end beside Lambda: its count decides over no metric, so nobody waits for it in vain", () => {
  const subject: Subject = {
    ...{ names: ["the HTTP API a1"], what: "the HTTP API", several: false, twice: false },
    count: (values) => ({
      seen: values["fe_count"] ?? null,
      missing: [],
      absent: [],
      signature: JSON.stringify(values),
    }),
  };
  const counted = (...counts: readonly (number | null)[]): MetricAnswer[] =>
    counts.map((count) => ({ kind: "values", values: { fe_count: count }, messages: [] }));

  test.each<[string, MetricAnswer[], Polls, object]>([
    ["what was sent, seen once, is all there is", counted(2000), {}, { state: "complete", polls: 1, waited: 0 }],
    ["a count that grows is waited for", counted(500, 1500, 2000), {}, { state: "complete", polls: 3 }],
    [
      "a count that stays short is partial after a third of the time",
      counted(1500),
      {},
      { state: "partial", waited: 60_000 },
    ],
    ["no count is incomplete after a third of the time", counted(null), {}, { state: "incomplete", waited: 60_000 }],
    ["too many are other traffic", counted(2600), {}, { state: "contaminated" }],
    [
      "one look is taken when Lambda used the time up",
      counted(2000),
      { from: 200_000 },
      { state: "complete", polls: 1 },
    ],
    ["and it may be short", counted(1500), { from: 200_000 }, { state: "partial", polls: 1 }],
  ])("%s", (_, answers, options, expected) => {
    expect(play(exactly(2000), answers, { ...options, functions: [], subject })).toMatchObject(expected);
  });

  test("its sentence names it", () => {
    const { reason } = play(exactly(2000), counted(null), { functions: [], subject });
    expect(reason).toContain("AWS has no figures for the HTTP API a1 in the minutes of the run");
    expect(play(exactly(2000), counted(2600), { functions: [], subject }).reason).toContain("reached the HTTP API");
  });
});
