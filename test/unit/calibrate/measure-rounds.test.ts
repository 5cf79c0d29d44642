import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { UserError } from "../../../src/errors.ts";
import { concludeSession, measureRounds } from "../../../src/gate/calibrate.ts";
import type { GatePorts } from "../../../src/gate/gate-contract.ts";
import { spreadInterval } from "../../../src/judge/noise.ts";
import type { LatencySummary, LoadResult } from "../../../src/load/result.ts";
import { epochMs } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";
import { latency, loadResult } from "../target/load-result.ts";
import { normals } from "./rounds.ts";

const configOf = (inputs: Readonly<Record<string, string>> = {}): Config => {
  const config = parseConfig({
    inputs: { url: "http://127.0.0.1:3000/", ...inputs },
    env: {},
    file: null,
    fileName: "none.yml",
    defaults: { name: "gate" },
    needsTarget: true,
  });
  if (!config.ok) throw new Error(JSON.stringify(config.problems));
  return config.value;
};

const noAws = async (): Promise<never> => {
  throw new Error("AWS was asked");
};

type World = {
  /** What the engine gives in each of its runs, from 0. */
  readonly load: (run: number) => LoadResult;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly rounds?: number;
  /** Cancelled during this run. */
  readonly cancelIn?: number;
  readonly status?: number;
  readonly sha?: string | null;
};

const calibrate = async ({ load, inputs, rounds = 6, cancelIn, status = 200, sha = "abc1234" }: World) => {
  const lines: string[] = [];
  const warned: string[] = [];
  const seeds: number[] = [];
  const cancel = new AbortController();
  let now = 1_000_000;
  let runs = 0;
  const ports: GatePorts = {
    clock: {
      now: () => epochMs(now),
      sleep: async (time) => {
        now += time;
      },
    },
    probe: async () => ({ kind: "answer", status, headers: {}, body: "" }),
    engine: {
      run: async (plan) => {
        seeds.push(plan.seed);
        runs += 1;
        if (runs - 1 === cancelIn) cancel.abort();
        return load(runs - 1);
      },
    },
    cloud: { query: noAws, list: noAws },
    quotas: { value: noAws },
    services: { read: noAws },
    lambda: { configuration: noAws, alias: noAws, provisioned: noAws, reserved: noAws, account: noAws, region: noAws },
    logs: { insights: noAws, lines: noAws },
    stacks: { read: noAws, functions: noAws, resources: noAws },
    keys: noAws,
    sign: noAws,
    history: null,
    files: { read: noAws, write: noAws },
    log: { ...fakeLog(() => now, lines), warn: (line) => warned.push(line) },
  };
  const git = { repository: null, sha, branch: null, baseBranch: null, pullRequest: null };
  let id = 0;
  const session = await measureRounds(
    {
      config: configOf(inputs),
      identity: { version: "0.0.0", git: { ...git, event: null, runId: null, runAttempt: null }, workflow: null },
      newId: () => {
        id += 1;
        return `round-${id}`;
      },
      rounds,
    },
    ports,
    cancel.signal,
  );
  return { session, lines, warned, seeds, runs };
};

const at = (ms: number): LatencySummary => ({ ...latency(ms), count: 20_000 });
/** A calm run with this median in milliseconds. */
const calm = (p50 = 100): LoadResult => loadResult({ ok: 20_000 }, { response: at(p50), service: at(p50) });
const lost: LoadResult = loadResult({ ok: 20_000 }, { stopped: "worker-lost" });

describe("a session of A/A rounds", () => {
  test("measures one plan with one seed, round after round, and says so", async () => {
    const { session, lines, seeds } = await calibrate({ load: () => calm() });
    expect([session.rounds.length, session.refused, seeds]).toEqual([6, [], [1, 1, 1, 1, 1, 1]]);
    expect(new Set(session.rounds.map(({ id }) => id)).size).toBe(6);
    expect(lines).toContain("Round 3 of 6 counts: p50 100 ms, p95 100 ms, 20000 requests");
  });

  test("finds the noise that the target has: the interval covers it", async () => {
    const truth = 0.08;
    const next = normals(11);
    const { session } = await calibrate({ load: () => calm(100 * Math.exp(truth * next())), rounds: 15 });
    const noise = concludeSession(session, null)?.calibration.metrics["p50"];
    if (noise === undefined) throw new Error("p50 was not measured");
    const { low, high } = spreadInterval(noise);
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
  });

  test("measures again what does not count", async () => {
    const { session, runs } = await calibrate({ load: (run) => (run === 2 ? lost : calm()) });
    expect([session.rounds.length, runs]).toEqual([6, 7]);
    expect(session.refused).toEqual([{ attempt: 3, reason: expect.stringContaining("worker") }]);
  });

  test("ends after half as many spare rounds, and says nothing of the noise with five that count", async () => {
    const { session, runs } = await calibrate({ load: (run) => (run % 2 === 0 ? lost : calm()) });
    expect([session.rounds.length, runs]).toEqual([4, 9]);
    expect(concludeSession(session, null)).toBeNull();
  });

  test("gives up a target that does not answer, without waiting for every round", async () => {
    const { session, runs } = await calibrate({ load: () => calm(), status: 500, rounds: 15 });
    expect([session.rounds.length, session.refused.length, runs]).toEqual([0, 5, 0]);
  });

  test("does not count the round in which it was cancelled, and starts no further one", async () => {
    const interrupted = loadResult({ ok: 5_000 }, { stopped: "interrupted" });
    const { session, runs } = await calibrate({
      load: (run) => (run === 6 ? interrupted : calm()),
      rounds: 15,
      cancelIn: 6,
    });
    expect([session.rounds.length, runs]).toEqual([6, 7]);
    expect(session.refused).toEqual([{ attempt: 7, reason: "it was interrupted." }]);
    expect(concludeSession(session, null)?.calibration.rounds).toBe(6);
  });

  test("says a warning of the configuration once", async () => {
    const { warned } = await calibrate({ load: () => calm(), inputs: { users: "1", "run-time": "10s" } });
    expect(warned.length).toBeGreaterThan(0);
    expect(new Set(warned).size).toBe(warned.length);
  });

  test("passes wrong usage of the first round on: there is no commit that the answer could prove", async () => {
    const world = { load: () => calm(), inputs: { "ready-commit": "header:x-commit" }, sha: null };
    await expect(calibrate(world)).rejects.toThrow(UserError);
  });
});

describe("what is proposed", () => {
  const proposalsOf = async (sd: number) => {
    const next = normals(5);
    const { session } = await calibrate({ load: () => calm(100 * Math.exp(sd * next())), rounds: 15 });
    const done = concludeSession(session, null);
    if (done === null) throw new Error("too few rounds");
    const text = (mode: "history" | "paired", id: string) =>
      done.proposals[mode].find((one) => one.id === id)?.limit.text;
    return { done, text };
  };

  test("is what two deployments of one code may differ by where rounds agree, with the floor of the default", async () => {
    const { text } = await proposalsOf(0.001);
    // 2 x (exp((2.84 + 1.28) x sqrt(2) x sigma) - 1) with sigma 1 % and 1.5 %, rounded up.
    expect([text("paired", "p50"), text("paired", "p95")]).toEqual(["+13% and +5ms", "+19% and +10ms"]);
  });

  test("is wider where they do not, and the failure rate keeps its floor of seven", async () => {
    const [calmer, louder] = await Promise.all([proposalsOf(0.02), proposalsOf(0.2)]);
    const share = (text: string | undefined): number => Number.parseFloat(text ?? "");
    expect(share(louder.text("history", "p50"))).toBeGreaterThan(share(calmer.text("history", "p50")));
    expect(share(louder.text("paired", "p50"))).toBeGreaterThan(40);
    expect(calmer.text("history", "failure-rate")).toMatch(/^\+[\d.]+pp and \+7$/);
  });

  test("p95 stays out of history mode, where it only warns", async () => {
    const { text } = await proposalsOf(0.02);
    expect(text("history", "p95")).toBeUndefined();
  });
});
