import { describe, expect, it, test } from "vitest";
import { parseHistory } from "../../../src/baseline/history.ts";
import type { CloudResult } from "../../../src/cloud/cloud.ts";
import { PRICES } from "../../../src/cloud/prices.ts";
import { environmentsNeeded } from "../../../src/record/environments.ts";
import { costOfRun, failuresOf, headroomOf, logsOfRun } from "../../../src/record/insights.ts";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { cloudFacts, frontEndFacts, functionFacts, logFacts } from "../cloud/facts-scene.ts";
import { cloud, functionMetrics, load, outcomes, record, task } from "./sample-record.ts";
import { agreesWithSchema, historySchemaAccepts, schemaAccepts } from "./schema-check.ts";

const of = (some: Partial<CloudResult>) => summarise(record({ cloud: cloud(some) }));
const seen = cloud({ facts: cloudFacts() });

describe("cold starts", () => {
  test("are a share of the REPORT lines", () => {
    expect(of({ facts: cloudFacts() }).counts["lambda-cold-starts"]).toEqual({ events: 20, trials: 1000, parts: null });
  });
  it.each([
    ["logs that hold fewer than Lambda counted", { logs: [logFacts({ reports: 900 })] }],
    ["logs without a line", { logs: [logFacts({ reports: 0, coldStarts: 0 })] }],
  ])("%s leave them unmeasured, with the numbers", (_, facts) => {
    const summary = of({ facts: cloudFacts(facts) });
    expect(summary.counts).not.toHaveProperty("lambda-cold-starts");
    expect(summary.unmeasured["lambda-cold-starts"]?.reason).toMatch(/of 1000 REPORT lines/);
    expect(summary.functions[0]).not.toHaveProperty("coldMs");
  });
  test("without logs they are absent, not missing", () => {
    const summary = of({ facts: cloudFacts({ logs: [] }) });
    expect({ ...summary.counts, ...summary.unmeasured }).not.toHaveProperty("lambda-cold-starts");
  });
  test("of several functions each has its own", () => {
    const both = ["orders", "auth"].map((name) => functionMetrics({ function: name }));
    const logs = [logFacts(), logFacts({ function: "auth", coldStarts: 100 })];
    const summary = of({ functions: both, facts: cloudFacts({ logs }) });
    expect(summary.counts["lambda-cold-starts"]).toMatchObject({ events: 120, trials: 2000 });
    expect(summary.counts["lambda-cold-starts@auth"]).toMatchObject({ events: 100, trials: 1000 });
  });
});

describe("required concurrency (SPEC 5.4)", () => {
  test("W is Duration and cold share x Init: 20 ms + 2 % x 300 ms", () => {
    const { functions } = of({ facts: cloudFacts() });
    expect(functions[0]).toMatchObject({ durationMs: 20, coldMs: 6 });
    expect(environmentsNeeded([{ function: "f", callsPerRequest: 1, durationMs: 400, coldMs: 6 }], 100)).toBeCloseTo(
      40.6,
    );
  });
  test("Managed Instances share an environment", () => {
    const facts = cloudFacts({ functions: [functionFacts({ managedInstances: { perEnvironmentConcurrency: 64 } })] });
    const { functions } = of({ facts });
    expect(functions[0]?.perEnvironment).toBe(64);
    expect(environmentsNeeded([{ function: "f", callsPerRequest: 1, durationMs: 64, perEnvironment: 64 }], 1000)).toBe(
      1,
    );
  });
});

describe("cost per million", () => {
  const of512Arm = (facts: Partial<CloudResult["facts"]> = {}) => of({ facts: cloudFacts(facts) });
  test("by the logs' billed time, per request of ours, front end included", () => {
    const calls = 1000 / 1010;
    const expected = calls * (0.2 + 1e6 * 0.5 * 0.027 * 0.0000133334) + 1;
    expect(of512Arm().values["cost-per-million"]).toBeCloseTo(expected, 6);
  });
  test("a price table in the record wins over the built-in one, everywhere", () => {
    const prices = { ...PRICES, asOf: "2026-01-01", requestsPerMillion: 10.2 };
    const dearer = of512Arm({ prices }).values["cost-per-million"] ?? 0;
    expect(dearer - (of512Arm().values["cost-per-million"] ?? 0)).toBeCloseTo(10 * (1000 / 1010), 6);
    const run = record({ cloud: cloud({ facts: cloudFacts({ prices }) }) });
    expect(costOfRun(run, 100)?.prices).toContain("2026-01-01");
    expect(parseRecord(JSON.stringify(run)).ok).toBe(true);
  });
  it.each([
    ["memory", { memoryMb: null }],
    ["processor", { architecture: null }],
  ])("without the %s it is unmeasured", (_, some) => {
    const summary = of512Arm({ functions: [functionFacts(some)] });
    expect(summary.values).not.toHaveProperty("cost-per-million");
    expect(summary.unmeasured["cost-per-million"]?.code).toBe("cloud-denied");
  });
  test("without any configuration, or on Managed Instances, it is absent", () => {
    for (const functions of [[], [functionFacts({ managedInstances: { perEnvironmentConcurrency: 64 } })]]) {
      const summary = of512Arm({ functions });
      expect({ ...summary.values, ...summary.unmeasured }).not.toHaveProperty("cost-per-million");
    }
  });
});

describe("where the time went", () => {
  test("front end's own time, cold starts, connections and unanswered requests", () => {
    expect(of({ facts: cloudFacts() }).layers).toMatchObject({
      connectMs: 1,
      tlsMs: null,
      gatewayMs: 8,
      frontEndMs: 41,
      loopDelayMs: 2,
      connectionsPerRequest: 21 / 200,
      unansweredShare: 1 / 200,
      bytesPerRequest: 100,
    });
  });
  test("what was not asked stays null", () => {
    expect(of({}).layers).toMatchObject({ gatewayMs: null, frontEndMs: null, coldMs: null });
    expect(summarise(record()).layers).toMatchObject({ uncountedShare: null, connectMs: 1 });
  });
  test("answers that Lambda never counted", () => {
    const totals = { ...load().totals, outcomes: outcomes({ ok: 150, "client-error": 50 }) };
    const run = record({ load: load({ totals }), cloud: cloud({ seen: 159 }) });
    expect(summarise(run).layers?.uncountedShare).toBeCloseTo(50 / 200);
  });
});

describe("records and histories", () => {
  const full = record({ cloud: seen, load: load({ signs: { seen: 195, cacheHits: 3, aged: 2 } }) });

  test("facts and signs survive writing and reading, and the schema knows them", () => {
    const read = parseRecord(JSON.stringify(full));
    expect(read).toEqual({ ok: true, value: JSON.parse(JSON.stringify(full)) });
    expect(schemaAccepts(JSON.parse(JSON.stringify(full)))).toBe(true);
  });

  it.each([
    ["a word where a figure is", { functions: [functionFacts({ memoryMb: "512" as unknown as number })] }],
    ["a processor that is none", { functions: [functionFacts({ architecture: "mips" as "arm64" })] }],
    ["a front end that is none", { frontEnd: frontEndFacts({ kind: "nginx" as "alb" }) }],
    ["prices of another schema", { prices: { schema: "x" } as never }],
    ["negative cold starts", { logs: [logFacts({ coldStarts: -1 })] }],
  ])("%s is refused by parser and schema", (_, facts) => {
    const bad = record({ cloud: cloud({ facts: cloudFacts(facts) }) });
    expect(parseRecord(JSON.stringify(bad)).ok).toBe(false);
    expect(agreesWithSchema(JSON.parse(JSON.stringify(bad)))).toBe(true);
  });

  test("a history of an earlier version has no layers: not known, and still a baseline", () => {
    const { layers: _, ...old } = summarise(full);
    const text = JSON.stringify({ schema: "swarmgate.history/v1", runs: [old] });
    const read = parseHistory(text);
    expect(read.ok && read.value.runs[0]?.layers).toBeNull();
    expect(historySchemaAccepts(JSON.parse(text))).toBe(true);
  });

  test("a history of this version keeps them", () => {
    const written = { schema: "swarmgate.history/v1", runs: [summarise(full)] };
    expect(parseHistory(JSON.stringify(written))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(written)) });
    expect(historySchemaAccepts(JSON.parse(JSON.stringify(written)))).toBe(true);
  });
});

describe("what a report reads from a record", () => {
  test("head-room at a rate: concurrency, gateway, and the ramp of the plan", () => {
    const found = headroomOf(record({ cloud: seen }), 500);
    expect(found?.rows.map((row) => row.resource)).toContain("account concurrency");
    expect(found?.rows.find((row) => row.resource.startsWith("rate of"))).toMatchObject({ needs: 500, has: 10_000 });
    expect(found?.ramps[0]).toMatchObject({ environments: 20, feasible: true });
    expect(headroomOf(record({ cloud: cloud() }), 500)).toBeNull();
  });

  test("the cost of the run itself, and nothing where nothing is known", () => {
    const cost = costOfRun(record({ cloud: seen }), 500);
    expect(cost?.run).toBeGreaterThan(0);
    expect(cost?.run).toBeLessThan(0.01);
    expect(costOfRun(record({ cloud: cloud() }), 500)).toBeNull();
    expect(costOfRun(record(), 500)).toBeNull();
  });

  test("logs with the memory that the function has", () => {
    expect(logsOfRun(record({ cloud: seen }))).toEqual([{ ...logFacts(), memoryMb: 512 }]);
  });

  test("failures by front end and counts", () => {
    const examples = { "server-error": [{ status: 503, text: '{"message":"Service Unavailable"}' }] };
    const totals = { ...load().totals, outcomes: outcomes({ ok: 980, "server-error": 10 }) };
    const run = record({
      load: load({ totals, tasks: [task("t", { examples })] }),
      cloud: cloud({ facts: cloudFacts(), seen: 999 }),
    });
    expect(failuresOf(run)[0]).toMatchObject({ situation: "lambda-throttled", certainty: "confirmed", requests: 10 });
  });
});
