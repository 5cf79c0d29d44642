import { describe, expect, test } from "vitest";
import { loadDifferences } from "../../../src/baseline/compatible.ts";
import { newHistogram, summarise } from "../../../src/load/histogram.ts";
import { mergeLoads } from "../../../src/record/merge-load.ts";
import { mergedRecord, noLoad } from "../../../src/record/merge-records.ts";
import { load, plan, record, slice } from "../record/sample-record.ts";
import { agreesWithSchema, schemaAccepts } from "../record/schema-check.ts";

const none = summarise(newHistogram()).histogram;
const distributions = { dns: null, connect: none, tls: null, ttfb: none, download: null, lag: none };
const part = (index: number) => {
  const facts = { agreed: "2026-11-21T12:00:00.000Z", clockMs: -12, functions: ["orders"] };
  const built = record({
    plan: plan({ shard: { index, count: 2 } }),
    load: load({ distributions }),
    shard: facts,
  });
  if (built.shard === undefined) throw new Error("no shard");
  return { ...built, shard: built.shard };
};
const merged = (whole: boolean) => {
  const shards = [part(1), part(2)];
  const parts = { shards, cloud: null, problems: [], name: "gate", version: "0.1.0", git: null, secrets: [] };
  return mergedRecord({ ...parts, load: whole ? mergeLoads(shards) : noLoad(part(1)) }, part(1));
};

describe("the parser and the published schema agree", () => {
  test.each([
    ["a shard's record", part(1)],
    ["a merged record", merged(true)],
    ["the record of shards that were refused", merged(false)],
  ])("that %s is one", (_, document) => {
    expect(schemaAccepts(document)).toBe(true);
    expect(agreesWithSchema(document)).toBe(true);
  });

  const { shard } = part(1);
  test.each<readonly [string, unknown]>([
    ["an index of 0", { ...shard, index: 0 }],
    ["a thousand shards", { ...shard, count: 1_000 }],
    ["a clock of another century", { ...shard, clockMs: 1e13 }],
    ["no distributions", { ...shard, distributions: undefined }],
    ["a distribution that is a word", { ...shard, distributions: { ...distributions, lag: "late" } }],
    ["a start that is no time", { ...shard, begun: "yesterday" }],
    ["functions that are numbers", { ...shard, functions: [1] }],
  ])("that a shard with %s is none", (_, broken) => {
    const document = JSON.parse(JSON.stringify({ ...part(1), shard: broken }));
    expect(schemaAccepts(document)).toBe(false);
    expect(agreesWithSchema(document)).toBe(true);
  });
});

describe("the fingerprint of a part", () => {
  test("is that of the same part only", () => {
    const [one, two, whole] = [part(1), part(2), merged(true)].map((document) => document.fingerprint.test);
    if (one === undefined || two === undefined || whole === undefined) throw new Error("three records");
    expect(loadDifferences(one, part(1).fingerprint.test)).toEqual([]);
    expect(loadDifferences(one, two)).toEqual(["shard: 1/2 in the baseline, 2/2 here"]);
    expect(loadDifferences(whole, one)).toEqual(["shard: none in the baseline, 1/2 here"]);
    expect(loadDifferences(whole, record().fingerprint.test)).toEqual([]);
  });
});

describe("failures by task and second", () => {
  const shardOf = (index: number, slices: ReturnType<typeof slice>[]) => ({ ...part(index), slices });
  const failing = (failures?: readonly number[]) => ({
    ...slice(0, { ok: 6, timeout: 4 }),
    tasks: [7, 3],
    ...(failures === undefined ? {} : { failures }),
  });
  const merged = (...all: readonly ReturnType<typeof failing>[]) =>
    mergeLoads(all.map((one, i) => shardOf(i + 1, [one]))).slices[0]?.failures;

  test("add up over the shards", () => {
    expect(merged(failing([1, 3]), failing([2, 2]))).toEqual([3, 5]);
    expect(merged(failing([1, 3]), { ...slice(0), tasks: [7, 3] })).toEqual([1, 3]);
  });

  test("are not known where one shard with failures does not say of which task they were", () => {
    expect(merged(failing([1, 3]), failing())).toBeUndefined();
  });
});
