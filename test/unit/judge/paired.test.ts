import { describe, expect, test } from "vitest";
import { judgePaired, lookAt } from "../../../src/judge/paired.ts";
import { armOnce, loggedRounds, paired, rounds } from "./rounds.ts";
import { failures, reason, row, said } from "./runs.ts";

const p50 = (count: number, factor: number, limits = "", scatter = 1) =>
  said(judgePaired(paired(rounds(count, factor, { scatter }), { limits })), "p50");

describe("one look at rounds: t over rounds, and what a deployment adds", () => {
  test.each([
    ["nothing moved", 12, 1, "", "pass"],
    ["+20 % is beyond the default limit of +10 %", 12, 1.2, "", "fail"],
    ["+11 % is beyond it by a little, and proved", 12, 1.11, "", "fail"],
    ["+8 % is proved and inside", 12, 1.08, "", "warn"],
    ["+8 % is beyond a limit of +5 %", 12, 1.08, "p50: +5%", "fail"],
    ["+4 % is within what two deployments differ by, and inside the limit", 12, 1.04, "", "pass"],
    ["-20 %", 12, 0.8, "", "improved"],
    ["six rounds are enough for +20 %", 6, 1.2, "", "fail"],
    ["a limit below what deployments differ by cannot be decided", 24, 1, "p50: +2%", "inconclusive (neutral)"],
  ])("%s", (_, count, factor, ...rest) => {
    const [limits = "", verdict = ""] = rest;
    expect(p50(count, factor, limits)).toBe(verdict);
  });
  test("rounds that scatter ten times as much prove nothing of +20 %", () =>
    expect(p50(12, 1.2, "", 10)).toBe("inconclusive (suspected)"));
  test("p95 gates here by default", () => expect(row(judgePaired(paired(rounds(12, 1))), "p95").gates).toBe(true));

  test("the interval is t(10) * s / sqrt(12) and z * sqrt(2) * 1 %, in quadrature", () => {
    const { finding } = row(judgePaired(paired(rounds(12, 1))), "p50");
    if (finding.kind !== "pass") throw new Error(finding.kind);
    // Around the two orders' means the twelve logs have a sum of squares of 0.0056 (worked by hand) on 10 df.
    const scatter = 2.2281 * Math.sqrt(0.0056 / 10 / 12);
    const deployment = 1.96 * Math.SQRT2 * 0.01;
    expect(Math.log(finding.evidence.change?.high ?? 0)).toBeCloseTo(Math.hypot(scatter, deployment), 3);
    expect(finding.evidence).toMatchObject({ baseRuns: 12, headRuns: 12, baseSamples: 7920, headSamples: 7920 });
  });
  test("base and head are geometric means over rounds, and their ratio is the change", () => {
    const uneven = rounds(7, 1.3, { head: (i) => (i === 6 ? { values: { p50: 900 } } : {}) });
    const { finding } = row(judgePaired(paired(uneven)), "p50");
    if (!("evidence" in finding) || finding.evidence.change?.kind !== "ratio") throw new Error(finding.kind);
    expect(finding.evidence.change.ratio).toBeCloseTo(finding.evidence.head / (finding.evidence.base ?? 0), 12);
  });
  test("what calibrate measured of deployments replaces the documented 1 %", () => {
    const noise = { p50: { runToRun: null, deployment: { sd: 0.05, df: 14 } } };
    expect(said(judgePaired(paired(rounds(12, 1.2), { noise })), "p50")).toBe("inconclusive (suspected)");
  });
});

describe("fewer than six rounds decide nothing", () => {
  test.each([1, 2, 5])("%i", (count) => {
    const result = judgePaired(paired(rounds(count, 3)));
    expect(said(result, "p50")).toBe("inconclusive (suspected)");
    expect(said(result, "failure-rate")).toBe("inconclusive (neutral)");
    expect(reason(result, "p50")).toContain("too few to decide, 6 are needed");
    expect(result).toMatchObject({ verdict: "inconclusive", gateOpen: true });
  });
  test("none is no measurement, whatever AWS says", () => {
    const arms = { base: armOnce(70), head: armOnce(70) };
    expect(judgePaired(paired([], { arms }))).toMatchObject({ verdict: "invalid", baseline: null });
  });
  test("none at all neither", () =>
    expect(judgePaired(paired([]))).toMatchObject({ verdict: "invalid", baseline: null }));
  test("an absolute limit is judged all the same", () =>
    expect(said(judgePaired(paired(rounds(2, 5), { limits: "p50: <= 200ms" })), "p50")).toBe("fail"));
});

describe("order", () => {
  /** The arm that comes second is 20 % slower. */
  const second = (first: "base" | "head" | null | undefined) =>
    rounds(12, 1, {
      ...(first === undefined ? {} : { first }),
      head: (i) => ({ values: { p50: (first ?? (i % 2 === 0 ? "base" : "head")) === "base" ? 120 : 100 } }),
      base: (i) => ({ values: { p50: (first ?? (i % 2 === 0 ? "base" : "head")) === "head" ? 120 : 100 } }),
    });
  test("balanced, an effect of the order neither fails nor widens the interval", () => {
    const result = judgePaired(paired(second(undefined)));
    expect(said(result, "p50")).toBe("pass");
    expect(result.notes).toEqual([]);
  });
  test("never balanced, it cannot be told from a change, and that is said", () =>
    expect(judgePaired(paired(second("base"))).notes[0]).toMatch(/^order: the base was measured first in 12 of 12/));
  test("not known, nothing is said", () =>
    expect(judgePaired(paired(rounds(12, 1, { first: null }))).notes).toEqual([]));
  test("swapped arms flip the verdict", () => {
    const swapped = rounds(12, 1.3).map((round) => ({ ...round, base: round.head, head: round.base }));
    expect(said(judgePaired(paired(rounds(12, 1.3))), "p50")).toBe("fail");
    expect(said(judgePaired(paired(swapped)), "p50")).toBe("improved");
  });
});

describe("failures are counted over all rounds", () => {
  const failing = (...events: readonly number[]) =>
    said(
      judgePaired(
        paired(rounds(12, 1, { head: (i) => ({ counts: { "failure-rate": failures(events[i] ?? 0, 600) } }) })),
      ),
      "failure-rate",
    );
  test.each([
    ["none", [], "pass"],
    ["60 of 7,200 in one round: a burst", [60], "inconclusive (suspected)"],
    ["60 in two rounds", [30, 30], "fail"],
    ["five in each round", Array(12).fill(5), "fail"],
    ["a burst and single failures elsewhere", [58, 1, 1], "inconclusive (suspected)"],
    ["200 in one round are more than 2 points", [200], "fail"],
    ["two in each round are proved and inside half a point", Array(12).fill(2), "warn"],
  ] as const)("%s", (_, events, verdict) => expect(failing(...events)).toBe(verdict));
  test("seven failures are asked of the whole arm, not of each round", () => {
    const one = rounds(6, 1, { head: () => ({ counts: { "failure-rate": failures(3, 300) } }) });
    expect(said(judgePaired(paired(one)), "failure-rate")).toBe("fail");
  });
});

describe("too few responses", () => {
  const with95 = (samples: number, count = 12) =>
    said(judgePaired(paired(rounds(count, 1, { head: () => ({ samples: { p95: samples } }) }))), "p95");
  test("400 over all rounds are enough where each round has a tenth", () => expect(with95(50)).toBe("pass"));
  test("a round with fewer is not", () => expect(with95(39)).toBe("invalid: too-few-samples"));
  test("fewer over all rounds are not", () => expect(with95(60, 6)).toBe("invalid: too-few-samples"));
  test("of the base just the same, and it is no missing baseline", () =>
    expect(said(judgePaired(paired(rounds(6, 1, { base: () => ({ samples: { p95: 20 } }) }))), "p95")).toBe(
      "invalid: too-few-samples",
    ));
  test("a figure that one base arm lacks is a gap", () => {
    const gap = { code: "too-few-samples", reason: "no response was ok" } as const;
    const some = rounds(6, 1, { base: (i) => (i === 3 ? { unmeasured: { p50: gap } } : {}) });
    expect(reason(judgePaired(paired(some)), "p50")).toBe("p50 of the base: no response was ok");
  });
});

describe("what AWS says of each arm once", () => {
  const duration = (head: number, some = rounds(12, 1)) =>
    judgePaired(paired(some, { arms: { base: armOnce(70), head: armOnce(head) } }));
  test.each([
    [70, "pass"],
    [84, "fail"],
    [74, "pass"],
    [50, "improved"],
  ])("70 ms to %i ms: %s", (head, verdict) => expect(said(duration(head), "lambda-duration")).toBe(verdict));
  test("its error comes from the rounds' service times, scaled to the handler's part", () => {
    const { how } = row(duration(70), "lambda-duration");
    if (how?.data?.kind !== "logs") throw new Error("no model");
    expect(how.data.parts.map(({ of }) => of)).toEqual(["arms", "deployment"]);
    expect(how.data.parts[0]?.sd).toBeCloseTo((110 / 70) * Math.sqrt(0.0056 / 10 / 12), 4);
  });
  test("rounds that tell less than one run against one do not speak for it", () => {
    const { how } = row(duration(70, rounds(12, 1, { scatter: 20 })), "lambda-duration");
    if (how?.data?.kind !== "logs") throw new Error("no model");
    expect(how.data.parts[0]?.of).toBe("runs");
  });
  test("the environments follow the durations, at the base's rate", () => {
    const big = { base: armOnce(700), head: armOnce(900) };
    const result = judgePaired(
      paired(rounds(12, 1, { serviceMean: 800 }), { arms: big, limits: "required-concurrency: +10%" }),
    );
    expect(said(result, "required-concurrency")).toBe("fail");
    expect(reason(result, "required-concurrency")).toContain(
      "28 environments to 36 environments at 40 requests/s (the base's rate)",
    );
  });
  test("without AWS its metrics are absent", () =>
    expect(judgePaired(paired(rounds(12, 1))).metrics.map(({ id }) => id)).toEqual(["p50", "p95", "failure-rate"]));
  test("in pairs of whole runs each round brings its own figure", () => {
    const cloud = (durationMs: number) => ({
      values: { "lambda-duration": durationMs },
      samples: { "lambda-duration": 600 },
      functions: [{ function: "orders", callsPerRequest: 1, durationMs }],
    });
    const result = judgePaired(paired(rounds(8, 1, { base: () => cloud(70), head: () => cloud(90) })));
    expect(said(result, "lambda-duration")).toBe("fail");
    expect(row(result, "lambda-duration").how?.data).toMatchObject({ design: "rounds" });
  });
});

describe("what REPORT lines say of each round", () => {
  const arms = { base: armOnce(70), head: armOnce(72) };
  const judged = (some: ReturnType<typeof rounds>, looks: "planned" | "one" = "one") =>
    judgePaired(paired(some, { arms, looks }));
  const dataOf = (some: ReturnType<typeof rounds>) => {
    const data = row(judged(some), "lambda-duration").how?.data;
    if (data?.kind !== "logs") throw new Error("no model");
    return data;
  };
  test.each([
    ["every round", 12, () => true, { design: "rounds", whole: { rounds: 12, of: 12 } }],
    ["six rounds, no more", 12, (i: number) => i < 6, { design: "rounds", whole: { rounds: 6, of: 12 } }],
    ["five rounds: too few", 12, (i: number) => i < 5, { design: "arms", whole: { rounds: 5, of: 12 } }],
    ["no round", 12, () => false, { design: "arms", whole: { rounds: 0, of: 12 } }],
    ["all of too few", 5, () => true, { design: "arms", whole: { rounds: 5, of: 5 } }],
  ])("is judged as the client's metrics are, or once an arm: %s", (_, count, whole, found) =>
    expect(dataOf(loggedRounds(count, 1.03, whole))).toMatchObject(found),
  );
  test("only rounds that tell both arms are compared, in their own orders", () => {
    const some = loggedRounds(12, 1.03).map((round, i) =>
      i === 3 ? { ...round, head: { ...round.head, values: { p50: 100 } } } : round,
    );
    expect(dataOf(some)).toMatchObject({ design: "rounds", whole: { rounds: 11, of: 12 } });
    expect(dataOf(some).base).toHaveLength(11);
  });
  test("its interval is t over its own rounds, and what a deployment adds: far narrower than the bound", () => {
    const [own, bound] = [dataOf(loggedRounds(12, 1)), dataOf(loggedRounds(12, 1, () => false))];
    // A quarter of the client's 4 x 0.0056 / 4 around the orders' means, on 10 degrees of freedom.
    expect(own.parts[0]?.sd).toBeCloseTo(Math.sqrt(0.0056 / 4 / 10 / 12), 6);
    expect(own.half.interval).toBeLessThan(0.7 * bound.half.interval);
  });
  test("the figures are those of the rounds, whatever CloudWatch says of the whole", () => {
    const { finding } = row(judged(loggedRounds(12, 1.2)), "lambda-duration");
    expect(finding).toMatchObject({ kind: "fail", evidence: { base: expect.closeTo(70, 6), baseSamples: 12 * 660 } });
  });
  test("is tested once, at the end: looks on the way do not see it", () => {
    expect(lookAt(paired(loggedRounds(6, 1.5), { arms })).open).not.toContain("lambda-duration");
    const level = (looks: "planned" | "one") =>
      row(judged(loggedRounds(6, 1), looks), "lambda-duration").how?.test?.level;
    expect(level("planned")).toBe(level("one"));
  });
  test("is told where CloudWatch could not be asked: both arms are one function", () => {
    const lost = armOnce(70, { values: {}, unmeasured: { "lambda-duration": INSEPARABLE }, functions: [] });
    const inseparable = { base: lost, head: lost };
    const result = (some: ReturnType<typeof rounds>) => judgePaired(paired(some, { arms: inseparable }));
    expect(said(result(loggedRounds(6, 1.3)), "lambda-duration")).toBe("fail");
    expect(said(result(rounds(6, 1.3)), "lambda-duration")).toBe("inconclusive: cloud-incomplete");
  });
});

const INSEPARABLE = { code: "cloud-incomplete", reason: "base and head are the same function" } as const;

describe("looks on the way", () => {
  const look = (count: number, factor: number, limits = "") => lookAt(paired(rounds(count, factor), { limits }));
  test("everything inside its limit: nothing is left to measure", () =>
    expect(look(6, 1)).toEqual({
      rounds: 6,
      decided: ["p50", "p95", "failure-rate"],
      open: [],
      goOn: false,
      next: 12,
    }));
  test("a change near its limit stays open, up to the last look", () => {
    expect(look(6, 1.1)).toMatchObject({ open: expect.arrayContaining(["p50"]), goOn: true, next: 12 });
    expect(look(18, 1.1)).toMatchObject({ open: ["p50"], goOn: true, next: 24 });
    expect(look(24, 1.1)).toMatchObject({ open: ["p50"], goOn: false, next: null });
  });
  test("between planned looks nothing is decided", () =>
    expect(look(7, 1)).toMatchObject({ decided: [], goOn: true, next: 12 }));
  test("a fail ends it only when its bound is beyond the limit", () => {
    expect(look(12, 1.4).open).toEqual([]);
    expect(look(12, 1.12).open).toContain("p50");
  });
  test("a burst is looked at again", () => {
    const burst = rounds(6, 1, { head: (i) => ({ counts: { "failure-rate": failures(i === 2 ? 30 : 0, 600) } }) });
    expect(lookAt(paired(burst)).open).toEqual(["failure-rate"]);
  });
  test("what AWS tells at the end takes no part", () => {
    const arms = { base: armOnce(70), head: armOnce(80) };
    expect(lookAt(paired(rounds(6, 1), { arms })).open).toEqual([]);
  });
  test("too few responses may become enough", () =>
    expect(lookAt(paired(rounds(6, 1, { head: () => ({ samples: { p95: 60 } }) }))).open).toEqual(["p95"]));

  test("a verdict on the way is stricter than one look at the same rounds", () => {
    const some = rounds(12, 1.4);
    const level = (looks: "planned" | "one") => row(judgePaired(paired(some, { looks })), "p50").how?.test?.level ?? 0;
    expect(level("planned")).toBeCloseTo(level("one") * 0.2, 12);
  });
  test("the last look spends what the others have left", () => {
    const some = rounds(12, 1.12);
    const level = (looks: "planned" | "one") => row(judgePaired(paired(some, { looks })), "p50").how?.test?.level ?? 0;
    expect(level("planned")).toBeCloseTo(level("one") * 0.9, 12);
  });
});

describe("the whole", () => {
  test("mode, baseline and an unconfirmed fail", () =>
    expect(judgePaired(paired(rounds(12, 1.3)))).toMatchObject({
      mode: "paired",
      verdict: "fail",
      gateOpen: false,
      confirmation: "unconfirmed",
      baseline: { state: "latest", sha: "0abcdef", runs: 12, used: 12, spread: "paired" },
    }));
  test("a pass needs no confirmation", () =>
    expect(judgePaired(paired(rounds(12, 1)))).not.toHaveProperty("confirmation"));
  test.each([
    ["the base", { base: () => ({ valid: false }) }, "baseline-refused"],
    ["the base, cut short", { base: () => ({ interrupted: true }) }, "baseline-refused"],
    ["the head", { head: () => ({ valid: false }) }, "record-invalid"],
    ["the head, cut short", { head: () => ({ interrupted: true }) }, "interrupted"],
  ])("an arm that cannot be trusted makes all of it invalid: %s", (_, arms, code) => {
    const result = judgePaired(paired(rounds(12, 3, arms)));
    expect(result).toMatchObject({ verdict: "invalid", gateOpen: false });
    expect(result.problems).toMatchObject([{ code, severity: "invalid" }]);
  });
  test("more than a tenth of the head's requests failing in one of many rounds spoils nothing", () => {
    const one = rounds(12, 1, {
      head: (i) => ({ requests: 600, counts: { "failure-rate": failures(i === 0 ? 100 : 0, 600) } }),
    });
    expect(said(judgePaired(paired(one)), "p50")).toBe("pass");
    const all = rounds(12, 1, { head: () => ({ requests: 600, counts: { "failure-rate": failures(100, 600) } }) });
    expect(said(judgePaired(paired(all)), "p50")).toBe("inconclusive: head-failing");
  });
  test("a task's own limit is judged from the rounds", () => {
    const task = (value: number) => ({ values: { "p95@checkout": value }, samples: { "p95@checkout": 600 } });
    const some = rounds(12, 1, { base: () => task(100), head: () => task(150) });
    expect(said(judgePaired(paired(some, { limits: "p95@checkout: +10%" })), "p95@checkout")).toBe("fail");
  });
  test("the same rounds give the same judgement", () =>
    expect(judgePaired(paired(rounds(12, 1.1)))).toEqual(judgePaired(paired(rounds(12, 1.1)))));
  test("zero has no ratio", () => {
    const some = rounds(6, 1, {
      base: () => ({ values: { throughput: 0 } }),
      head: () => ({ values: { throughput: 5 } }),
    });
    expect(said(judgePaired(paired(some, { limits: "throughput: -10%" })), "throughput")).toBe(
      "inconclusive: no-requests",
    );
  });
});

test("a limit that two deployments alone would break is named, without advice to use what is used", () => {
  const { problems } = judgePaired(paired(rounds(24, 1), { limits: "p50: +2%" }));
  expect(problems).toMatchObject([{ code: "limit-not-decidable", severity: "note" }]);
  expect(problems[0]?.message).toMatch(/^p50: \+2% cannot be decided here: detectable \d.* %; use \+5%\.$/);
});
