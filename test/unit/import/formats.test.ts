import { describe, expect, it } from "vitest";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { schemaAccepts } from "../record/schema-check.ts";
import { outcomesIn, recordOf, refusalOf, sampleFile } from "./import-text.ts";

/** Files as the tools wrote them, shortened; the expected figures were counted in them by hand. */
const FILES = [
  {
    file: "jmeter.jtl",
    tool: "jmeter",
    outcomes: { ok: 3, "check-failed": 1, throttled: 1, redirected: 1, timeout: 1, "connect-error": 1 },
    tasks: ["/health?deep=1", "Home page", "Order"],
    p50: 90,
    max: 120,
  },
  {
    file: "k6.ndjson",
    tool: "k6",
    outcomes: { ok: 4, redirected: 2, "server-error": 2, "connect-error": 1 },
    tasks: ["/fail", "/moved", "/none", "/orders", "orders"],
    p50: 3.793,
    max: 8.193,
  },
  {
    file: "k6.csv",
    tool: "k6",
    outcomes: { ok: 3, redirected: 2, "server-error": 2 },
    tasks: ["/fail", "/moved", "/orders", "orders"],
    p50: 7.218,
    max: 8.193,
  },
  {
    file: "vegeta.ndjson",
    tool: "vegeta",
    outcomes: { ok: 3, "server-error": 3, "connect-error": 3 },
    tasks: ["GET /fail", "GET /none", "GET /orders?id=1"],
    p50: 5.268,
    max: 6.477,
  },
  {
    file: "vegeta.csv",
    tool: "vegeta",
    outcomes: { ok: 3, "server-error": 3, "connect-error": 3 },
    tasks: ["GET /fail", "GET /none", "GET /orders?id=1"],
    p50: 5.268,
    max: 6.477,
  },
  { file: "hey.csv", tool: "hey", outcomes: { ok: 20 }, tasks: ["all requests"], p50: 3.6, max: 9.9 },
  { file: "oha.csv", tool: "oha", outcomes: { ok: 20 }, tasks: ["all requests"], p50: 3.325, max: 5.606 },
  { file: "ab-g.tsv", tool: "ab", outcomes: { ok: 40 }, tasks: ["all requests"], p50: 4, max: 87 },
  {
    file: "locust-requests.csv",
    tool: "locust",
    outcomes: { ok: 2, "check-failed": 1, "server-error": 1, timeout: 1 },
    tasks: ["/orders"],
    p50: 99.5,
    max: 101.25,
  },
  {
    file: "locust.json",
    tool: "locust",
    outcomes: { ok: 11, "check-failed": 1 },
    tasks: ["GET /orders", "POST /orders"],
    p50: 150,
    max: 510,
  },
  {
    file: "locust_stats.csv",
    tool: "locust",
    outcomes: { ok: 19_997, "check-failed": 3 },
    tasks: ["/orders"],
    p50: 23,
    max: 300,
  },
  { file: "k6-handle.json", tool: "k6", outcomes: { ok: 42, "check-failed": 28 }, tasks: [], p50: 3.648, max: 8.193 },
  { file: "k6-export.json", tool: "k6", outcomes: { ok: 42, "check-failed": 28 }, tasks: [], p50: 3.612, max: 12.526 },
  { file: "k6-new.json", tool: "k6", outcomes: { ok: 42, "check-failed": 28 }, tasks: [], p50: 3.399, max: 39.88 },
  { file: "oha.json", tool: "oha", outcomes: { ok: 20, aborted: 2 }, tasks: [], p50: 3.745, max: 9.714 },
  { file: "autocannon.json", tool: "autocannon", outcomes: { ok: 558 }, tasks: [], p50: 3, max: 32 },
  {
    file: "jmeter-statistics.json",
    tool: "jmeter",
    outcomes: { ok: 396, "check-failed": 4 },
    tasks: [],
    p50: 45,
    max: 900,
  },
] as const;

describe("files of other tools", () => {
  it.each(FILES)("$file: outcomes, tasks and times as they stand in it", async (expected) => {
    const record = await recordOf(sampleFile(expected.file));
    expect(record.fingerprint.test.tool).toBe(expected.tool);
    expect(outcomesIn(record.totals)).toEqual(expected.outcomes);
    expect(record.tasks.map(({ name }) => name)).toEqual(expected.tasks);
    expect(record.service.p50).toBeCloseTo(expected.p50, 0);
    expect(Math.abs((record.service.p50 ?? 0) / expected.p50 - 1)).toBeLessThan(0.001);
    expect(Math.abs((record.service.max ?? 0) / expected.max - 1)).toBeLessThan(0.001);
  });

  it.each(FILES)("$file: the record is one that we read, and the published schema accepts", async ({ file }) => {
    const record = JSON.parse(JSON.stringify(await recordOf(sampleFile(file))));
    expect(schemaAccepts(record), JSON.stringify(schemaAccepts.errors)).toBe(true);
    const read = parseRecord(JSON.stringify(record));
    expect(read).toMatchObject({ ok: true, value: record });
  });

  it.each(FILES)(
    "$file: response is service, tagged with where the clock starts; nothing measured is in the fingerprint",
    async ({ file }) => {
      const { response, service, fingerprint } = await recordOf(sampleFile(file));
      expect(response).toEqual({ ...service, from: "actual-start" });
      expect(JSON.stringify(fingerprint)).not.toMatch(/127\.0\.0\.1|example|1795285/);
      expect(fingerprint.test).toMatchObject({ runTime: 0, rate: null, spawnRate: 0 });
    },
  );

  it("two formats of one tool that hold the same requests have the same fingerprint and the same times", async () => {
    const [json, csv] = await Promise.all(["vegeta.ndjson", "vegeta.csv"].map((file) => recordOf(sampleFile(file))));
    expect(csv?.fingerprint).toEqual(json?.fingerprint);
    expect(csv?.service).toEqual(json?.service);
    expect(csv?.tasks).toEqual(json?.tasks);
  });

  it("the users that autocannon states are in its fingerprint", async () => {
    expect((await recordOf(sampleFile("autocannon.json"))).fingerprint.test.users).toBe(2);
  });
});

describe("files that would lie", () => {
  it.each([
    ["ab -e has percentiles of nobody knows how many requests", sampleFile("ab-e.csv"), "ab -e"],
    ["a JTL as XML", '<?xml version="1.0"?>\n<testResults version="1.2">', "XML"],
    ["Locust's history", "Timestamp,User Count,Type,Name,Requests/s\n1,2,,Aggregated,3\n", "history"],
    ["Locust's failures", "Method,Name,Error,Occurrences,First Seen,Last Seen\n", "failures"],
    ["Vegeta's binary", "\u0000\u0012\uFFFD\u0001gob", "binary"],
    [
      "Distributed Load Testing on AWS averages percentiles",
      '{"total":{"avg_rt":"0.1","p95_0":"0.2","throughput":"5"}}',
      "averages the percentiles",
    ],
  ])("%s: refused with what to give instead", async (_, text, word) => {
    const said = await refusalOf(text);
    expect(said).toMatch(/^import-refused: results: /);
    expect(said).toContain(word);
  });
});
