import { describe, expect, it, test } from "vitest";
import { beforeLoad } from "../../../src/cloud/before-load.ts";
import type { AccountFacts, FunctionFacts } from "../../../src/cloud/facts.ts";
import { type HeadroomInput, headroom } from "../../../src/cloud/headroom.ts";
import { accountFacts, functionFacts } from "./facts-scene.ts";

const input = (
  some: Partial<HeadroomInput> = {},
  facts: Partial<FunctionFacts> = {},
  own: { durationMs?: number; perEnvironment?: number } = {},
): HeadroomInput => ({
  rate: 200,
  functions: [
    {
      name: "orders",
      demand: {
        durationMs: own.durationMs ?? 500,
        coldMs: 0,
        callsPerRequest: 1,
        perEnvironment: own.perEnvironment ?? null,
      },
      initMs: null,
      longestMs: 2000,
      ownConcurrency: 40,
      facts: functionFacts(facts),
    },
  ],
  account: accountFacts(),
  frontEnd: null,
  region: null,
  ramp: null,
  payloadBytes: null,
  ...some,
});

const rowOf = (asked: HeadroomInput, resource: string) =>
  headroom(asked).rows.find((row) => row.resource.startsWith(resource));

describe("concurrency", () => {
  it.each([
    ["the account's limit", {}, 1000],
    ["without what others claim at their maximum, our own use taken out", { claimedMax: 900 }, 140],
    ["claimed by nobody but us", { claimedMax: 30 }, 1000],
    ["what nobody has reserved, where claims are not known", { unreserved: 300 }, 300],
  ])("%s", (_, account, has) => {
    const row = rowOf(input({ account: accountFacts(account) }), "account concurrency");
    expect(row).toMatchObject({ needs: 100, has, fits: has >= 100 });
  });

  test("a new account's limit of 10 does not fit", () => {
    const found = headroom(input({ account: accountFacts({ concurrencyLimit: 10 }) }));
    expect(found.fits).toBe(false);
  });

  test("a reservation is the limit, and the account is not drawn on", () => {
    const asked = input({}, { reservedConcurrency: 50 });
    expect(rowOf(asked, "reserved concurrency")).toMatchObject({ needs: 100, has: 50, fits: false });
    expect(rowOf(asked, "account")).toBeUndefined();
  });

  test("the 10 x rule of a reservation: short requests run out of requests per second", () => {
    const asked = input({ rate: 600 }, { reservedConcurrency: 50 }, { durationMs: 5 });
    expect(rowOf(asked, "10 x reserved")).toMatchObject({ needs: 600, has: 500, fits: false });
  });

  test("provisioned concurrency that is too small makes cold starts, not throttles", () => {
    const asked = input({}, { provisionedConcurrency: { requested: 60, available: 20, status: "IN_PROGRESS" } });
    expect(rowOf(asked, "provisioned")).toMatchObject({ has: 20, fits: false, hard: false });
    expect(headroom(asked).fits).toBe(true);
  });

  test("Managed Instances draw on no account concurrency and say what is different", () => {
    const found = headroom(input({}, {}, { perEnvironment: 64 }));
    expect(found.rows.map((row) => row.resource)).not.toContain("account concurrency");
    expect(found.notes.join()).toContain("Managed Instances");
  });

  test("what AWS did not say stays open", () => {
    const none: AccountFacts = accountFacts({ concurrencyLimit: null });
    expect(rowOf(input({ account: none }), "account concurrency")).toMatchObject({ has: null, fits: null });
    expect(headroom(input({ account: none })).fits).toBeNull();
    expect(headroom(input({ account: null, functions: [] })).fits).toBeNull();
  });
});

describe("network interfaces of a VPC", () => {
  const RESOURCE = "network interfaces of orders in its VPC";

  it.each([
    ["AWS's default", {}, { needs: 3, has: 500, fits: true, from: "default" }],
    ["the account's own quota", { enisPerVpc: 800 }, { needs: 3, has: 800, fits: true, from: "aws" }],
    ["a quota that is too small", { enisPerVpc: 2 }, { needs: 3, has: 2, fits: false, from: "aws" }],
  ] as const)("one per subnet of %s", (_, account, expected) => {
    const asked = input({ account: accountFacts(account) }, { vpcSubnets: 3 });
    expect(rowOf(asked, RESOURCE)).toMatchObject(expected);
    expect(headroom(asked).fits).toBe(expected.fits);
  });

  test("they grow with connections and not with concurrency: what each environment may hold", () => {
    // 200/s of 500 ms are 100 environments, 2 interfaces carry 130,000 connections.
    const [note] = headroom(input({}, { vpcSubnets: 2 })).notes;
    expect(note).toMatch(/of the 100 needed each may hold about 1,300 connections/);
    expect(headroom(input({ rate: 0.1 }, { vpcSubnets: 1 })).notes[0]).toMatch(
      /of the 1 needed each may hold about 65,000 connections/,
    );
  });

  it.each([0, null])("%s subnets: neither row nor note", (vpcSubnets) => {
    const asked = input({}, { vpcSubnets });
    expect(rowOf(asked, RESOURCE)).toBeUndefined();
    expect(headroom(asked).notes).toEqual([]);
  });
});

describe("front ends", () => {
  it.each([
    ["API Gateway's default rate", { frontEnd: "rest-api" }, "rate of", { has: 10_000, from: "default" }],
    [
      "a quarter of it in newer regions",
      { frontEnd: "rest-api", region: "eu-south-2" },
      "rate of",
      { has: 2500, from: "default" },
    ],
    [
      "the account's own quota",
      { frontEnd: "http-api", account: accountFacts({ apiGatewayRate: 600 }) },
      "rate of",
      { has: 600, from: "aws" },
    ],
    ["29 s of a REST API", { frontEnd: "rest-api" }, "integration timeout", { has: 29_000, from: "default" }],
    [
      "unless the account raised it",
      { frontEnd: "rest-api", account: accountFacts({ apiGatewayTimeoutMs: 120_000 }) },
      "integration timeout",
      { has: 120_000, from: "aws" },
    ],
    [
      "an HTTP API cannot raise it",
      { frontEnd: "http-api", account: accountFacts({ apiGatewayTimeoutMs: 120_000 }) },
      "integration timeout",
      { has: 30_000, from: "default" },
    ],
    [
      "1 MB through a load balancer",
      { frontEnd: "alb", payloadBytes: 2e6 },
      "payload",
      { has: 1_048_576, from: "default" },
    ],
  ] as const)("%s", (_, some, resource, expected) => {
    expect(rowOf(input(some), resource)).toMatchObject(expected);
  });

  test("only what comes above the rate draws on the burst", () => {
    const above = input({ rate: 12_000, frontEnd: "rest-api" });
    expect(rowOf(above, "burst")).toMatchObject({ needs: 2000, fits: true });
    expect(rowOf(above, "rate of")).toMatchObject({ fits: false });
    expect(rowOf(input({ frontEnd: "rest-api" }), "burst")).toMatchObject({ needs: 0 });
  });

  test("function URLs have no throttle and no timeout of their own", () => {
    expect(headroom(input({ frontEnd: "function-url" })).rows.some((row) => row.resource.includes("URL"))).toBe(false);
  });
});

describe("before the load", () => {
  const said = (account: Partial<AccountFacts>, functions: readonly Partial<FunctionFacts>[], users: number) =>
    beforeLoad({ account: accountFacts(account), functions: functions.map(functionFacts) }, { users }).map(
      ({ severity, message }) => `${severity}: ${message}`,
    );

  it.each([
    ["a new account", { concurrencyLimit: 10 }, [{}], /^warning: The account has 10 .* the limit of a new account/],
    ["what is unreserved counts", { unreserved: 15 }, [{}], /^warning: The account has 15 concurrent executions, and/],
    ["a small reservation", {}, [{ reservedConcurrency: 5 }], /^warning: orders has a reserved concurrency of 5/],
    ["a reservation of 0 is an off-switch", {}, [{ reservedConcurrency: 0 }], /^usage: .*switches it off/],
  ] as const)("%s is told", (_, account, functions, text) => {
    const all = said(account, functions, 20);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(text);
  });

  it.each([
    ["enough for all users", {}, [{}]],
    ["exactly enough", { concurrencyLimit: 20 }, [{}]],
    ["limits that are not known", { concurrencyLimit: null }, [{ reservedConcurrency: null }]],
    ["a reservation of its own in a small account", { concurrencyLimit: 10 }, [{ reservedConcurrency: 30 }]],
  ] as const)("nothing is said of %s", (_, account, functions) => {
    expect(said(account, functions, 20)).toEqual([]);
  });
});
