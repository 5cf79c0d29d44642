import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { UserError } from "../../../src/errors.ts";
import { calibratePair, concludePair } from "../../../src/gate/calibrate-pair.ts";
import type { GatePorts } from "../../../src/gate/gate-contract.ts";
import { type Answer, BASE_URL, HEAD_URL, pairedConfig, pairedWorld, responses } from "../paired/paired-world.ts";
import { normals } from "./rounds.ts";

const GIT = { repository: null, sha: "5d6e7f8", branch: null, baseBranch: null, pullRequest: null };
const IDENTITY = {
  id: "pair-1",
  version: "0.1.0",
  git: { ...GIT, event: null, runId: null, runAttempt: null },
  workflow: null,
};

/** The head is this much slower than the base, and each segment scatters by 2 %. */
const apart = (log: number, seed = 3): Answer => {
  const next = normals(seed);
  return ({ arm }, number) => responses(100 * Math.exp((arm === "head" ? log : 0) + 0.02 * next()), number);
};

type Some = { readonly rounds?: number; readonly config?: Config; readonly lambda?: Partial<GatePorts["lambda"]> };

const calibrated = async (answer: Answer, { rounds = 8, config = pairedConfig(), lambda = {} }: Some = {}) => {
  const world = pairedWorld(answer);
  const ports = { ...world.ports, lambda: { ...world.ports.lambda, ...lambda } };
  const session = await calibratePair({ config, identity: IDENTITY, rounds }, ports, world.signal);
  return { world, session };
};
/** The error of a session that must not come about, and what was sent until then. */
const refusal = async (some: Some): Promise<string> => {
  const error = await calibrated(() => {
    throw new Error("something was sent");
  }, some).catch((reason: unknown) => reason);
  if (!(error instanceof UserError)) throw error;
  return error.problems.map(({ code, message }) => `${code}: ${message}`).join(" ");
};

describe("a session on two deployments", () => {
  test("measures all rounds it was asked for, both orders alike, and decides nothing on the way", async () => {
    const { world, session } = await calibrated(apart(0.5), { rounds: 8 });
    expect(world.rounds()).toHaveLength(8);
    expect(world.rounds().filter((round) => round === "base head")).toHaveLength(4);
    expect([session.rounds, session.problems]).toEqual([8, []]);
    expect(world.lines).toContain("Round 8 of at most 8, head segment.");
  });

  test("is one draw: how far they are apart, with an error that covers it", async () => {
    const { session } = await calibrated(apart(0.05), { rounds: 16 });
    const { log = Number.NaN, error } = session.draw?.metrics["p50"] ?? {};
    expect(Math.abs(log - 0.05)).toBeLessThan(3 * (error?.sd ?? 0));
    expect(error).toEqual({ sd: expect.closeTo((Math.SQRT2 * 0.02) / 4, 2), df: 14 });
    expect(session.draw).toMatchObject({
      ...{ base: `${BASE_URL} 5d6e7f8`, head: `${HEAD_URL} 5d6e7f8`, rounds: 16, sha: "5d6e7f8" },
      test: { users: 20, ramp: 5 },
    });
    expect(Object.keys(session.draw?.metrics ?? {})).toEqual(expect.arrayContaining(["p50", "p95"]));
  });

  test("goes into the history, and widens what paired mode takes for one deployment", async () => {
    const { session } = await calibrated(apart(0.15));
    const first = concludePair(session, null);
    expect(first?.history).toMatchObject({ runs: [], deployments: [{ id: "pair-1" }] });
    expect(first?.noise.pairs).toBe(1);
    expect(first?.noise.terms["p50"]?.sd).toBeGreaterThan(0.02);
    expect(concludePair(session, first?.history ?? null)?.noise).toEqual(first?.noise);
    expect(first?.proposals.map(({ id }) => id)).toEqual(["p50", "p95"]);
  });

  test("says that the user vouches for the code where AWS was not asked", async () => {
    const { session } = await calibrated(apart(0));
    expect(session.notes.join()).toContain("is what you say");
  });

  test.each([
    ["a target that is not ready", { status: 503 }, "target-not-ready"],
    ["a cancel", { cancelIn: 5 }, undefined],
  ])(
    "leaves the history alone after %s",
    async (_, { status, cancelIn }: { status?: number; cancelIn?: number }, code) => {
      const world = pairedWorld((_sent, number) => {
        if (number === cancelIn) world.controller.abort();
        return responses(100, number);
      });
      const probe = async () => ({ kind: "answer", status: status ?? 200, headers: {}, body: "" }) as const;
      const request = { config: pairedConfig({ "ready-timeout": "2s" }), identity: IDENTITY, rounds: 8 };
      const session = await calibratePair(request, { ...world.ports, probe }, world.signal);
      expect([session.draw, session.problems[0]?.code]).toEqual([null, code]);
      expect(concludePair(session, null)).toBeNull();
    },
  );
});

describe("what is no pair is refused before anything is sent", () => {
  const FUNCTIONS = { functions: "orders:next", "base-functions": "orders:live" };
  const facts = { codeSha256: "same", memoryMb: 512, architecture: "arm64", runtime: "nodejs24.x", version: "7" };
  /** Lambda as these functions are, by their qualifier. */
  const lambda = (own: Readonly<Record<string, Partial<Record<keyof typeof facts, unknown>>>>) =>
    ({
      region: async () => "eu-central-1",
      account: async () => ({ kind: "unavailable", reason: "not asked" }),
      reserved: async () => ({ kind: "value", value: "none" }),
      provisioned: async () => ({ kind: "value", value: "none" }),
      alias: async ({ qualifier }: { readonly qualifier: string | null }) => ({
        kind: "value",
        value: { version: own[qualifier ?? ""]?.version ?? "7", weights: {} },
      }),
      configuration: async ({ qualifier }: { readonly qualifier: string | null }) => ({
        kind: "value",
        value: {
          ...{ state: "Active", stateReason: null, updateStatus: "Successful", updateReason: null, logs: null },
          ...{ packageType: "Zip", timeoutMs: 3_000, ephemeralStorageMb: 512, configSha256: qualifier },
          ...{ snapStart: false, vpcSubnets: 0, managedInstances: "none" },
          ...facts,
          ...own[qualifier ?? ""],
        },
      }),
    }) as unknown as Partial<GatePorts["lambda"]>;

  test.each<readonly [string, Some, string]>([
    ["one address", { config: pairedConfig({ url: BASE_URL }) }, "url and base-url are both https://base.example.com"],
    ["more rounds than there is time for", { rounds: 40 }, "40 rounds take 34m40s at least"],
    [
      "one function on both sides",
      { config: pairedConfig({ functions: "orders", "base-functions": "orders:live" }), lambda: lambda({}) },
      "both name orders",
    ],
    [
      "two aliases of one version",
      { config: pairedConfig(FUNCTIONS), lambda: lambda({}) },
      "orders:live and orders:next are one version of one function",
    ],
    [
      "other code",
      { config: pairedConfig(FUNCTIONS), lambda: lambda({ next: { codeSha256: "other", version: "8" } }) },
      "The two deployments are not the same: other code of orders:live and orders:next.",
    ],
    [
      "other memory",
      { config: pairedConfig(FUNCTIONS), lambda: lambda({ next: { memoryMb: 1024, version: "8" } }) },
      "other memory of orders:live and orders:next",
    ],
  ])("%s", async (_, some, sentence) => {
    const told = await refusal(some);
    expect(told).toContain("conflicting-values: ");
    expect(told).toContain(sentence);
  });
});
