import { type Millis, millis, secondsToMillis } from "../../units.ts";
import { addOutcomes, noOutcomes } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import { usersOfWorker } from "../spawn.ts";
import { longestWait } from "../wait-time.ts";
import { startBudget } from "./budget.ts";
import { LoopHealth } from "./health.ts";
import type { FromWorker, WorkerSetup } from "./messages.ts";
import { Recorder } from "./recorder.ts";
import { Swarm } from "./swarm.ts";
import type { Transport } from "./transport.ts";
import { undiciTransport } from "./undici-transport.ts";

const REPORT_MS = 1000;
/** The warm-up may use a tenth of `maxRequests`: the bound holds for everything sent, and the window gets the rest. */
const WARM_UP_SHARE = 0.1;
/** A connection is kept this much longer than the longest wait. */
const IDLE_MARGIN_MS = 600_000;
/** Node turns a longer timer into one of a millisecond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Post = (message: FromWorker) => void;

/** Runs this worker's part of the window and reports every second until its last request has ended. */
export const runWindow = (setup: WorkerSetup, startAt: number, post: Post): Swarm => {
  const { plan, worker, workers } = setup;
  const recorder = new Recorder(worker, plan.tasks.length);
  const health = new LoopHealth();
  const swarm = new Swarm({
    plan,
    users: usersOfWorker(plan.users, worker, workers),
    spawnRate: plan.spawnRate,
    startAt,
    runTime: secondsToMillis(plan.runTime),
    budget: startBudget(setup.budget, plan.maxRequests),
    recorder,
    transport: makeTransport(plan, recorder),
  });
  const report = (): void => post({ kind: "report", report: recorder.takeReport(health.sample()) });
  const cancelTicks = everySecond(startAt, report);
  void swarm.stopped.then((end) => {
    report();
    health.stop();
    post({ kind: "stopped", end });
  });
  void swarm.ended.then((end) => {
    cancelTicks();
    report();
    post({ kind: "ended", end });
  });
  return swarm;
};

/** Runs the tasks with one user on a connection of its own, and counts them apart. */
export const runWarmUp = (setup: WorkerSetup, post: Post): Swarm => {
  const { plan } = setup;
  const recorder = new Recorder(setup.worker, plan.tasks.length);
  const startAt = performance.now();
  const swarm = new Swarm({
    plan,
    users: [0],
    spawnRate: plan.spawnRate,
    startAt,
    runTime: secondsToMillis(plan.warmUp),
    budget: startBudget(setup.budget, Math.floor(plan.maxRequests * WARM_UP_SHARE)),
    recorder,
    transport: makeTransport(plan, recorder),
  });
  const sum = noOutcomes();
  const report = (kind: "warming" | "warmed"): void => {
    for (const task of recorder.takeReport(null).tasks) addOutcomes(sum, task.outcomes);
    post({ kind, outcomes: { ...sum } });
  };
  const cancelTicks = everySecond(startAt, () => report("warming"));
  void swarm.ended.then(() => {
    cancelTicks();
    report("warmed");
  });
  return swarm;
};

const makeTransport = (plan: LoadPlan, recorder: Recorder): Transport =>
  undiciTransport({
    origin: plan.origin,
    insecure: plan.insecure,
    http2: plan.http2,
    idle: idleTime(plan),
    onConnected: (first, times) => recorder.connected(first, times),
  });

const idleTime = (plan: LoadPlan): Millis =>
  millis(Math.min(LONGEST_TIMER_MS, secondsToMillis(longestWait(plan.waitTime)) + IDLE_MARGIN_MS));

/** Calls `tick` at every whole second after `startAt`, never late by what earlier ticks were; returns how to stop it. */
const everySecond = (startAt: number, tick: () => void): (() => void) => {
  let timer: NodeJS.Timeout | null = null;
  const arm = (): void => {
    const now = performance.now();
    const next = startAt + REPORT_MS * Math.max(1, Math.floor((now - startAt) / REPORT_MS) + 1);
    timer = setTimeout(() => {
      tick();
      arm();
    }, next - now);
  };
  arm();
  return () => {
    if (timer !== null) clearTimeout(timer);
  };
};
