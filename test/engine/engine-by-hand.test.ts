import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine } from "../../src/load/engine/engine.ts";
import type { LoadPlan } from "../../src/load/plan.ts";
import type { LiveSecond, LoadResult } from "../../src/load/result.ts";
import { parseStages } from "../../src/load/stages.ts";
import type { ChangeUsers } from "../../src/ports.ts";
import { runProblems } from "../../src/target/run-validity.ts";
import { millis, perSecond, seconds } from "../../src/units.ts";
import { get, planFor, startTarget, type Target, workerFile } from "./engine-harness.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(async () => {
  await target.stop();
});

type Watched = { readonly result: LoadResult; readonly live: readonly LiveSecond[] };

/** Runs the plan and calls `act` at every point of the live page. */
const watch = async (
  plan: LoadPlan,
  act: (point: number, change: ChangeUsers) => void,
  workers = 1,
): Promise<Watched> => {
  const live: LiveSecond[] = [];
  let change: ChangeUsers = () => false;
  const result = await createEngine({ workerFile, workers }).run(plan, {
    signal: new AbortController().signal,
    onProgress: () => {},
    onLive: (second) => {
      live.push(second);
      act(live.length, change);
    },
    control: (given) => {
      change = given;
    },
  });
  return { result, live };
};

test.each([1, 2])("users follow what is asked for while the load runs, with %i worker(s)", async (workers) => {
  const answers: boolean[] = [];
  const plan = planFor(target, { users: 4, runTime: seconds(6) });
  const { result, live } = await watch(
    plan,
    (point, change) => {
      if (point === 1) answers.push(change({ users: 12, spawnRate: perSecond(100) }));
      if (point === 3) answers.push(change({ users: 2, spawnRate: perSecond(100) }));
    },
    workers,
  );
  expect(answers).toEqual([true, true]);
  expect(result.slices.map(({ users }) => users).slice(0, 6)).toEqual([4, 12, 12, 2, 2, 2]);
  expect(result.changes?.map(({ users }) => users)).toEqual([12, 2]);
  expect(result.generator.usersAsked).toBe(12);
  expect(result.stopped).toBe("run-time");
  expect(runProblems(result, plan).map(({ code }) => code)).toContain("changed-by-hand");
  const last = live.at(-1);
  expect(last?.total.requests).toBeLessThanOrEqual(result.totals.requests);
  expect(last?.total.requests).toBeGreaterThan(0.7 * result.totals.requests);
  expect(last?.rows.map(({ name, requests }) => [name, requests])).toEqual([["GET /", last?.total.requests]]);
});

test("a user that is asked back while its request is in flight stays, on its connection", async () => {
  await target.counts();
  const plan = planFor(target, { users: 6, tasks: [get("/slow?n=1500")], runTime: seconds(4) });
  const { result } = await watch(plan, (point, change) => {
    if (point !== 1) return;
    change({ users: 1, spawnRate: perSecond(1000) });
    setTimeout(() => change({ users: 6, spawnRate: perSecond(1000) }), 100);
  });
  const { accepted } = await target.counts();
  expect(accepted).toBe(6);
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  expect(result.slices.at(-1)?.users).toBe(6);
});

test("a load that nobody touches is as it was: no changes, no problem", async () => {
  const plan = planFor(target, { runTime: seconds(2) });
  const { result } = await watch(plan, () => {});
  expect(result.changes).toBeUndefined();
  expect(runProblems(result, plan).map(({ code }) => code)).not.toContain("changed-by-hand");
});

test("nothing can be changed where arrivals or stages are the plan, before the window, or when it is over", async () => {
  const stages = parseStages("2s:3u");
  if (!stages.ok) throw new Error("stages");
  const refused: boolean[] = [];
  const ask = (_: number, change: ChangeUsers): void => {
    refused.push(change({ users: 9, spawnRate: perSecond(9) }));
  };
  await watch(planFor(target, { users: 3, stages: stages.value, runTime: seconds(2) }), ask);
  const rate = { perSecond: perSecond(20), spacing: "constant" as const };
  await watch(planFor(target, { users: 3, rate, runTime: seconds(2) }), ask);
  let late: ChangeUsers = () => true;
  await createEngine({ workerFile }).run(planFor(target, { stopTimeout: millis(100) }), {
    signal: new AbortController().signal,
    onProgress: () => {},
    control: (change) => {
      late = change;
      refused.push(change({ users: 9, spawnRate: perSecond(9) }));
    },
  });
  refused.push(late({ users: 9, spawnRate: perSecond(9) }));
  expect(refused.length).toBeGreaterThan(3);
  expect(refused).not.toContain(true);
});
