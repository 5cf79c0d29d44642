import { describe, expect, test } from "vitest";
import { parseRecord } from "../../../src/record/parse-record.ts";
import type { Round, RoundArm, RunRecord } from "../../../src/record/record.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { roundOfRuns, summariseRounds } from "../../../src/record/summarise-rounds.ts";
import { cloud, functionMetrics, latency, outcomes, record, START, task } from "./sample-record.ts";
import { agreesWithSchema } from "./schema-check.ts";

const at = (second: number): string => new Date(START + second * 1000).toISOString();

const arm = (from: number, some: Partial<RoundArm> = {}): RoundArm => ({
  window: { start: at(from), end: at(from + 20), seconds: 20 },
  outcomes: outcomes({ ok: 590, "server-error": 8, aborted: 2 }),
  response: latency(10, 20, 30),
  service: latency(9, 19, 29),
  ...some,
});

const round = (number: number, some: Partial<Round> = {}): Round => ({
  order: number % 2 === 0 ? "base-first" : "head-first",
  base: arm(number * 50),
  head: arm(number * 50 + 25),
  ...some,
});

const paired = (some: Partial<RunRecord> = {}): RunRecord => ({
  ...record({ cloud: cloud() }),
  rounds: [round(0), round(1), round(2, { confirms: true })],
  baseArm: {
    url: "https://base.example.com",
    sha: "abcdef012345",
    system: { memory: 512 },
    cloud: cloud({ functions: [functionMetrics({ duration: { ...functionMetrics().duration, average: 18 } })] }),
  },
  ...some,
});

describe("a paired record", () => {
  test("is read back as it was written, and the published schema agrees", () => {
    const written = paired();
    expect(parseRecord(JSON.stringify(written))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(written)) });
    expect(agreesWithSchema(written)).toBe(true);
  });
  test("without rounds stays as it was: the keys are not made up", () => {
    const read = parseRecord(JSON.stringify(record()));
    expect(read.ok && Object.keys(read.value)).toEqual(expect.not.arrayContaining(["rounds", "baseArm"]));
  });
  test.each<[string, unknown, string]>([
    ["an unknown order", [{ ...round(0), order: "AB" }], "rounds[0].order must be one of base-first, head-first"],
    ["a round without an arm", [{ ...round(0), head: undefined }], "rounds[0].head is missing"],
    [
      "Durations that are not whole numbers of lines",
      [{ ...round(0), base: arm(0, { durations: [{ function: "orders", invocations: 1.5, durationMs: 20 }] }) }],
      "rounds[0].base.durations[0].invocations must be a whole number",
    ],
    [
      "a Duration without its function",
      [{ ...round(0), head: arm(0, { durations: [{ invocations: 1, durationMs: null }] as never }) }],
      "rounds[0].head.durations[0].function is missing",
    ],
    ["no list", {}, "rounds must be a list"],
    ["a confirmation that is a text", [{ ...round(0), confirms: "yes" }], "rounds[0].confirms must be true or false"],
    [
      "an arm's task without a name",
      [{ ...round(0), base: arm(0, { tasks: [{}] as never }) }],
      "rounds[0].base.tasks[0].name is missing",
    ],
  ])("with %s is refused with its path", (_, rounds, sentence) => {
    const document = JSON.parse(JSON.stringify({ ...paired(), rounds }));
    const read = parseRecord(JSON.stringify(document));
    expect(read.ok ? [] : read.problems.map(({ message }) => message).join("\n")).toContain(sentence);
    expect(agreesWithSchema(document)).toBe(true);
  });
});

describe("rounds as the judge sees them", () => {
  const summary = summariseRounds(paired());
  if (summary === null) throw new Error("no rounds");

  test("confirming rounds stand apart", () =>
    expect([summary.rounds.length, summary.confirming.length]).toEqual([2, 1]));
  test("each arm has its own figures", () => {
    const [first] = summary.rounds;
    expect(first).toMatchObject({ first: "base", serviceMean: { base: expect.closeTo(19, 1) } });
    expect(first?.head.values).toMatchObject({ p50: expect.closeTo(20, 1), throughput: 590 / 20 });
    expect(first?.head.counts["failure-rate"]).toEqual({ events: 8, trials: 598, parts: null });
    expect(summary.rounds.map((one) => one.head.id)).toEqual(["run-1.1.head", "run-1.2.head"]);
  });
  test("AWS is read once an arm", () => {
    expect(summary.arms.head.values["lambda-duration"]).toBe(20);
    expect(summary.arms.base.values["lambda-duration"]).toBe(18);
    expect(summary.arms.base).toMatchObject({
      sha: "abcdef012345",
      rate: 30,
      fingerprint: { system: { memory: 512 } },
    });
  });
  test("a base without functions has no figures of AWS's", () => {
    const { arms } = summariseRounds(paired({ baseArm: { url: "u", sha: null, system: {}, cloud: null } })) ?? {};
    expect(arms?.base).toMatchObject({ values: {}, functions: [], sha: null });
  });
  test("tasks are told apart where there are several", () => {
    const tasks = [task("GET /a"), task("GET /b")].map(({ name, outcomes: counts, response, service }) => ({
      name,
      outcomes: counts,
      response,
      service,
    }));
    const one = round(0, { base: arm(0, { tasks }), head: arm(25, { tasks }) });
    const told = summariseRounds(paired({ rounds: [one] }));
    expect(Object.keys(told?.rounds[0]?.head.values ?? {})).toContain("p95@GET /b");
  });
  test("a measurement that ended before its first round is a paired one all the same", () =>
    expect(summariseRounds({ ...record(), rounds: [] })).toMatchObject({ rounds: [], confirming: [] }));
  test("a run that was not measured in rounds has none", () => {
    expect(summariseRounds(record())).toBeNull();
  });
});

describe("Duration by round", () => {
  // 590 ok, 8 that the front end may have answered, 2 that were aborted: 590 to 600 lines.
  const lines = (...counts: readonly number[]) =>
    counts.map((invocations, at) => ({
      function: `orders-${at}`,
      invocations,
      durationMs: invocations === 0 ? null : 20 + 10 * at,
    }));
  const told = (...heads: readonly RoundArm["durations"][]) => {
    const all = heads.map((durations, at) =>
      round(at, {
        base: arm(at * 50, { durations: lines(595) }),
        head: arm(at * 50 + 25, durations === undefined ? {} : { durations }),
      }),
    );
    return summariseRounds(paired({ rounds: all }))?.rounds.map(({ head }) => head) ?? [];
  };

  test("is written, read and published alike", () => {
    const written = paired({ rounds: [round(0, { head: arm(25, { durations: lines(595, 0) }) })] });
    expect(parseRecord(JSON.stringify(written))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(written)) });
    expect(agreesWithSchema(written)).toBe(true);
  });
  test.each([
    ["as many as were sent", lines(595), 20],
    ["late lines", lines(500), undefined],
    ["a stranger's", lines(700), undefined],
    ["none read", undefined, undefined],
    ["none found", lines(0), undefined],
  ])("one function: %s", (_, durations, mean) => {
    const [head] = told(durations);
    expect(head?.values["lambda-duration"]).toBe(mean);
    expect(head?.samples["lambda-duration"]).toBe(mean === undefined ? undefined : 595);
    expect(head?.values["p50"]).toBeDefined();
  });
  test("several functions are weighted by their invocations, and each has its own", () => {
    const [head] = told(lines(450, 150));
    expect(head?.values).toMatchObject({
      "lambda-duration": 22.5,
      "lambda-duration@orders-0": 20,
      "lambda-duration@orders-1": 30,
    });
  });
  test("of several functions each must be called as often as in the other rounds", () => {
    // A request calls both; in one round half the lines of the second are late.
    const heads = told(lines(595, 595), lines(595, 595), lines(595, 300), lines(595, 590), lines(580, 595));
    expect(heads.map(({ values }) => "lambda-duration" in values)).toEqual([true, true, false, true, true]);
  });
  test("the base's functions go by the head's names", () => {
    const durations = {
      base: lines(400, 195),
      head: lines(400, 195).map((one) => ({ ...one, function: `pr-${one.function}` })),
    };
    const one = round(0, { base: arm(0, { durations: durations.base }), head: arm(25, { durations: durations.head }) });
    const [summary] = summariseRounds(paired({ rounds: [one] }))?.rounds ?? [];
    expect(Object.keys(summary?.base.values ?? {})).toContain("lambda-duration@pr-orders-1");
  });
});

describe("two records as one round", () => {
  const later = { ...record(), window: { ...record().window, start: at(60) } };
  test.each([
    ["the base came first", record(), later, "base"],
    ["the head came first", later, record(), "head"],
    ["both at once", record(), record(), null],
  ] as const)("%s", (_, base, head, first) => {
    const one = roundOfRuns(summarise(base), summarise(head));
    expect(one.first).toBe(first);
    expect(one.head).toEqual(summarise(head));
  });
});
