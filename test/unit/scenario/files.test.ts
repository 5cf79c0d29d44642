import { describe, expect, it } from "vitest";
import { readCsv } from "../../../src/scenario/csv.ts";
import { besideScenario } from "../../../src/scenario/read-file.ts";
import { readRegex } from "../../../src/scenario/regex-text.ts";

describe("readCsv", () => {
  it.each([
    [
      "commas",
      "a,b\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "CRLF and a byte order mark",
      "\uFEFFa,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["a lone CR", "a\r1", [["a"], ["1"]]],
    ["quotes", 'a\n"x, ""y"""', [["a"], ['x, "y"']]],
    [
      "a line break in quotes",
      'a,b\n"1\r\n2",3',
      [
        ["a", "b"],
        ["1\r\n2", "3"],
      ],
    ],
    [
      "empty values",
      "a,b,c\n,,\n",
      [
        ["a", "b", "c"],
        ["", "", ""],
      ],
    ],
    ["empty lines", "a\n\n\n1\n\n", [["a"], ["1"]]],
    [
      "spaces",
      " a , b \n 1 ,2",
      [
        [" a ", " b "],
        [" 1 ", "2"],
      ],
    ],
    [
      "an empty quoted value",
      'a,b\n"",x',
      [
        ["a", "b"],
        ["", "x"],
      ],
    ],
    ["nothing", "", []],
  ])("reads %s", (_, text, rows) => {
    expect(readCsv(text)).toMatchObject({ ok: true, rows });
  });

  it.each([
    ["a quote inside a value", 'a\nx"y"', 2, "has a quote inside a value without quotes"],
    ["text behind a quote", 'a\n1\n"x"y', 3, "has text behind a closing quote"],
    ["a quote that never closes", 'a\n1\n"x\ny', 3, "has a quote that never closes"],
    ["a fault behind quoted line breaks", 'a\n"1\n2\n3"\nx"', 5, "has a quote inside a value without quotes"],
  ])("refuses %s with its line", (_, text, line, says) => {
    expect(readCsv(text)).toEqual({ ok: false, line, says });
  });

  it("says on which line a row begins", () => {
    expect(readCsv('a\n"1\n2"\n\n3')).toMatchObject({ lines: [1, 2, 5] });
  });
});

describe("a path in a scenario", () => {
  it.each([
    ["beside the file", "load/o.yml", "a.csv", "load/a.csv"],
    ["below it", "load/o.yml", "./data/a.csv", "load/data/a.csv"],
    ["next to its folder", ".github/swarmgate.yml", "../load/a.csv", "load/a.csv"],
    ["beside a file elsewhere", "../other/o.yml", "a.csv", "../other/a.csv"],
    ["beside a file with a whole path", "/w/repo/o.yml", "d/a.csv", "/w/repo/d/a.csv"],
    ["above the working directory", "load/o.yml", "../../a.csv", null],
    ["above it by a detour", "load/o.yml", "x/../../../a.csv", null],
    ["above the file's own climb", "../other/o.yml", "../../a.csv", null],
    ["above a file with a whole path", "/w/repo/o.yml", "../a.csv", null],
    ["whole", "load/o.yml", "/etc/passwd", null],
    ["of another system", "load/o.yml", "C:\\x.csv", null],
    ["with backslashes upwards", "load/o.yml", "..\\..\\a.csv", null],
    ["empty", "load/o.yml", "", null],
  ])("%s", (_, file, path, place) => {
    expect(besideScenario(file, path)).toBe(place);
  });
});

describe("a regular expression", () => {
  it.each([
    "json",
    'name="csrf" value="([^"]+)"',
    "^/orders/(\\d+)$",
    "(?:a|b)c",
    "(a+)?b",
    "[(+*)]+",
    "\\(a+\\)+",
    "a{2,5}",
    "(?<id>\\w+)",
    "(ab)+",
  ])("%s is taken", (source) => {
    expect(readRegex(source)).toEqual({ ok: true, regex: { source, flags: "" } });
  });

  it.each([
    ["(", "not a regular expression"],
    ["", "empty"],
    ["(a+)+$", "repeats a group"],
    ["(a|a)*b", "repeats a group"],
    ["((ab?)c)*", "repeats a group"],
    ["(a*){20}", "repeats a group"],
    ["(\\w+\\s?)+$", "repeats a group"],
    ["([a-z]+)\\1", "refers back"],
    ["(?<n>a)\\k<n>", "refers back"],
    ["(?<=a)b", "looks ahead or behind"],
    ["(?=a+)b", "looks ahead or behind"],
    ["a*b*c*d*e*", "more than 4 repetitions"],
    ["a".repeat(501), "longer than 500"],
  ])("%s is refused", (source, says) => {
    expect(readRegex(source)).toEqual({ ok: false, says: expect.stringContaining(says) });
  });
});
