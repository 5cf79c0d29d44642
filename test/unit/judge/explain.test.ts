import { describe, expect, test } from "vitest";
import { explainMetric } from "../../../src/judge/explain.ts";
import { judgePaired } from "../../../src/judge/paired.ts";
import { parseResult } from "../../../src/judge/read-result.ts";
import type { Judgement } from "../../../src/judge/verdict.ts";
import { metricsOutput, resultJson, resultText, usageErrorJson } from "../../../src/report/json.ts";
import { armOnce, loggedRounds, paired, rounds } from "./rounds.ts";
import { ABSOLUTE, failures, found, judge, NO_BASELINE, run, runsOf } from "./runs.ts";

const written = (judgement: Judgement) =>
  resultText(resultJson({ judgement, headline: "a headline", runRecord: null }));
const explained = (judgement: Judgement, id: string): string => {
  const result = parseResult(written(judgement));
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  const metric = result.value.metrics.find((one) => one.id === id);
  if (metric === undefined) throw new Error(`no ${id}`);
  return explainMetric(metric).join("\n");
};

const head = (p50: number) => run({ day: 2, values: { p50 } });

describe("explain tells data, model, test, limits and rule of", () => {
  test.each<[string, () => Judgement, string, readonly string[]]>([
    [
      "one run against one: the prior stands in",
      () => judge({ base: found(run()), heads: [head(200)] }),
      "p50",
      [
        "base 1 run, geometric mean 100",
        "a documented spread of 10 % between runs stands in",
        "10 further degrees",
        "fail: worse",
      ],
    ],
    [
      "several runs: the prior counts less",
      () => judge({ base: found(...runsOf("p50", [100, 101, 99])), heads: [head(104)] }),
      "p50",
      [
        "base 3 runs, 99 to 101",
        "it counts like 6 further degrees of freedom beside 3 of the base",
        "what these runs scatter by themselves is behind the 95 % interval",
        "pass: the whole 95 % interval",
      ],
    ],
    [
      "rounds: both parts of the error",
      () => judgePaired(paired(rounds(12, 1.2))),
      "p50",
      [
        "base 12 rounds",
        "between rounds, s / sqrt(rounds)",
        "of the two deployments, sqrt(2) x sigma: 0.01414 (normal)",
        "added in quadrature",
      ],
    ],
    [
      "arms that AWS told once",
      () => judgePaired(paired(rounds(12, 1), { arms: { base: armOnce(70), head: armOnce(70) } })),
      "lambda-duration",
      [
        "head 1 arm",
        "of the arms, from the rounds' service times",
        "0 of 12 rounds have all their REPORT lines, and 6 are needed to compare round by round.",
      ],
    ],
    [
      "rounds that REPORT lines tell",
      () =>
        judgePaired(
          paired(
            loggedRounds(12, 1, (i) => i > 2),
            { arms: { base: armOnce(70), head: armOnce(70) } },
          ),
        ),
      "lambda-duration",
      [
        "base 9 rounds",
        "between rounds, s / sqrt(rounds)",
        "9 of 12 rounds have all their REPORT lines: a round's figure is the mean of its own.",
      ],
    ],
    [
      "failures that clump",
      () =>
        judge({
          base: found(...[0, 40, 0, 0].map((n, i) => run({ day: i + 1, counts: { "failure-rate": failures(n) } }))),
          heads: [run({ day: 9, counts: { "failure-rate": failures(30) } })],
        }),
      "failure-rate",
      ["base 40 of 8,000, 0.5 %", "Fisher", "times as much as chance", "+0.5pp and +7: comes to +0.5 points here"],
    ],
    [
      "an absolute limit",
      () => judge({ base: ABSOLUTE, heads: [head(900)], limits: "p50: <= 500ms" }),
      "p50",
      [
        "head 900 ms, compared with no base",
        "<= 500ms: a bound of 500 ms here",
        "An absolute limit is judged on the observed value",
      ],
    ],
    [
      "environments: what was compared, and what it needs",
      () => {
        const of = (day: number, ms: number) =>
          run({ day, functions: [{ function: "orders", callsPerRequest: 1, durationMs: ms }] });
        return judge({ base: found(of(1, 500)), heads: [of(2, 500)], limits: "required-concurrency: +10%" });
      },
      "required-concurrency",
      ["milliseconds of Lambda time per request; they need 20 environments and 20 environments"],
    ],
    [
      "no baseline",
      () => judge({ base: NO_BASELINE, heads: [head(100)] }),
      "p50",
      ["no-baseline: there is nothing to compare"],
    ],
    [
      "a figure that is missing",
      () => judge({ base: found(run()), heads: [run({ samples: { p50: 3 } })] }),
      "p50",
      ["invalid: the measurement cannot carry", "p50 needs 100 ok responses, this run has 3"],
    ],
    [
      "a limit beyond reach",
      () =>
        judge({
          base: found(run({ values: { throughput: 10 } })),
          heads: [run({ day: 2, values: { throughput: 9 } })],
          limits: "throughput: -20",
        }),
      "throughput",
      ["-20: cannot be exceeded here"],
    ],
    [
      "a metric that only informs",
      () => judge({ base: found(run()), heads: [run({ day: 2 })], limits: "p50: off" }),
      "p50",
      ["shown, not judged"],
    ],
  ])("%s", (_, judged, id, parts) => {
    const text = explained(judged(), id);
    for (const part of parts) expect(text).toContain(part);
    expect(text).not.toMatch(/NaN|undefined|null|Infinity|e-\d/);
  });

  test("what speaks against a proven excess", () => {
    const parts = Array.from({ length: 10 }, (_, i) => (i === 0 ? 30 : 0));
    const burst = judge({
      base: found(run()),
      heads: [run({ day: 2, counts: { "failure-rate": failures(30, 2000, parts) } })],
    });
    expect(explained(burst, "failure-rate")).toContain("doubt: it shows in only 1 of 10 parts");
  });
});

describe("a result is read back", () => {
  const judgement = judge({ base: found(run()), heads: [head(200)] });
  test("with every number to six digits, and nothing of it in the action's outputs", () => {
    expect(JSON.parse(written(judgement)).metrics[0].how.data.half.strict).toBe(0.506487);
    expect(metricsOutput(judgement)).not.toContain('"how"');
  });
  test("by a version that wrote no explanation", () => {
    const old = JSON.parse(written(judgement));
    for (const metric of old.metrics) delete metric.how;
    const read = parseResult(JSON.stringify(old));
    const [metric] = read.ok ? read.value.metrics : [];
    if (metric === undefined) throw new Error("nothing was read");
    expect(explainMetric(metric).join("\n")).toContain("fail: worse than no change");
  });
  test.each([
    [
      "a run record",
      '{"schema":"swarmgate.run-record/v1"}',
      "this version of swarmgate reads v1 (swarmgate.result/v1)",
    ],
    ["nothing", "", "not JSON"],
    [
      "a figure that is a text",
      written(judgement).replace('"pWorse": ', '"pWorse": "a", "was": '),
      "how.test.pWorse must be",
    ],
    [
      "a model nobody knows",
      written(judgement).replace('"design": "runs"', '"design": "tea"'),
      "design must be one of runs, rounds, arms",
    ],
  ])("not when it is %s", (_, text, sentence) => {
    const read = parseResult(text);
    expect(read.ok ? "" : read.problems.map(({ message }) => message).join("\n")).toContain(sentence);
  });
  test("of wrong usage, which has no metrics", () =>
    expect(parseResult(resultText(usageErrorJson([])))).toMatchObject({
      ok: true,
      value: { metrics: [], verdict: null },
    }));
});
