import { describe, expect, test } from "vitest";
import type { Limit } from "../../../src/config/limits.ts";
import { formatLimit, parseLimits } from "../../../src/config/parse-limits.ts";

const read = (source: string | Record<string, string>): readonly Limit[] => {
  const result = parseLimits(source);
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join(" "));
  return result.value;
};
const problemsOf = (source: string | Record<string, string>) => {
  const result = parseLimits(source);
  return result.ok ? [] : result.problems;
};

describe("every form of SPEC section 12", () => {
  test.each([
    [
      "a share of the base with a floor",
      "p95: +10% and +5ms",
      [
        { kind: "relative", share: 0.1 },
        { kind: "amount", amount: 5 },
      ],
    ],
    ["an absolute time", "p95: <= 500ms", [{ kind: "at-most", value: 500 }]],
    ["seconds become milliseconds", "p95: <= 1.5s", [{ kind: "at-most", value: 1500 }]],
    ["microseconds as well", "service-p50: +250us", [{ kind: "amount", amount: 0.25 }]],
    ["points of a share", "failure-rate: +0.5pp", [{ kind: "points", points: 0.005 }]],
    ["an absolute share", "lambda-throttles: <= 0.1%", [{ kind: "at-most", value: 0.001 }]],
    [
      "points and a number of failures",
      "failure-rate: +0.5pp and +7",
      [
        { kind: "points", points: 0.005 },
        { kind: "amount", amount: 7 },
      ],
    ],
    [
      "environments with a floor",
      "required-concurrency: +10% and +2",
      [
        { kind: "relative", share: 0.1 },
        { kind: "amount", amount: 2 },
      ],
    ],
    ["absolute environments", "required-concurrency: <= 800", [{ kind: "at-most", value: 800 }]],
    ["less is worse", "throughput: -10%", [{ kind: "relative", share: -0.1 }]],
    ["a least value where less is worse", "throughput: >= 100", [{ kind: "at-least", value: 100 }]],
    ["dollars", "cost-per-million: <= 4.2", [{ kind: "at-most", value: 4.2 }]],
    ["no increase at all", "p50: +0%", [{ kind: "relative", share: 0 }]],
    ["decimals are exact", "p50: +12.3%", [{ kind: "relative", share: 0.123 }]],
    [
      "blanks are free",
      "  p50 :+10 %   and   +5 ms ",
      [
        { kind: "relative", share: 0.1 },
        { kind: "amount", amount: 5 },
      ],
    ],
  ])("%s: %s", (_, text, terms) =>
    expect(read(text)).toMatchObject([{ role: "gate", terms, origin: "user", scope: null }]),
  );

  test("off and warn are roles, not terms", () =>
    expect(read("p99: off\np95: warn +15%")).toMatchObject([
      { metric: "p99", role: "off", terms: [], text: "off" },
      { metric: "p95", role: "warn", text: "+15%" },
    ]));
});

describe("where a limit belongs", () => {
  test("several metrics and several limits of one metric on one line", () =>
    expect(read("p95: +10%; <= 500ms; failure-rate: +0.5pp").map(formatLimit)).toEqual([
      "p95: +10%",
      "p95: <= 500ms",
      "failure-rate: +0.5pp",
    ]));
  test("a line starts anew", () => expect(problemsOf("p95: +10%\n<= 500ms")).toHaveLength(1));
  test("a task's name may hold colons, blanks and an @", () =>
    expect(read("p95@GET /a:b@2: +10%")).toMatchObject([{ metric: "p95", scope: "GET /a:b@2" }]));
  test("a map holds the same", () =>
    expect(read({ "p95@checkout": "+10%; <= 500ms", "failure-rate": "warn <= 1%" }).map(formatLimit)).toEqual([
      "p95@checkout: +10%",
      "p95@checkout: <= 500ms",
      "failure-rate: warn <= 1%",
    ]));
  test("empty lines and a last semicolon say nothing", () => expect(read("\n p95: +10%;\r\n\n")).toHaveLength(1));
});

describe("what is refused, with the offending text and a way out", () => {
  test.each([
    ["a metric that does not exist", "p59: +10%", "p59", "p95"],
    ["points for a time", "p95: +5pp", "+5pp", "+10%"],
    ["a time for a share", "failure-rate: <= 500ms", "<= 500ms", "<= 1%"],
    ["a share of a share", "failure-rate: +10%", "+10%", "+0.5pp"],
    ["a plain number for a time", "p95: <= 500", "<= 500", "<= 500ms"],
    ["neither sign nor bound", "p95: 10%", "10%", "+10%"],
    ["an improvement as a limit", "p95: -10%", "-10%", "+10%"],
    ["throughput that must not rise", "throughput: +10%", "+10%", "-10%"],
    ["a least latency", "p95: >= 5ms", ">= 5ms", "<= 500ms"],
    ["more than everything", "failure-rate: <= 120%", "<= 120%", "<= 1%"],
    ["an absolute bound inside and", "p95: +10% and <= 500ms", "and", ";"],
    ["the same kind twice", "p95: +10% and +15%", "+15%", "larger"],
    ["nothing after the colon", "p95:", "p95", "+10%"],
    ["no metric", "+10%", "+10%", "p95: +10%"],
    ["no task after the @", "p95@: +10%", "p95@", "p95@checkout"],
    ["a word", "p95: never", "never", "off"],
    ["off beside another limit", "p99: off; +10%", "p99", "one of the two"],
    ["an unknown unit that every object has", "p95: <= 5constructor", "constructor", "<= 500ms"],
  ])("%s: %s", (_, text, offending, wayOut) => {
    const [problem, ...more] = problemsOf(text);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ code: "bad-value", severity: "usage" });
    expect(problem?.message).toContain(offending);
    expect(problem?.message).toMatch(/^[^.].*\.$/s);
    expect(problem?.hint).toContain(wayOut);
  });

  test("all problems at once", () =>
    expect(problemsOf("p59: +10%; p95: +5pp and 7\nfailure-rate: <= 5ms\np50: +10%")).toHaveLength(4));
});
