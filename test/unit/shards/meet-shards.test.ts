import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { type Meeting, meetShards, preparation } from "../../../src/gate/meet-shards.ts";
import type { RunArtifact, RunArtifacts } from "../../../src/ports.ts";
import { epochMs, type Millis, millis, perSecond, seconds } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";
import { plan } from "../record/sample-record.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const LOAD = plan({ warmUp: seconds(5) });

type Scene = {
  /** When the other shards say that they are ready, milliseconds after noon by GitHub's clock, by index. */
  readonly others?: Readonly<Record<number, number>>;
  /** This machine's clock minus GitHub's. */
  readonly ahead?: number;
  /** GitHub's times are whole seconds. */
  readonly coarse?: boolean;
  /** Seconds in which the list cannot be read. */
  readonly broken?: number;
  readonly taken?: boolean;
  readonly count?: number;
};

/** Virtual time: an upload takes 300 ms, a look at the list 40 ms. */
const meet = async (index: number, scene: Scene = {}, controller = new AbortController()) => {
  const { others = {}, ahead = 0, coarse = false, broken = 0, taken = false, count = 3 } = scene;
  let now = NOON;
  let polls = 0;
  const lines: string[] = [];
  const note = (at: number): number => (coarse ? Math.floor(at / 1000) * 1000 : at);
  const artifact = (name: string, at: number): RunArtifact => ({
    ...{ id: 1, name, bytes: 100, digest: null },
    createdAt: epochMs(note(at)),
  });
  const here: RunArtifact[] = Object.entries(others).map(([other, at]) =>
    artifact(`swarmgate-gate-ready-1-${other}`, NOON + at),
  );
  // Another gate's, another attempt's, and a shard that does not exist.
  here.push(artifact("swarmgate-api-ready-1-2", NOON), artifact("swarmgate-gate-ready-2-2", NOON));
  here.push(artifact("swarmgate-gate-ready-1-9", NOON));
  const artifacts: RunArtifacts = {
    claim: async (name) => {
      now += 300;
      if (taken) return { ok: false, code: "artifact-name-taken", reason: "taken" };
      here.push(artifact(name, now - 100));
      return { ok: true, value: { id: 1 } };
    },
    list: async () => {
      polls += 1;
      now += 40;
      if (now < NOON + broken * 1000) return { ok: false, reason: "GitHub said 502" };
      return { ok: true, value: here.filter(({ createdAt }) => (createdAt ?? 0) <= now) };
    },
    read: async () => ({ kind: "absent" }),
  };
  const clock = {
    now: () => epochMs(now + ahead),
    sleep: async (time: Millis) => {
      now += time;
      if (now > NOON + 3_600_000) controller.abort();
    },
  };
  const log = {
    ...fakeLog(() => now, lines),
    warn: (line: string) => lines.push(line),
  };
  const meeting = await meetShards({
    shard: { index, count },
    plan: LOAD,
    name: "gate",
    attempt: 1,
    timeout: millis(60_000),
    ports: { artifacts, clock, log },
    signal: controller.signal,
  });
  return { meeting, lines, polls, elapsed: now - NOON, left: startOf(meeting) - (now + ahead) };
};

const startOf = (meeting: Meeting): number => (meeting.kind === "met" ? meeting.startAt : Number.NaN);
const problemOf = (meeting: Meeting) => (meeting.kind === "alone" ? meeting.problem : null);

describe("shards that meet", () => {
  test("compute the same start, whoever came last", async () => {
    const times = { 1: 200, 2: 3_000, 3: 1_500 };
    const starts = await Promise.all(
      [1, 2, 3].map(async (index) => {
        const { [index as 1]: _, ...others } = times;
        // Each has said so 200 ms after its own noon: move the others' times accordingly.
        const shift = 200 - (times[index as 1] ?? 0);
        const moved = Object.fromEntries(Object.entries(others).map(([key, at]) => [key, at + shift]));
        const { meeting } = await meet(index, { others: moved });
        return startOf(meeting) - shift;
      }),
    );
    expect(new Set(starts).size).toBe(1);
  });

  test("have time left for the warm-up when they hear of it", async () => {
    const { left, meeting, lines } = await meet(1, { others: { 2: 100, 3: 20_000 } });
    expect(meeting.kind).toBe("met");
    expect(left).toBeGreaterThan(preparation(LOAD));
    expect(lines.at(-1)).toContain("All 3 shards are ready");
  });

  test("a single shard waits for nobody", async () => {
    const { meeting, polls } = await meet(1, { count: 1 });
    expect([meeting.kind, polls]).toEqual(["met", 1]);
  });

  test.each([
    ["agree", 0, false, 0],
    ["agree within what an upload takes", 150, false, 0],
    ["agree as far as whole seconds tell", -400, true, 0],
    ["are ten seconds apart", 10_000, false, -10_000],
    ["are ten seconds apart the other way", -10_000, true, 10_000],
  ])("clocks that %s", async (_, ahead, coarse, expected) => {
    const { meeting } = await meet(1, { others: { 2: 100, 3: 200 }, ahead, coarse });
    const clockMs = meeting.kind === "met" ? meeting.clockMs : Number.NaN;
    // A clock that is off is known to half of the time that the upload took, or that the coarse time hides.
    expect(Math.abs(clockMs - expected)).toBeLessThanOrEqual(expected === 0 ? 0 : 700);
  });

  test("go on asking when the list cannot be read for a while", async () => {
    const { meeting } = await meet(2, { others: { 1: 100, 3: 200 }, broken: 9 });
    expect(meeting.kind).toBe("met");
  });
});

describe("shards that do not meet", () => {
  test("say who has not come, at the deadline", async () => {
    const { meeting, elapsed } = await meet(1, { others: { 3: 100 } });
    expect(problemOf(meeting)).toMatchObject({ code: "shard-missing", severity: "invalid" });
    expect(problemOf(meeting)?.message).toBe("Shard 2 of 3 did not come within 1 min.");
    expect(elapsed).toBeGreaterThan(60_000);
    expect(elapsed).toBeLessThan(63_000);
  });

  test("say why nobody could be seen", async () => {
    const { meeting } = await meet(1, { others: { 2: 0, 3: 0 }, broken: 3_600 });
    expect(problemOf(meeting)?.message).toContain("Shards 1, 2, 3 of 3 did not come");
    expect(problemOf(meeting)?.message).toContain("GitHub said 502");
  });

  test("a second job of the same shard is refused before it has waited", async () => {
    await expect(meet(1, { taken: true })).rejects.toThrow(UserError);
    await expect(meet(1, { taken: true })).rejects.toThrow("Another job of this workflow run is shard 1/3 already.");
  });

  test("a cancelled job stops waiting", async () => {
    const controller = new AbortController();
    controller.abort();
    const { meeting, polls } = await meet(1, {}, controller);
    expect([problemOf(meeting)?.code, polls]).toEqual(["interrupted", 0]);
  });
});

test("the preparation holds what comes before the window", () => {
  const none = preparation(plan({ warmUp: seconds(0) }));
  expect(preparation(plan({ warmUp: seconds(5) })) - none).toBeGreaterThanOrEqual(5_000);
  const open = plan({ warmUp: seconds(0), rate: { perSecond: perSecond(10), spacing: "constant" } });
  expect(preparation(open)).toBeGreaterThan(none);
});
