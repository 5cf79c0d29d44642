import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHistory } from "../../src/baseline/history.ts";
import { parseRecord } from "../../src/record/parse-record.ts";
import { summarise } from "../../src/record/summarise.ts";
import { cloudFacts } from "../unit/cloud/facts-scene.ts";
import { cloud, load, record, slice } from "../unit/record/sample-record.ts";
import { historySchemaAccepts, schemaAccepts } from "../unit/record/schema-check.ts";

const sample = record({
  cloud: cloud({ facts: cloudFacts() }),
  load: load({ slices: [slice(0), slice(1)], signs: { seen: 195, cacheHits: 1, aged: 0 } }),
  problems: [{ code: "no-baseline", severity: "warning", message: "none", hint: "run main" }],
});
const history = { schema: "swarmgate.history/v1", runs: [summarise(sample)] };

type Holder = Record<string, unknown>;

/** Every place of a document: the container and the key. */
const places = (value: unknown): readonly (readonly [Holder, string])[] =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [[value as Holder, key] as const, ...places(inner)]);

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 0.5, "", "x", true, [], {}, 1e300, -0, "2026-01-01T00:00:00.000Z", [null], {
    a: 1,
  }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The document with one place replaced, or removed. */
const mutated = (document: unknown, at: number, value: unknown, remove: boolean): unknown => {
  const copy = structuredClone(document);
  const all = places(copy);
  const [holder, key] = all[at % all.length] ?? [{}, ""];
  if (!remove) holder[key] = value;
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return JSON.parse(JSON.stringify(copy));
};

describe("reading never throws and always has a reason", () => {
  const holds = (text: string): void => {
    for (const result of [parseRecord(text), parseHistory(text)]) {
      if (result.ok) continue;
      expect(result.problems.length).toBeGreaterThan(0);
      expect(result.problems.length).toBeLessThanOrEqual(21);
    }
  };

  test("for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), holds));
  });

  test("for any JSON, with our schema's name on it or without", () => {
    const schemas = fc.constantFrom("swarmgate.run-record/v1", "swarmgate.history/v1", "", "other");
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), schemas, (body, schema) =>
        holds(JSON.stringify({ ...body, schema })),
      ),
    );
  });

  test("for a record cut anywhere", () => {
    const text = JSON.stringify(sample);
    fc.assert(
      fc.property(fc.nat(text.length - 1), (end) => {
        expect(parseRecord(text.slice(0, end)).ok).toBe(false);
      }),
    );
  });
});

describe("parser and published schema agree on any one change", () => {
  test("of a run record", () => {
    fc.assert(
      fc.property(fc.nat(), oddValue, fc.boolean(), (at, value, remove) => {
        const document = mutated(sample, at, value, remove);
        expect(parseRecord(JSON.stringify(document)).ok).toBe(schemaAccepts(document));
      }),
      { numRuns: 2_000 },
    );
  });

  test("of a history, but for events beyond trials, which a schema cannot say", () => {
    fc.assert(
      fc.property(fc.nat(), oddValue, fc.boolean(), (at, value, remove) => {
        const document = mutated(history, at, value, remove);
        const result = parseHistory(JSON.stringify(document));
        const beyond =
          !result.ok && result.problems.every(({ message }) => message.includes("more events than trials"));
        expect(result.ok || beyond).toBe(historySchemaAccepts(document));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a summary of any readable record", () => {
  test("has finite figures, shares within their trials, and can be read back from a history", () => {
    fc.assert(
      fc.property(fc.nat(), oddValue, (at, value) => {
        const read = parseRecord(JSON.stringify(mutated(sample, at, value, false)));
        if (!read.ok) return;
        const summary = summarise(read.value);
        expect(Object.values(summary.values).every((figure) => Number.isFinite(figure))).toBe(true);
        const written = JSON.stringify({ schema: "swarmgate.history/v1", runs: [summary] });
        expect(parseHistory(written)).toEqual({ ok: true, value: JSON.parse(written) });
      }),
      { numRuns: 1_000 },
    );
  });
});
