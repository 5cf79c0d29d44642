import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/judge/verdict.ts";
import { buildReport } from "../../../src/report/model.ts";
import type { ReportInput } from "../../../src/report/report.ts";
import {
  attribution,
  baseline,
  cloud,
  context,
  evidence,
  judged,
  judgement,
  lambda,
  metric,
  problem,
  ratio,
  record,
  task,
  undecided,
} from "../../golden/fixtures.ts";

const slower = (base: number, head: number): Finding =>
  judged("fail", "beyond", evidence(base, head, ratio(head / base, (head / base) * 0.95, (head / base) * 1.05), 0.1));
const same = (value: number): Finding => judged("pass", "inside", evidence(value, value, ratio(1, 0.97, 1.03), 0.1));

const report = (input: Partial<ReportInput>) =>
  buildReport({ judgement: judgement({}), record: record(), context: context(), ...input });

describe("headline", () => {
  const headline = (fields: Parameters<typeof judgement>[0]): string =>
    report({ judgement: judgement(fields) }).headline;

  it("names the first gating failure in the catalogue's order, whatever order the judge has", () => {
    const metrics = [metric("required-concurrency", slower(10, 20)), metric("p50", slower(20, 40))];
    expect(headline({ verdict: "fail", metrics })).toMatch(/^p50 rose .*; also failed: required-concurrency$/);
  });

  it("does not name a metric that fails without gating", () => {
    const metrics = [metric("p50", slower(20, 40), { gates: false }), metric("lambda-duration", slower(10, 20))];
    expect(headline({ verdict: "fail", metrics })).toMatch(/^lambda-duration rose/);
  });

  it("says when nothing was judged at all instead of a pass", () => {
    const metrics = [metric("p99", { kind: "informs", evidence: evidence(1, 1, null, null) }, { limit: "" })];
    expect(headline({ mode: "absolute", metrics })).toBe("No limit applied: nothing was judged");
  });

  it("a suspicion outranks a missing figure, and that a lack of power", () => {
    const weak = metric("p50", undecided("neutral", "open", evidence(20, 21, ratio(1.05, 0.7, 1.5), 0.5)));
    const missing = metric("lambda-duration", {
      kind: "not-measured",
      verdict: "inconclusive",
      code: "cloud-denied",
      head: null,
      reason: "AWS refused",
    });
    const suspect = metric(
      "required-concurrency",
      undecided("suspected", "open", evidence(9, 12, ratio(1.3, 0.9, 1.9), 0.4)),
    );
    const faces = [[weak], [weak, missing], [weak, missing, suspect]].map((metrics) => {
      const model = report({ judgement: judgement({ verdict: "inconclusive", metrics }) });
      return [model.face, model.headline.split(":")[0]];
    });
    expect(faces).toEqual([
      ["neutral", "No regression seen; this run could have seen p50 +50 %"],
      ["unmeasured", "Not decided"],
      ["suspected", "Suspected, not proved"],
    ]);
  });

  it.each([
    [
      "one metric against a base",
      "history",
      [metric("p50", same(20))],
      "No regression: p50 0.0 % (95 % CI -3.0 % to +3.0 %), inside its limit",
    ],
    [
      "one absolute limit",
      "absolute",
      [metric("p95", judged("pass", "inside", evidence(null, 48.2, null, null)), { limit: "<= 500ms", gates: true })],
      "Inside its limit: p95 48.2 ms (limit <= 500ms)",
    ],
    [
      "two metrics",
      "history",
      [metric("p50", same(20)), metric("lambda-duration", same(8))],
      "No regression: both gating metrics are inside their limits; p50 0.0 % (95 % CI -3.0 % to +3.0 %)",
    ],
  ] as const)("a pass of %s", (_, mode, metrics, text) => {
    expect(headline({ mode, metrics })).toBe(text);
  });

  it("does not claim to have seen no regression when no gating metric says anything", () => {
    const model = report({ judgement: judgement({ verdict: "inconclusive", metrics: [] }) });
    expect([model.face, model.headline]).toEqual(["unmeasured", "Not decided: no gating metric could be judged"]);
  });

  it("names metrics once that miss their figure for one reason, whatever names the reasons begin with", () => {
    const metrics = ["lambda-duration", "lambda-throttles"].map((id) =>
      metric(id, {
        kind: "not-measured",
        verdict: "inconclusive",
        code: "cloud-denied",
        head: null,
        reason: `${id}: AWS refused`,
      }),
    );
    const text = headline({ verdict: "inconclusive", metrics: [...metrics, metric("p50", same(20))] });
    expect(text).toBe("Not decided: lambda-duration, lambda-throttles: AWS refused");
  });

  it("is one line of bounded length even when a message is neither", () => {
    const long = problem("target-not-ready", "invalid", `a\nb ${"x".repeat(5000)}`, "");
    const text = headline({ verdict: "invalid", problems: [long] });
    expect(text).toMatch(/^Not judged: a b x+…$/);
    expect(text.length).toBeLessThanOrEqual(400);
  });
});

describe("provenance", () => {
  const provenance = (input: Partial<ReportInput>): string => report(input).provenance.join(" | ");

  it.each([
    ["prior", 1, 1, "1 run, spread prior"],
    ["learning", 9, 7, "7 of 9 runs used, spread learning 7 of 15"],
    ["learned", 22, 22, "22 runs, spread learned"],
  ] as const)("a %s spread over %d runs says so", (spread, runs, used, text) => {
    const line = provenance({ judgement: judgement({ baseline: baseline({ spread, runs, used }) }) });
    expect(line).toContain(`base main 1a2b3c4 (merge base, ${text})`);
  });

  it.each([
    ["ancestor", "base main 1a2b3c4 (ancestor of the merge base"],
    ["latest", "base main 1a2b3c4 (latest run, merge base unknown"],
    ["file", "base file 1a2b3c4 ("],
  ] as const)("a baseline of state %s is named", (state, text) => {
    expect(provenance({ judgement: judgement({ baseline: baseline({ state }) }) })).toContain(text);
  });

  it.each([
    ["fail", false, [], "closed"],
    ["fail", true, [], "open (fail-on: never)"],
    ["inconclusive", false, [], "closed (on-inconclusive: fail)"],
    ["no-baseline", false, [], "closed (on-no-baseline: fail)"],
    ["invalid", false, [problem("interrupted", "invalid", "Cancelled.", "")], "closed (interrupted)"],
    ["invalid", true, [], "open"],
  ] as const)("%s with gate open %s says why the gate stands as it does", (verdict, gateOpen, problems, text) => {
    expect(report({ judgement: judgement({ verdict, gateOpen, problems }) }).provenance[0]).toBe(`gate load: ${text}`);
  });

  it("does not name a setting when two may have closed the gate", () => {
    const missing = { kind: "not-measured", code: "too-few-samples", head: null, reason: "few" } as const;
    const suspect = undecided("suspected", "open", evidence(9, 12, ratio(1.3, 0.9, 1.9), 0.4));
    const metrics = [metric("p50", suspect), metric("p95", { ...missing, verdict: "invalid" }, { gates: true })];
    const closed = judgement({ verdict: "invalid", gateOpen: false, metrics });
    expect(report({ judgement: closed }).provenance[0]).toBe("gate load: closed");
  });

  it("a run without a record says that nothing was sent", () => {
    expect(provenance({ record: null })).toContain("nothing was sent");
  });
});

describe("what moved", () => {
  const moved = (client: Finding, duration: Finding, fields: Partial<ReportInput> = {}): readonly string[] =>
    report({
      judgement: judgement({ verdict: "fail", metrics: [metric("p50", client), metric("lambda-duration", duration)] }),
      record: null,
      ...fields,
    }).moved;

  it.each([
    [
      "both rose alike",
      slower(20, 720),
      slower(8, 700),
      "p50 +700 ms, lambda-duration +692 ms: the handler itself takes longer",
    ],
    [
      "Duration flat",
      slower(20, 720),
      same(8),
      "p50 +700 ms, lambda-duration no change seen: the time is longer outside the handler",
    ],
    [
      "Duration explains half",
      slower(100, 200),
      slower(50, 100),
      "p50 +100 ms, lambda-duration +50.0 ms: the handler explains 50 % of it",
    ],
    [
      "apart",
      slower(100, 200),
      slower(50, 40),
      "p50 +100 ms, lambda-duration -10.0 ms: they moved apart, so the cause is outside the handler",
    ],
  ])("%s", (_, client, duration, sentence) => {
    expect(moved(client, duration)).toContain(sentence);
  });

  it("says nothing about layers when the client did not move", () => {
    expect(moved(same(20), slower(8, 700))).toEqual([]);
  });

  it("leaves the word to the judge where it has the evidence", () => {
    const metrics = [metric("p50", slower(20, 720)), metric("lambda-duration", slower(8, 700))];
    const known = judgement({ metrics, attribution: attribution("cold-start", "Cold starts: 40 % of requests.") });
    const unknown = judgement({ metrics, attribution: attribution("unknown", "No evidence.") });
    expect(report({ judgement: known }).moved[0]).toBe("Cold starts: 40 % of requests.");
    expect(report({ judgement: unknown }).moved[0]).toMatch(/^p50 \+700 ms/);
  });

  it.each([
    ["confirmed by AWS", 141, "complete", "AWS confirms 141 throttles (6.74 % of invocations and throttles)"],
    [
      "refuted by AWS",
      0,
      "complete",
      "AWS counted no throttles: the 138 throttled answers come from in front of the function",
    ],
    ["neither while AWS's count is short", 0, "partial", undefined],
  ] as const)("throttled answers are a suspicion: %s", (_, throttles, state, sentence) => {
    const functions = [lambda("fn", 10, { invocations: 1952, throttles })];
    const run = record({ tasks: [task("t", 20, { ok: 1940, throttled: 138 })], cloud: cloud(functions, { state }) });
    expect(report({ record: run }).moved.find((line) => line.startsWith("AWS"))).toBe(sentence);
  });

  it("shows the arithmetic of required concurrency with the rate and whose it is", () => {
    const metrics = [metric("required-concurrency", slower(12, 84.2076))];
    const line = (referenceRate: ReportInput["context"]["referenceRate"]) =>
      report({ judgement: judgement({ metrics }), context: context({ referenceRate }), record: null }).moved;
    expect(line({ perSecond: 120, from: "baseline" })).toEqual([
      "required concurrency = 120 requests/s (baseline) x 0.702 s = 84.2 environments",
    ]);
    expect(line({ perSecond: 842.076, from: "reference-rps" })).toEqual([
      "required concurrency = 842 requests/s (reference-rps) / 10 = 84.2 environments",
    ]);
    expect(line(null)).toEqual([]);
  });
});

describe("nothing is said twice", () => {
  const denied = (reason: string): Finding => ({
    kind: "not-measured",
    verdict: "inconclusive",
    code: "cloud-denied",
    head: null,
    reason,
  });

  it("the problem in the headline is not among the problems, its hint is the first step", () => {
    const told = problem("generator-saturated", "invalid", "Saturated.", "Use fewer users.");
    const other = problem("comment-not-written", "warning", "No comment.", "Grant it.");
    const model = report({ judgement: judgement({ verdict: "invalid", problems: [other, told] }) });
    expect(model.problems).toEqual([other]);
    expect(model.next).toEqual(["Use fewer users. (generator-saturated)"]);
  });

  it("a missing figure behind a failure is named once, with its mend", () => {
    const metrics = [
      metric("p50", slower(20, 40)),
      metric("lambda-duration", denied("AWS refused")),
      metric("lambda-throttles", denied("AWS refused")),
    ];
    const model = report({ judgement: judgement({ verdict: "fail", metrics }), record: null });
    expect(model.moved).toEqual(["lambda-duration, lambda-throttles: AWS refused"]);
    expect(model.next.filter((step) => step.includes("cloudwatch:GetMetricData"))).toHaveLength(1);
  });

  it("and not at all where a problem of the same code says it with its own hint", () => {
    const metrics = [metric("p50", slower(20, 40)), metric("lambda-duration", denied("AWS refused"))];
    const problems = [problem("cloud-denied", "warning", "AWS refused.", "Grant it.")];
    const model = report({ judgement: judgement({ verdict: "fail", metrics, problems }), record: null });
    expect(model.moved).toEqual([]);
    expect(model.next.join(" ")).not.toContain("GetMetricData");
    expect(model.problems).toEqual(problems);
  });

  it("the detectable effect in the headline is left out of its line", () => {
    const open = undecided("neutral", "open", evidence(20, 21, ratio(1.05, 0.7, 1.5), 0.5));
    const metrics = [metric("p50", open), metric("lambda-duration", same(8))];
    const model = report({ judgement: judgement({ verdict: "inconclusive", metrics }) });
    expect(model.detectable).toBe("Could have seen (9 times in 10): lambda-duration +10 %");
  });
});

describe("next steps", () => {
  const steps = (fields: Parameters<typeof judgement>[0]): string =>
    report({ judgement: judgement(fields) }).next.join("\n");
  const weak = [metric("p50", undecided("neutral", "open", evidence(20, 21, ratio(1.05, 0.7, 1.5), 0.5)))];

  it.each([
    ["a pass needs none", { verdict: "pass" }, ""],
    ["a short history asks for runs", { verdict: "inconclusive", metrics: weak }, "8 more runs of main"],
    [
      "a long one for a longer run",
      { verdict: "inconclusive", metrics: weak, baseline: baseline({ used: 22, spread: "learned" }) },
      "a longer run-time, or paired mode",
    ],
    ["paired mode for more rounds", { verdict: "inconclusive", metrics: weak, mode: "paired" }, "max-duration"],
    [
      "throttling for concurrency",
      { verdict: "fail", metrics: [metric("lambda-throttles", slower(0.01, 0.02))] },
      "raise the function's",
    ],
    ["no baseline for a push", { verdict: "no-baseline" }, "A push to main stores the first baseline."],
  ] as const)("%s", (_, fields, text) => {
    expect(steps(fields)).toContain(text);
    if (text === "") expect(steps(fields)).toBe("");
  });
});

describe("rows", () => {
  it("gating first, then what warns; metrics that stay quiet are collapsed", () => {
    const warned = judged("warn", "worse", evidence(30, 40, ratio(1.33, 1.2, 1.5), 0.2));
    const metrics = [
      metric("p90", warned),
      metric("p95", same(40)),
      metric("failure-rate", same(0)),
      metric("p50", same(20)),
    ];
    const model = report({ judgement: judgement({ metrics }) });
    expect(model.rows.map(({ id, role }) => [id, role])).toEqual([
      ["p50", "gate"],
      ["failure-rate", "gate"],
      ["p90", "warn"],
    ]);
    expect(model.details.find(({ id }) => id === "metrics")?.table?.rows.map(([, id]) => id)).toEqual(["p95"]);
  });
});
