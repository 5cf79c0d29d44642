import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { SHA } from "../../src/entry/demo/repository.ts";
import type { RunRecord } from "../../src/record/record.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await world.close();
});

/** Rounds of about four seconds: a look after half a minute, a confirmation in as much again. */
const SHORT = {
  users: "20",
  "spawn-rate": "100",
  "wait-time": "constant(0.05)",
  "warm-up": "0s",
  "segment-time": "1s",
  // Enough to measure some of them again, and a confirmation.
  "max-duration": "120s",
  "metrics-timeout": "8s",
  functions: "orders",
  "base-functions": "orders-base",
};

/** Inputs with the addresses of a base and a head of such durations. */
const deployed = async (baseMs: number, headMs: number): Promise<Readonly<Record<string, string>>> => {
  const { functionUrl } = await world.simulator.putFunction("orders-base", {
    fresh: true,
    initMs: 0,
    durationMs: baseMs,
  });
  await world.simulator.resetFunction("orders-base");
  const url = await world.deploy({ durationMs: headMs });
  return { url, "base-url": `${functionUrl}/orders`, ...SHORT };
};

const flags = (inputs: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value]);

const recordOf = (file: string): RunRecord => JSON.parse(readFileSync(world.file(file), "utf8")) as RunRecord;

/** A machine that is busy with other things spoils a measurement, and is said to: nothing was decided. */
const undisturbed = async <T>(
  run: () => Promise<T>,
  told: (outcome: T) => { readonly verdict: string; readonly confirmation?: string },
): Promise<T> => {
  const first = await run();
  const { verdict, confirmation } = told(first);
  return verdict === "invalid" || verdict === "inconclusive" || confirmation === "unconfirmed" ? await run() : first;
};
// Time for both.
vi.setConfig({ testTimeout: 300_000 });

describe("run --base-url", () => {
  it("fails a slower head after six rounds, confirms it, and the record replays to the same result", async () => {
    const run = await undisturbed(
      async () => world.cli(["run", ...flags(await deployed(150, 220)), "--out", "pair.json", "--json"]),
      ({ stdout }) => JSON.parse(stdout),
    );
    const result = JSON.parse(run.stdout);
    expect([run.exitCode, result.mode, result.verdict, result.confirmation]).toEqual([
      1,
      "paired",
      "fail",
      "confirmed",
    ]);
    expect(result.baseline).toMatchObject({ state: "latest", sha: null, runs: 6, spread: "paired" });
    expect(run.stderr).toContain("Round 1 of at most 24, ");
    expect(run.stderr).toContain("Confirmation, round 1 of 6, ");
    const replay = await world.cli(["compare", "--head", "pair.json", "--json"]);
    expect(replay.exitCode).toBe(1);
    expect(JSON.parse(replay.stdout)).toEqual({ ...result, runRecord: "pair.json" });
    const { baseArm, cloud, rounds } = recordOf("pair.json");
    expect([cloud?.state, baseArm?.cloud?.state]).toEqual(["complete", "complete"]);
    const means = rounds?.map(({ base, head }) =>
      [base, head].map((arm) => Math.round(arm.durations?.[0]?.durationMs ?? 0)),
    );
    expect(means).toEqual(rounds?.map(() => [150, 220]));
    const duration = result.metrics.find(({ id }: { readonly id: string }) => id === "lambda-duration");
    expect(duration).toMatchObject({ verdict: "fail", how: { data: { design: "rounds" } } });
  });

  it("cancelled is invalid, exits 130, and keeps the rounds that were whole", async () => {
    const inputs = await deployed(150, 150);
    let kill: (signal: NodeJS.Signals) => void = () => {};
    const run = world.cli(["run", ...flags(inputs), "--out", "cut.json", "--json"], {
      onStart: (own) => {
        kill = own;
      },
    });
    setTimeout(() => kill("SIGINT"), 12_000);
    const { exitCode, stdout } = await run;
    const result = JSON.parse(stdout);
    expect([exitCode, result.mode, result.verdict, result.gateOpen]).toEqual([130, "paired", "invalid", false]);
    const { validity, rounds } = recordOf("cut.json");
    expect(validity.stopped).toBe("interrupted");
    expect(rounds?.length).toBeLessThan(6);
    const replay = await world.cli(["compare", "--head", "cut.json", "--json"]);
    expect([replay.exitCode, JSON.parse(replay.stdout).verdict]).toEqual([3, "invalid"]);
  });

  it("says what would be measured, and sends nothing: --dry-run", async () => {
    const { stdout, exitCode } = await world.cli(["run", ...flags(await deployed(150, 150)), "--dry-run"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("measured in turns")]);
    expect((await world.simulator.ledger("orders-base")).counts.requests).toBe(0);
  });
});

describe("the action with base-url", () => {
  it("needs no stored baseline: an improvement opens the gate", async () => {
    const run = await undisturbed(
      async () =>
        world.action({
          event: "pull_request",
          headSha: SHA.head,
          inputs: { ...(await deployed(150, 100)), name: "pair" },
        }),
      ({ outputs }) => ({ verdict: outputs["verdict"] ?? "" }),
    );
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([0, "improved", "true"]);
    expect(run.outputs["baseline-state"]).toBe("latest");
    expect(run.summary).toContain("paired mode, 6 rounds");
    expect(run.record().rounds).toHaveLength(6);
  });
});
