import { beforeEach, describe, expect, it, test } from "vitest";
import type { Judgement } from "../../../src/judge/verdict.ts";
import { seeded } from "../../property/seeded.ts";
import { ALL_EYES, CALM, type Eyes, type World, worldRun } from "./layer-world.ts";
import { ABSOLUTE, found, judge, NO_BASELINE } from "./runs.ts";

/** Each test has the same noise, whatever ran before it. */
let uniform = seeded(42);
beforeEach(() => {
  uniform = seeded(42);
});

const judgedWith = (change: Partial<World>, eyes: Eyes = ALL_EYES): Judgement =>
  judge({
    base: found(...[1, 2, 3, 4, 5].map((day) => worldRun(CALM, day, eyes, uniform))),
    heads: [worldRun({ ...CALM, ...change }, 20, eyes, uniform)],
  });

describe("the sentence has the evidence", () => {
  it.each<[string, Partial<World>, string, RegExp]>([
    ["a slower handler", { handler: 400 }, "code", /lambda-duration \+\d+ ms .* of \+\d+ ms/],
    ["cold starts", { coldShare: 0.4, init: 900 }, "cold-start", /cold starts \+\d+ ms/],
    ["a slower gateway", { gateway: 300 }, "gateway", /the front end's own time \+\d+ ms/],
    ["a longer round trip", { network: 300 }, "network", /not the code: connecting \+\d+ ms/],
    ["a detour", { detour: 300 }, "network", /the way to the front end \+\d+ ms/],
    ["a generator without a core", { strain: 300 }, "runner", /a strained load generator \+\d+ ms/],
    ["throttles alone", { throttled: 0.2 }, "throttling", /\+\d+ points of throttles, \+\d+ points of failures/],
    ["function errors", { errors: 0.2 }, "code", /function errors/],
    ["answers before Lambda", { refused: 0.2 }, "gateway", /answers that Lambda never saw/],
    ["a faster handler", { handler: 30 }, "code", /lambda-duration -\d/],
    [
      "a much slower handler that is throttled",
      { handler: 900, throttled: 0.2 },
      "code",
      /throttles follow from the concurrency/,
    ],
    [
      "function errors and half as many throttles",
      { errors: 0.2, throttled: 0.08 },
      "code",
      /\+\d+ points of function errors, \+\d+ points of failures/,
    ],
    [
      "a faster handler and throttles, which cannot follow from it",
      { handler: 40, throttled: 0.2 },
      "throttling",
      /points of throttles.*; besides, the code moved: lambda-duration \d+ ms to \d/,
    ],
    [
      "a handler that is faster because it fails",
      { handler: 40, errors: 0.2 },
      "code",
      /function errors.*; besides, the code moved: lambda-duration \d+ ms to \d/,
    ],
    [
      "a cold start storm that is throttled",
      { coldShare: 0.4, init: 900, throttled: 0.2 },
      "cold-start",
      /throttles follow from the concurrency/,
    ],
    [
      "a slower way and throttles",
      { network: 300, throttled: 0.2 },
      "throttling",
      /points of throttles.*; besides, the network moved/,
    ],
    [
      "a slower way and function errors",
      { network: 300, errors: 0.2 },
      "code",
      /function errors.*besides, the network/,
    ],
    [
      "a slower handler that fails",
      { handler: 400, errors: 0.2 },
      "code",
      /function errors.*; besides, the code moved: lambda-duration/,
    ],
    [
      "a slower handler and answers before Lambda",
      { handler: 400, refused: 0.2 },
      "gateway",
      /answers that Lambda never saw.*; besides, the code moved: lambda-duration/,
    ],
    [
      "a slower handler and failures of several kinds",
      { handler: 400, throttled: 0.15, errors: 0.15 },
      "code",
      /^the code moved.*; besides, .*counts do not say which layer/,
    ],
    ["throttles beside a latency that is only suspected", { throttled: 0.2, detour: 30 }, "throttling", /throttles/],
    ["nothing", {}, "none", /nothing moved/],
  ])("%s", (_, change, layer, text) => {
    const { attribution } = judgedWith(change);
    expect(attribution?.layer).toBe(layer);
    expect(attribution?.text).toMatch(text);
  });
});

it("fewer throttles behind a faster handler are the code's", () => {
  const attribution = judge({
    base: found(
      ...[1, 2, 3, 4, 5].map((day) => worldRun({ ...CALM, handler: 700, throttled: 0.2 }, day, ALL_EYES, uniform)),
    ),
    heads: [worldRun({ ...CALM, handler: 7 }, 20, ALL_EYES, uniform)],
    limits: "p50: off; p90: off; p95: off; failure-rate: off; lambda-throttles: +1pp",
  }).attribution;
  expect(attribution).toMatchObject({
    layer: "code",
    text: expect.stringMatching(/^the code moved: lambda-duration \d{3} ms to \d\.\d+ ms$/),
  });
});

describe("unknown, and says what is missing", () => {
  it.each<[string, Partial<World>, Eyes, RegExp]>([
    ["cold starts without logs", { coldShare: 0.4, init: 900 }, { ...ALL_EYES, logs: false }, /without the logs/],
    [
      "a slow gateway without its metrics",
      { gateway: 300 },
      { ...ALL_EYES, frontEnd: false },
      /without the front end's metrics/,
    ],
    [
      "anything without Duration",
      { handler: 400 },
      { frontEnd: false, logs: false, functions: false },
      /Duration is not known/,
    ],
    ["two layers alike", { handler: 240, gateway: 128 }, ALL_EYES, /no layer explains it alone/],
    [
      "a longer way beside rare stalls of the load generator, which cannot have done it",
      { network: 300, stalls: 250 },
      ALL_EYES,
      /a request takes \+\d+ ms/,
    ],
    [
      "a handler that is somewhat slower and throttles, which may follow from it or not",
      { handler: 140, throttled: 0.2 },
      ALL_EYES,
      /which came first, these figures do not say/,
    ],
    ["throttles and as many function errors", { throttled: 0.15, errors: 0.15 }, ALL_EYES, /do not say which layer/],
  ])("%s", (_, change, eyes, text) => {
    const { attribution } = judgedWith(change, eyes);
    expect(attribution?.layer).toBe("unknown");
    expect(attribution?.text).toMatch(text);
  });
});

describe("what did not move is not said to have moved", () => {
  type Sides = { readonly base?: Partial<World>; readonly head?: Partial<World>; readonly limits?: string };
  const compared = ({ base, head, limits = "" }: Sides, eyes: Eyes = ALL_EYES) =>
    judge({
      base: found(...[1, 2, 3, 4, 5].map((day) => worldRun({ ...CALM, ...base }, day, eyes, uniform))),
      heads: [worldRun({ ...CALM, ...head }, 20, eyes, uniform)],
      limits,
    }).attribution;
  it.each<[string, Sides, string, RegExp]>([
    [
      "throttles that the base has, too",
      { base: { throttled: 0.05 }, head: { throttled: 0.05 } },
      "none",
      /without a change/,
    ],
    ["a Duration above its limit on both sides", { limits: "lambda-duration: <= 50ms" }, "none", /without a change/],
    ["cold starts above theirs", { limits: "lambda-cold-starts: <= 0.1%" }, "none", /without a change/],
    ["a concurrency above its limit", { limits: "required-concurrency: <= 1" }, "none", /without a change/],
    [
      "fewer throttles, still too many",
      { base: { throttled: 0.2 }, head: { throttled: 0.05 } },
      "throttling",
      /-1\d points of throttles/,
    ],
    [
      "no throttles any more",
      { base: { throttled: 0.2 }, limits: "lambda-throttles: +1pp" },
      "throttling",
      /-\d+ points of throttles/,
    ],
    ["a load generator that became calm", { base: { strain: 300 } }, "runner", /load generator moved, not the code/],
    [
      "a shorter way, on a busier generator",
      { base: { network: 300 }, head: { strain: 60 } },
      "network",
      /connecting -\d+ ms/,
    ],
  ])("%s", (_, sides, layer, text) => {
    const attribution = compared(sides);
    expect(attribution?.text).toMatch(text);
    expect(attribution?.layer).toBe(layer);
  });
  test("a median that the network moved does not speak for a mean that cold starts moved, where no log tells of them", () => {
    const head = { network: 60, coldShare: 0.3, init: 1500 };
    expect(compared({ head }, { ...ALL_EYES, logs: false })?.layer).toBe("unknown");
  });
});

describe("what there is nothing to compare with", () => {
  const head = worldRun(CALM, 20, ALL_EYES, uniform);
  test("no baseline, or absolute limits only: none", () => {
    expect(judge({ base: NO_BASELINE, heads: [head] }).attribution).toBeNull();
    expect(judge({ base: ABSOLUTE, heads: [head] }).attribution).toBeNull();
  });
  test("a saturated generator is the runner's, every other fault nobody's", () => {
    const problem = (code: "generator-saturated" | "interrupted") =>
      ({ code, severity: "invalid", message: "m", hint: "h" }) as const;
    const base = found(worldRun(CALM, 1, ALL_EYES, uniform));
    expect(judge({ base, heads: [head], problems: [problem("generator-saturated")] }).attribution?.layer).toBe(
      "runner",
    );
    expect(judge({ base, heads: [head], problems: [problem("interrupted")] }).attribution).toBeNull();
  });
  test("response times of too few requests show no change, and do not show that there was none", () => {
    const base = found(...[1, 2, 3].map((day) => worldRun(CALM, day, ALL_EYES, uniform)));
    const slow = worldRun({ ...CALM, network: 300 }, 20, ALL_EYES, uniform);
    const { attribution } = judge({ base, heads: [{ ...slow, samples: { p50: 60, p90: 60, p95: 60 } }] });
    expect(attribution).toMatchObject({ layer: "unknown", text: expect.stringContaining("could not be judged") });
  });
  test("a base of an earlier version has no layers: only what AWS counted is evidence", () => {
    const base = found(...[1, 2, 3].map((day) => ({ ...worldRun(CALM, day, ALL_EYES, uniform), layers: null })));
    const slow = { ...CALM, network: 300 };
    expect(judge({ base, heads: [worldRun(slow, 20, ALL_EYES, uniform)] }).attribution?.layer).toBe("unknown");
    const throttled = { ...CALM, throttled: 0.2 };
    expect(judge({ base, heads: [worldRun(throttled, 20, ALL_EYES, uniform)] }).attribution?.layer).toBe("throttling");
  });
});
