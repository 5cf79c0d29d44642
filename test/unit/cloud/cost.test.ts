import { describe, expect, it, test } from "vitest";
import { billedMs, costOf, costPerMillion, pricesText, runCost, type Workload } from "../../../src/cloud/cost.ts";
import { PRICES, parsePrices } from "../../../src/cloud/prices.ts";
import { breakEven, monthlyCost } from "../../../src/cloud/provisioned-cost.ts";

const work = (some: Partial<Workload["functions"][number]> = {}, rest: Partial<Workload> = {}): Workload => ({
  functions: [{ memoryMb: 512, architecture: "x86_64", billedMs: 120, callsPerRequest: 1, ephemeralMb: 512, ...some }],
  frontEnd: null,
  region: null,
  ...rest,
});

describe("per million requests, to the cent", () => {
  it.each([
    ["the reference's example: 512 MB, 120 ms, x86, HTTP API", work({}, { frontEnd: "http-api" }), 2.2],
    ["the same on arm", work({ architecture: "arm64" }, { frontEnd: "http-api" }), 2.0],
    ["a REST API is 2.50 dearer", work({}, { frontEnd: "rest-api" }), 4.7],
    ["function URLs cost nothing more", work({}, { frontEnd: "function-url" }), 1.2],
    ["twice the memory, twice the duration's price", work({ memoryMb: 1024 }), 2.2],
    ["two calls a request are paid twice", work({ callsPerRequest: 2 }), 2.4],
    ["10 GB of /tmp", work({ ephemeralMb: 10_240 }), 1.24],
    ["a dearer region, requests alike", work({}, { region: "af-south-1" }), 1.53],
    ["a region that the table does not name costs as its own", work({}, { region: "eu-west-1" }), 1.2],
  ])("%s", (_, asked, expected) => expect(costPerMillion(asked, PRICES).total).toBeCloseTo(expected, 2));

  test("the parts add up", () => {
    const cost = costPerMillion(work({}, { frontEnd: "rest-api" }), PRICES);
    expect(cost.duration + cost.requests + cost.frontEnd).toBeCloseTo(cost.total, 12);
  });
});

describe("tiers of a month", () => {
  test("REST API: 333 million at 3.50, the rest at 2.80", () => {
    const cost = costOf(work({}, { frontEnd: "rest-api" }), 400e6, PRICES);
    expect(cost.frontEnd).toBeCloseTo(333 * 3.5 + 67 * 2.8, 6);
  });
  test("duration: beyond 6 billion GB-seconds the second tier", () => {
    const one = work({ memoryMb: 1024, billedMs: 1000 });
    expect(costOf(one, 7e9, PRICES).duration).toBeCloseTo(6e9 * 0.0000166667 + 1e9 * 0.000015, 3);
  });
});

describe("billed milliseconds", () => {
  it.each([
    ["the logs know best", { logged: 571, durationMs: 469.4, coldShare: 1, initMs: 101 }, 571],
    [
      "else Duration and the average rounding up",
      { logged: null, durationMs: 120, coldShare: null, initMs: null },
      120.5,
    ],
    ["init is billed since August 2025", { logged: null, durationMs: 120, coldShare: 0.1, initMs: 400 }, 160.5],
    [
      "a cold share without an init time adds nothing",
      { logged: null, durationMs: 120, coldShare: 0.1, initMs: null },
      120.5,
    ],
  ])("%s", (_, known, expected) => expect(billedMs(known)).toBeCloseTo(expected, 9));
});

describe("provisioned concurrency", () => {
  it.each(["x86_64", "arm64"] as const)("%s breaks even at 60 %% utilisation", (architecture) => {
    expect(breakEven(architecture, PRICES)).toBeCloseTo(0.6, 2);
  });

  test("at the break-even both cost the same, above it is cheaper", () => {
    const at = (utilisation: number) => {
      const asked = work({ billedMs: 100 });
      const environments = 10;
      return monthlyCost(asked, { rate: (environments * utilisation) / 0.1, environments }, PRICES);
    };
    const even = at(breakEven("x86_64", PRICES));
    expect(even.provisioned?.usd).toBeCloseTo(even.onDemand, 3);
    expect(at(0.9).provisioned?.usd).toBeLessThan(at(0.9).onDemand);
    expect(at(0.2).provisioned?.usd).toBeGreaterThan(at(0.2).onDemand);
  });

  test("what finds none of them spills over: they are never more than fully busy", () => {
    const month = monthlyCost(work({ billedMs: 1000 }), { rate: 100, environments: 10 }, PRICES);
    expect(month.provisioned?.utilisation).toBe(1);
    expect(month.provisioned?.usd).toBeGreaterThan(0.85 * month.onDemand);
  });

  test("of several functions it is not stated", () => {
    const [one] = work().functions;
    const two = { ...work(), functions: one === undefined ? [] : [one, one] };
    expect(monthlyCost(two, { rate: 10, environments: 5 }, PRICES).provisioned).toBeNull();
  });
});

test("a gate run of 18,000 requests costs about 4 cents, reading CloudWatch included", () => {
  const usd = runCost(
    { work: work({}, { frontEnd: "http-api" }), requests: 18_000, metricsRequested: 180, logBytesScanned: 2e6 },
    PRICES,
  );
  expect(usd).toBeCloseTo(0.04 + 0.0018, 2);
});

describe("the price table", () => {
  const NOW = Date.parse("2027-01-20T12:00:00Z");
  it.each([
    ["its own region, with its age", null, "list prices of 2026-11-21, 60 days old (us-east-1), without free tier"],
    [
      "a region with a factor",
      "eu-south-1",
      "list prices of 2026-11-21, 60 days old (us-east-1 x 1.14 for eu-south-1), without free tier",
    ],
    [
      "a region without one says so",
      "eu-west-1",
      "list prices of 2026-11-21, 60 days old (us-east-1, taken for eu-west-1), without free tier",
    ],
  ])("%s", (_, region, text) => expect(pricesText(PRICES, NOW, region)).toBe(text));

  test("the built-in one passes its own parser", () => {
    expect(parsePrices(JSON.parse(JSON.stringify(PRICES)), "prices.json")).toEqual({ ok: true, value: PRICES });
  });

  it.each([
    ["another schema", { schema: "x" }, "schema"],
    ["no day", { asOf: "yesterday" }, "asOf"],
    ["another currency", { currency: "EUR" }, "currency"],
    ["a price that is none", { requestsPerMillion: "0.2" }, "requestsPerMillion"],
    ["a negative price", { getMetricDataPerThousand: -1 }, "getMetricDataPerThousand"],
    [
      "tiers that fall",
      {
        restApiPerMillion: [
          { upTo: 5, usd: 1 },
          { upTo: 4, usd: 1 },
          { upTo: null, usd: 1 },
        ],
      },
      "restApiPerMillion",
    ],
    ["tiers without an end", { httpApiPerMillion: [{ upTo: 5, usd: 1 }] }, "httpApiPerMillion"],
    ["no arm", { lambda: { x86_64: PRICES.lambda.x86_64 } }, "arm64"],
  ])("refused: %s", (_, change, named) => {
    const read = parsePrices({ ...PRICES, ...change }, "prices.json");
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.problems[0]?.message).toContain(named);
  });

  it.each([null, 7, "x", [], {}])("nothing else is one: %j", (value) => {
    expect(parsePrices(value, "p").ok).toBe(false);
  });
});
