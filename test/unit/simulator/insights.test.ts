import { describe, expect, it } from "vitest";
import { parseQuery } from "../../../simulator/logs/insights-parser.ts";
import { runQuery } from "../../../simulator/logs/insights-run.ts";

const noon = Date.UTC(2026, 10, 21, 12);
const lines = [
  '{"kind":"a","ms":10,"path":"/x-1"}',
  '{"kind":"a","ms":30,"path":"/y"}',
  '{"kind":"b","ms":20,"extra":1}',
  "no JSON at all",
];
const events = lines.map((message, index) => ({ atMs: noon + index, ingestedMs: noon, stream: "s", message }));

const rows = (query: string, limit = 100) =>
  runQuery(parseQuery(query), events, limit).rows.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== "@ptr").map(({ field, value }) => [field, value])),
  );

describe("what a query means", () => {
  it.each<[what: string, query: string, expected: unknown]>([
    [
      "statistics over all records",
      "stats count(*) as n, sum(ms) as total, min(ms), max(ms)",
      [{ n: "4", total: "60", "min(ms)": "10", "max(ms)": "30" }],
    ],
    [
      "groups in the order they are met, newest first",
      "stats count(*) as n by kind",
      [{ n: "1" }, { kind: "b", n: "1" }, { kind: "a", n: "2" }],
    ],
    [
      "a field that is missing is not counted",
      "stats count(extra) as n, sum(ispresent(extra)) as m",
      [{ n: "1", m: "1" }],
    ],
    ["no record, no row", 'filter kind = "z" | stats count(*) as n', []],
    ["percentiles by nearest rank", "stats pct(ms, 50) as p50, pct(ms, 95) as p95", [{ p50: "20", p95: "30" }]],
    ["sums before comparisons, products before sums", "filter ms + 2 * 5 > 35 | stats count(*) as n", [{ n: "1" }]],
    [
      "and before or, not before both",
      'filter not kind = "a" and ms = 20 or ms = 10 | stats count(*) as n',
      [{ n: "2" }],
    ],
    ["division, four decimals", "stats max(ms/9) as m", [{ m: "3.3333" }]],
    ["a text by like", 'filter path like "x-1" | stats count(*) as n', [{ n: "1" }]],
    ["a pattern by like, in any case", "filter kind like /(?i)^A$/ | stats count(*) as n", [{ n: "2" }]],
    ["not like holds for a missing field too", "filter path not like /y/ | stats count(*) as n", [{ n: "3" }]],
    ["a list", 'filter kind in ["b", "c"] | stats count(*) as n', [{ n: "1" }]],
    [
      "a parsed group",
      "parse path /^\\/(?<first>\\w)/ | filter ispresent(first) | stats count(*) as n by first",
      [
        { first: "y", n: "1" },
        { first: "x", n: "1" },
      ],
    ],
    ["sorted and cut", "fields ms | filter ispresent(ms) | sort ms desc | limit 2", [{ ms: "30" }, { ms: "20" }]],
    ["a computed column", "fields ms * 2 as twice | sort twice | filter twice > 40", [{ twice: "60" }]],
    [
      "the usual columns",
      'filter kind = "b" | limit 1',
      [{ "@timestamp": "2026-11-21 12:00:00.002", "@message": lines[2] }],
    ],
  ])("%s", (...[, query, expected]) => {
    expect(rows(query)).toEqual(expected);
  });

  it("returns no more than its limit", () => {
    expect(rows("fields @message", 2)).toHaveLength(2);
  });
});

describe("what is refused by name", () => {
  it.each([
    ["dedup kind", /the command dedup is not simulated/],
    ["stats stddev(ms)", /the function stddev is not simulated in stats/],
    ["filter strlen(kind) > 1", /the function strlen is not simulated/],
    ["stats count(*) by bin(1m)", /the function bin is not simulated/],
    ["filter kind = ", /unexpected end/],
    ['parse @message "a * b" as x', /regular expression only/],
    ["fields ms ms", /unexpected/],
    ["stats avg(ms) / 2", /unexpected/],
    ["filter kind = %", /unexpected symbol/],
  ])("%s", (query, message) => {
    expect(() => parseQuery(query)).toThrow(message);
  });
});
