import { describe, expect, it } from "vitest";
import { OUTPUTS } from "../../../src/config/outputs.ts";
import { detectableOutput, metricsOutput, resultJson, resultText, usageErrorJson } from "../../../src/report/json.ts";
import { buildReport } from "../../../src/report/model.ts";
import { actionOutputs, emptyOutputs, OUTPUT_NAMES } from "../../../src/report/outputs.ts";
import { CASES } from "../../golden/cases.ts";
import { context, evidence, judged, judgement, metric, points, problem, ratio } from "../../golden/fixtures.ts";

const FIELDS = ["id", "unit", "gates", "base", "head", "change", "limit", "verdict", "detectable", "reason"];
const TOP = [
  "schema",
  "verdict",
  "gateOpen",
  "mode",
  "headline",
  "baseline",
  "metrics",
  "attribution",
  "problems",
  "notes",
  "runRecord",
];

const result = (fields: Parameters<typeof judgement>[0]) =>
  resultJson({ judgement: judgement(fields), headline: "h", runRecord: "run.json" });

describe("result JSON", () => {
  it.each(Object.entries(CASES))("%s has every field of the contract, null where there is nothing", (_, input) => {
    const json = resultJson({ judgement: input.judgement, headline: "h", runRecord: null });
    const { confirmation: _confirmation, ...top } = json;
    expect(Object.keys(top)).toEqual(TOP);
    for (const { how: _how, ...one } of json.metrics) expect(Object.keys(one)).toEqual(FIELDS);
    expect(JSON.stringify(json)).not.toContain("undefined");
  });

  it("rounds to six significant digits and says null for what JSON cannot hold", () => {
    const metrics = [
      metric(
        "p50",
        judged(
          "fail",
          "r",
          evidence(21.43219876, 733.00012345, ratio(34.2012345678, 31.9, Number.POSITIVE_INFINITY), 0.18),
        ),
      ),
      metric(
        "failure-rate",
        judged("pass", "r", evidence(0.000123456789, 0.05, points(0.0498765432, 0.01, 0.09), null)),
      ),
    ];
    expect(result({ metrics }).metrics).toMatchObject([
      { base: 21.4322, head: 733, change: { ratio: 34.2012, low: 31.9, high: null }, detectable: 0.18 },
      { base: 0.000123457, change: { points: 0.0498765, low: 0.01, high: 0.09 }, detectable: null },
    ]);
  });

  it("a figure that was not measured is null, never 0", () => {
    const missing = {
      kind: "not-measured",
      verdict: "inconclusive",
      code: "cloud-denied",
      head: null,
      reason: "r",
    } as const;
    expect(result({ metrics: [metric("lambda-duration", missing)] }).metrics[0]).toEqual({
      id: "lambda-duration",
      unit: "ms",
      gates: true,
      base: null,
      head: null,
      change: null,
      limit: "+10% and +3ms",
      verdict: "inconclusive",
      detectable: null,
      reason: "r",
    });
  });

  it("a metric that only informs has neither limit nor verdict", () => {
    const informs = metric(
      "p99",
      { kind: "informs", evidence: evidence(70, 71, ratio(1.01, 0.9, 1.1), 0.3) },
      { limit: "" },
    );
    expect(result({ metrics: [informs] }).metrics[0]).toMatchObject({
      limit: null,
      verdict: null,
      reason: null,
      gates: false,
    });
  });

  it("several limits of one metric are one text", () => {
    const both = metric("p95", judged("pass", "r", evidence(40, 41, ratio(1.02, 0.9, 1.1), 0.2)));
    const limits = ["+15%", "<= 500ms"].flatMap((text) => both.limits.map((limit) => ({ ...limit, text })));
    expect(result({ metrics: [{ ...both, limits }] }).metrics[0]?.limit).toBe("+15%; <= 500ms");
  });

  it("hides nothing that is not in the contract inside a baseline or a problem", () => {
    const extra = { ...problem("no-baseline", "warning", "m", "h"), secret: "s" };
    expect(result({ problems: [extra] }).problems[0]).toEqual(problem("no-baseline", "warning", "m", "h"));
  });

  it("wrong usage has no verdict and no open gate", () => {
    const problems = [problem("bad-value", "usage", "users is not a number.", "Give one.")];
    expect(usageErrorJson(problems)).toMatchObject({
      verdict: null,
      gateOpen: false,
      problems,
      metrics: [],
      mode: null,
    });
    expect(Object.keys(usageErrorJson(problems))).toEqual(TOP);
  });

  it("as text it is the same value and safe in a log", () => {
    const json = resultJson({ judgement: CASES.hostile.judgement, headline: "::error::x\u202E", runRecord: null });
    const text = resultText(json);
    expect(JSON.parse(text)).toEqual(json);
    expect(text).not.toMatch(/::|##\[|\u202E/);
    expect(text.endsWith("}\n")).toBe(true);
  });
});

describe("the action's outputs", () => {
  const published = { runRecord: "/tmp/run.json", htmlReport: null, commentId: 42 };

  it("are all there, strings, for every verdict", () => {
    for (const input of Object.values(CASES)) {
      const outputs = actionOutputs(buildReport(input), input.judgement, published);
      expect(Object.keys(outputs).sort()).toEqual([...OUTPUT_NAMES].sort());
      expect(Object.values(outputs).every((value) => typeof value === "string")).toBe(true);
    }
  });

  it("are those that action.yml declares", () => {
    expect(OUTPUT_NAMES).toEqual(OUTPUTS.map(({ name }) => name));
  });

  it("hold what the run found", () => {
    const outputs = actionOutputs(buildReport(CASES.fail), CASES.fail.judgement, published);
    expect(outputs).toMatchObject({
      verdict: "fail",
      "gate-open": "false",
      "required-concurrency": "85",
      "baseline-sha": "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
      "baseline-state": "exact",
      "run-record": "/tmp/run.json",
      "html-report": "",
      "comment-id": "42",
    });
    expect(outputs.metrics).toBe(metricsOutput(CASES.fail.judgement));
    expect(JSON.parse(outputs.metrics)).toHaveLength(CASES.fail.judgement.metrics.length);
    expect(JSON.parse(outputs["detectable-effect"])).toMatchObject({ p50: 0.18, "failure-rate": 0.0062 });
  });

  it("a metric without a detectable effect is not in that output", () => {
    const metrics = [metric("lambda-throttles", judged("pass", "r", evidence(null, 0, null, null)))];
    expect(detectableOutput(judgement({ metrics }))).toBe("{}");
  });

  it("thousands of environments have no separator: programs read this", () => {
    const metrics = [
      metric("required-concurrency", judged("pass", "r", evidence(1200, 1234.2, ratio(1.03, 1, 1.05), 0.1))),
    ];
    const input = { judgement: judgement({ metrics }), record: null, context: context() };
    expect(actionOutputs(buildReport(input), input.judgement, published)["required-concurrency"]).toBe("1235");
  });

  it("when nothing was judged they are empty and the gate is not open", () => {
    const { "gate-open": open, ...others } = emptyOutputs();
    expect(open).toBe("false");
    expect(Object.keys(others)).toHaveLength(OUTPUT_NAMES.length - 1);
    expect(new Set(Object.values(others))).toEqual(new Set([""]));
  });
});
