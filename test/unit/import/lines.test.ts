import { describe, expect, it } from "vitest";
import { importText, jtl, outcomesIn, recordOf, refusalOf, sampleFile, times } from "./import-text.ts";

const GOOD = jtl(times(300, 20));
const K6 = sampleFile("k6.ndjson");
const VEGETA = sampleFile("vegeta.ndjson");

/** Replaces what stands between two commas of one line of a table. */
const withField = (text: string, { line, column, value }: { line: number; column: number; value: string }): string =>
  text
    .split("\n")
    .map((row, at) => (at + 1 === line ? row.split(",").with(column, value).join(",") : row))
    .join("\n");

describe("lines that cannot be read", () => {
  it.each([
    ["a time that is no number", withField(GOOD, { line: 40, column: 1, value: "NaN" }), "line 40 has elapsed"],
    ["an infinite time", withField(GOOD, { line: 40, column: 1, value: "Infinity" }), "line 40 has elapsed"],
    [
      "a negative time",
      withField(GOOD, { line: 7, column: 1, value: "-3" }),
      'line 7 has elapsed "-3", which is negative',
    ],
    ["a time of more than a day", withField(GOOD, { line: 7, column: 1, value: "86400001" }), "line 7 has elapsed"],
    ["an empty time", withField(GOOD, { line: 301, column: 1, value: "" }), "line 301 has elapsed"],
    ["a time stamp that is none", withField(GOOD, { line: 9, column: 0, value: "yesterday" }), "line 9 has timeStamp"],
    ["a success that is neither", withField(GOOD, { line: 9, column: 5, value: "maybe" }), "line 9 has a success"],
    ["a row of too few columns", GOOD.slice(0, GOOD.lastIndexOf("https")).replace(/,$/, ""), "line 301 does not have"],
    ["a row in the middle of quotes", `${GOOD}1795285800000,5,"ord`, "line 302 has a quote that never closes"],
    [
      "a quote in the middle of a value",
      withField(GOOD, { line: 5, column: 2, value: 'or"d"ers' }),
      "line 5 has a quote",
    ],
    ["a row that is cut off in its last value", GOOD.slice(0, -4), "line 301 is cut off"],
    ["half a JSON line at the end", K6.slice(0, -20), "line 90 is not JSON"],
    ["half a JSON line first", VEGETA.slice(0, 50) + VEGETA.slice(VEGETA.indexOf("\n")), "line 1 is not JSON"],
    ["a line of another kind", K6.replace('"type":"Point"', '"type":"Pint"'), "line 2 is neither"],
    ["null for a number of a metric", K6.replace('"value":1,', '"value":null,'), "line 2 has value null"],
    ["a negative latency", VEGETA.replace('"latency":5', '"latency":-5'), "line 1 has latency"],
    ["a status of two digits", VEGETA.replace('"code":200', '"code":20'), "line 1 has code 20"],
    [
      "more failures than requests",
      sampleFile("locust_stats.csv").replace("20000,3", "2,3"),
      "line 2 has more failures than requests",
    ],
    ["Locust's file without its end", sampleFile("locust_stats.csv").split("\n").slice(0, 2).join("\n"), "Aggregated"],
    ["a document that is cut off", sampleFile("autocannon.json").slice(0, -9), "line 1 is not JSON"],
    [
      "a negative count in a document",
      sampleFile("k6-handle.json").replace('"count":70}', '"count":-70}'),
      "count -70",
    ],
    [
      "a text for a time in a document",
      sampleFile("oha.json")
        .replace(/"p95":9[\d.]+/, '"p95":"x"')
        .replace(/"p95":0[\d.]+/, '"p95":"x"'),
      "p95",
    ],
    [
      "a document of many lines that is cut off",
      JSON.stringify(JSON.parse(sampleFile("k6-export.json")), null, 2).slice(0, -2),
      "is not JSON, or the file ends",
    ],
    ["an empty file", "", "it is empty"],
    ["a file of line ends", "\n\n\n", "it is empty"],
  ])("%s is said with its place", async (_, text, says) => {
    const said = await refusalOf(text);
    expect(said).toMatch(/^import-unreadable: results: /);
    expect(said).toContain(says);
  });

  it.each([
    ["plain text", "hello\nworld\n"],
    ["a table of nobody", "a,b,c\n1,2,3\n"],
    ["JSON of nobody", '{"a":1}'],
    ["an array of nobody", "[1,2]"],
  ])("%s is unknown", async (_, text) => {
    expect(await importText(text)).toEqual({ ok: true, value: { kind: "unknown" } });
  });

  it.each([
    ["on one line", '{"schema":"swarmgate.run-record/v1"}'],
    ["a history", '{"schema":"swarmgate.history/v1","runs":[]}'],
    ["with the schema at its end", `{"a":"${"x".repeat(70_000)}","schema":"swarmgate.run-record/v1"}`],
  ])("a file of swarmgate is its own: %s", async (_, text) => {
    expect(await importText(text)).toEqual({ ok: true, value: { kind: "own" } });
  });
});

describe("--drop-bad-lines", () => {
  const withBad = (count: number): string =>
    Array.from({ length: count }, (_, at) => at + 2).reduce(
      (text, line) => withField(text, { line, column: 1, value: "NaN" }),
      GOOD,
    );

  it("leaves out up to 1 % and says how many", async () => {
    const record = await recordOf(withBad(3), { dropBadLines: true });
    expect(record.totals.requests).toBe(297);
    expect(record.validity.problems.map(({ message }) => message).join()).toContain("3 of 300 lines");
  });

  it("refuses more than 1 %, with how many and the first of them", async () => {
    const said = await refusalOf(withBad(4), { dropBadLines: true });
    expect(said).toContain("4 of 300 lines cannot be read, more than 1 %: line 2 has elapsed");
  });

  it("a quote that never closes counts every line it swallows", async () => {
    const said = await refusalOf(GOOD.replace("orders,200", '"orders,200'), { dropBadLines: true });
    expect(said).toContain("300 of 300 lines");
  });

  it("tolerates a cut-off end of a long file", async () => {
    const record = await recordOf(GOOD.slice(0, -60), { dropBadLines: true });
    expect(record.totals.requests).toBe(299);
  });
});

describe("the forms that tables come in", () => {
  const expected = { ok: 300 };
  const semicolons = GOOD.replaceAll(",", ";");
  it.each([
    ["CRLF", GOOD.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFF${GOOD}`],
    ["no line end at the end", GOOD.trimEnd()],
    ["empty lines between", GOOD.replaceAll("\n", "\n\n")],
    ["semicolons", semicolons],
    ["tabs", GOOD.replaceAll(",", "\t")],
    ["every value in quotes", GOOD.replace(/[^,\n]+/g, '"$&"')],
  ])("%s", async (_, text) => {
    const record = await recordOf(text);
    expect(outcomesIn(record.totals)).toEqual(expected);
    expect(record.service).toEqual((await recordOf(GOOD)).service);
  });

  it("a JTL without its header has JMeter's default columns", async () => {
    const [, ...rows] = sampleFile("jmeter.jtl").split("\n");
    const record = await recordOf(rows.join("\n"));
    expect(record.service).toEqual((await recordOf(sampleFile("jmeter.jtl"))).service);
  });

  it("a JTL with dates for time stamps", async () => {
    const text =
      "timeStamp,elapsed,label,responseCode,success\n2026/11/21 18:30:00.500,12,a,200,true\n2026/11/21 18:30:02.500,12,a,200,true\n";
    expect((await recordOf(text)).window).toMatchObject({ start: "2026-11-21T18:30:00.500Z", seconds: 2.012 });
  });
});
