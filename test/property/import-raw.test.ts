import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRows } from "../../src/import/csv-rows.ts";
import { splitLines } from "../../src/import/lines.ts";
import { jtl, recordOf, sampleFile } from "../unit/import/import-text.ts";

/** The value at rank ceil(q x n) of a list. */
const rank = (sorted: readonly number[], q: number): number => sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;

describe("percentiles from raw values", () => {
  it("are those of the sorted list, within the resolution of the histogram (0.1 %)", async () => {
    const ms = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 86_400_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(ms, { minLength: 1, maxLength: 300 }), async (values) => {
        const { service } = await recordOf(jtl(values.map((value) => ({ ms: value }))));
        const sorted = values.toSorted((a, b) => a - b);
        for (const [name, q] of [
          ["p50", 0.5],
          ["p90", 0.9],
          ["p95", 0.95],
          ["p99", 0.99],
          ["max", 1],
        ] as const) {
          const exact = rank(sorted, q);
          expect(Math.abs((service[name] ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.001);
        }
        expect(service.count).toBe(values.length);
      }),
      { numRuns: 60 },
    );
  });

  it("do not depend on the order of the lines", async () => {
    const values = Array.from({ length: 200 }, (_, at) => ({ ms: 1 + ((at * 37) % 97), label: `t${at % 3}` }));
    const [header = "", ...rows] = jtl(values).trimEnd().split("\n");
    const straight = await recordOf([header, ...rows, ""].join("\n"));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
        expect(await recordOf([header, ...shuffled, ""].join("\n"))).toEqual(straight);
      }),
      { numRuns: 20 },
    );
  });
});

describe("pieces", () => {
  it.each(["jmeter.jtl", "k6.ndjson", "vegeta.csv", "locust-requests.csv", "autocannon.json"])(
    "%s gives the same record however it is cut",
    async (file) => {
      const text = sampleFile(file);
      const whole = await recordOf(text);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: text.length }), async (piece) => {
          expect(await recordOf(text, { piece })).toEqual(whole);
        }),
        { numRuns: 12 },
      );
    },
  );

  it("any text comes back as its lines", () => {
    const alphabet = fc.constantFrom("a", "b", ",", '"', "\n", "\r\n");
    fc.assert(
      fc.property(fc.array(alphabet), fc.integer({ min: 1, max: 5 }), (parts, piece) => {
        const text = parts.join("");
        const lines: string[] = [];
        const splitter = splitLines((line) => lines.push(line));
        for (let at = 0; at < text.length; at += piece) splitter.push(text.slice(at, at + piece));
        splitter.end();
        const expected = text.split("\n").map((line) => line.replace(/\r$/, ""));
        expect(lines).toEqual(expected.at(-1) === "" && !/\r$/.test(text) ? expected.slice(0, -1) : expected);
      }),
    );
  });

  it("any fields that are written with quotes are read back", () => {
    const field = fc.string({ unit: fc.constantFrom("a", "é", ",", '"', "\n", " ", ";"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
        const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join("\n");
        const read: (readonly string[])[] = [];
        const feed = csvRows(",", (row) => read.push(row.kind === "row" ? row.fields : [row.says]));
        const lines = splitLines(feed.line);
        lines.push(text);
        lines.end();
        feed.end();
        expect(read).toEqual(rows);
      }),
    );
  });
});
