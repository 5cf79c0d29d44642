import { type Millis, millis, type Seconds, seconds, secondsToMillis } from "../../units.ts";
import { arrivalSchedule } from "../arrivals.ts";
import { arrivalProfile, isOpen, spacingOf, userProfile } from "../model.ts";
import { addOutcomes, noOutcomes } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import type { Profile } from "../profile.ts";
import { rowsOf } from "../rows.ts";
import { type Share, shareOf } from "../shard.ts";
import { usersOfWorker } from "../spawn.ts";
import { startBudget } from "./budget.ts";
import { type ClosedDriver, closedDriver } from "./closed-driver.ts";
import { everySecond } from "./every-second.ts";
import { LoopHealth } from "./health.ts";
import type { FromWorker, Prelude, WorkerState } from "./messages.ts";
import { countStrays } from "./module/count-strays.ts";
import { type OpenDriver, openDriver } from "./open-driver.ts";
import { Recorder } from "./recorder.ts";
import { connections } from "./sockets.ts";
import { type Driver, Swarm, type SwarmSetup } from "./swarm.ts";
import { compileWork } from "./work.ts";

/** The warm-up may use a tenth of `maxRequests`: the bound holds for everything sent, and the window gets the rest. */
const WARM_UP_SHARE = 0.1;

/** A setup of a module is given the time of so many requests. */
const MODULE_SETUP_REQUESTS = 2;

type Post = (message: FromWorker) => void;

/** This worker's part of the window, from its making on; the pool of the open model is connected before it begins. */
export type Window = {
  readonly swarm: Swarm;
  readonly connect: () => Promise<void>;
  /** `startAt` is this thread's `performance.now()`. */
  readonly begin: (startAt: number) => void;
  /** Closed model: from that second on users come and go by another profile, which begins there. */
  readonly changeUsers: (profile: Profile, at: Seconds) => void;
  /** For a window that will not begin: reports what the making of its users has sent. */
  readonly abandon: () => void;
};

/** Makes the window's swarm, which reports every second from its beginning until its last user has gone. */
export const makeWindow = (setup: WorkerState, post: Post): Window => {
  const { plan, worker, workers, module } = setup;
  const recorder = new Recorder(worker, rowsOf(plan), plan.ramp ?? 0);
  const share = shareOf(plan.shard, worker, workers);
  let open: OpenDriver | null = null;
  let closed: ClosedDriver | null = null;
  const drive = (swarm: Swarm): Driver => {
    const arrivals = arrivalProfile(plan);
    if (arrivals === null) {
      closed = closedDriver(userProfile(plan), share, { revisits: plan.stages !== null })(swarm);
      return closed;
    }
    const schedule = arrivalSchedule({ profile: arrivals, spacing: spacingOf(plan), seed: plan.seed, ...share });
    open = openDriver(schedule, swarm);
    return open;
  };
  const swarm = new Swarm(
    {
      ...sharedSetup(setup, recorder),
      runTime: secondsToMillis(plan.runTime),
      budget: startBudget(setup.budget, plan.maxRequests),
      open: isOpen(plan),
      once: false,
    },
    drive,
  );
  if (module !== null) countStrays(swarm, recorder);
  const slept = (): number => open?.takeSlept() ?? 0;
  return {
    swarm,
    connect: async () => await open?.connect(usersOfWorker(plan.users, share.index, share.count), longestSetup(plan)),
    begin: (startAt) => reportFrom({ swarm, recorder, startAt, slept, post }),
    changeUsers: (profile, at) => closed?.changeUsers(profile, at),
    abandon: () => post({ kind: "report", report: recorder.takeReport(0, null) }),
  };
};

/** As long as one user may take for its setup and one request more; how many requests a module's setup makes is not known. */
const longestSetup = ({ scenario, timeout }: LoadPlan): Millis => {
  if (scenario === null) return timeout;
  return millis(timeout * (1 + (scenario.module === null ? scenario.setup.steps.length : MODULE_SETUP_REQUESTS)));
};

const reportFrom = (window: {
  readonly swarm: Swarm;
  readonly recorder: Recorder;
  readonly startAt: number;
  readonly slept: () => number;
  readonly post: Post;
}): void => {
  const { swarm, recorder, startAt, slept, post } = window;
  const health = new LoopHealth();
  const report = (second: number): void =>
    post({ kind: "report", report: recorder.takeReport(second, health.sample(slept())) });
  const cancelTicks = everySecond(startAt, report);
  void swarm.stopped.then((end) => {
    report(lastSecond(end.elapsed));
    health.stop();
    post({ kind: "stopped", end });
  });
  void swarm.ended.then((end) => {
    cancelTicks();
    report(lastSecond(end.elapsed));
    post({ kind: "ended", end });
  });
  swarm.begin(startAt);
};

/** The second that an end at a whole second closes is the one before it. */
const lastSecond = (elapsed: number): number => Math.max(0, Math.ceil(elapsed / 1000) - 1);

/** One user on a connection of its own runs the tasks, counted apart. In the open model it waits as users usually do. */
export const runWarmUp = (setup: WorkerState, post: Post): Swarm => {
  const { plan } = setup;
  return runApart(setup, "warm-up", {
    profile: [{ seconds: plan.warmUp, from: 1, to: 1 }],
    share: { index: 0, count: 1 },
    runTime: secondsToMillis(plan.warmUp),
    maxRequests: Math.floor(plan.maxRequests * WARM_UP_SHARE),
    once: false,
    post,
  });
};

/** Many users at once, each with one request behind its setup. */
export const runPreWarm = (setup: WorkerState, post: Post): Swarm => {
  const { plan, worker, workers } = setup;
  const runTime = longestSetup(plan);
  return runApart(setup, "pre-warm", {
    profile: [{ seconds: seconds(runTime / 1000), from: plan.preWarm, to: plan.preWarm }],
    share: shareOf(plan.shard, worker, workers),
    runTime,
    maxRequests: plan.maxRequests,
    once: true,
    post,
  });
};

type Apart = Pick<SwarmSetup, "runTime" | "once"> & {
  readonly profile: Profile;
  readonly share: Share;
  readonly maxRequests: number;
  readonly post: Post;
};

const runApart = (setup: WorkerState, prelude: Prelude, apart: Apart): Swarm => {
  const { profile, share, runTime, maxRequests, once, post } = apart;
  const recorder = new Recorder(setup.worker, rowsOf(setup.plan));
  const swarm = new Swarm(
    {
      ...sharedSetup(setup, recorder),
      runTime,
      budget: startBudget(setup.budget, maxRequests),
      open: false,
      once,
    },
    closedDriver(profile, share, { revisits: false }),
  );
  const sum = noOutcomes();
  const report = (): void => {
    for (const row of recorder.takeReport(0, null).rows) addOutcomes(sum, row.outcomes);
    post({ kind: "sending", prelude, outcomes: { ...sum } });
  };
  const startAt = performance.now();
  const cancelTicks = everySecond(startAt, report);
  void swarm.ended.then(() => {
    cancelTicks();
    report();
  });
  swarm.begin(startAt);
  return swarm;
};

const sharedSetup = (
  { plan, environment, module, signing }: WorkerState,
  recorder: Recorder,
): Pick<SwarmSetup, "plan" | "work" | "recorder" | "connect" | "signing"> => ({
  plan,
  work: compileWork(plan, module),
  recorder,
  connect: connections(plan, recorder, environment),
  signing,
});
