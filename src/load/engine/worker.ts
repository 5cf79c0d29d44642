/** Entry of a worker thread; bundled on its own. Signals are the main thread's: a thread never sees them. */
import { parentPort, workerData } from "node:worker_threads";
import { type Millis, millis } from "../../units.ts";
import type { FromWorker, Prelude, ToWorker, WorkerSetup } from "./messages.ts";
import { monotonicNow } from "./monotonic.ts";
import { makeWindow, runPreWarm, runWarmUp, type Window } from "./phases.ts";
import type { Swarm } from "./swarm.ts";

const ALIVE_MS = 1000;
const port = parentPort;
if (port === null) throw new Error("the load worker is not a program of its own");
const setup: WorkerSetup = workerData;
const post = (message: FromWorker): void => port.postMessage(message);
let window: Window | null = null;
let windowBegun = false;
/** The swarm of a warm-up or pre-warm while it runs. */
let apart: Swarm | null = null;

const runPrelude = async (prelude: Prelude): Promise<void> => {
  if (prelude === "connect") {
    window = makeWindow(setup, post);
    await window.connect();
  } else {
    apart = prelude === "warm-up" ? runWarmUp(setup, post) : runPreWarm(setup, post);
    await apart.ended;
    apart = null;
  }
  post({ kind: "prelude-done", prelude });
};

const stop = (drain: Millis): void => {
  if (window !== null && windowBegun) {
    window.swarm.stop("told", drain);
    return;
  }
  apart?.stop("told", drain);
  window?.swarm.stop("told", drain);
  const ends = [apart?.ended, window?.swarm.ended];
  void Promise.all(ends).then(() => {
    window?.abandon();
    post({ kind: "ended", end: { reason: "told", elapsed: millis(0) } });
  });
};

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "prelude":
      void runPrelude(message.prelude);
      return;
    case "window":
      window ??= makeWindow(setup, post);
      windowBegun = true;
      window.begin(performance.now() + message.startAt - monotonicNow());
      return;
    case "users":
      window?.changeUsers(message.profile, message.at);
      return;
    case "stop":
      stop(message.drain);
      return;
  }
});
setInterval(() => post({ kind: "alive" }), ALIVE_MS);
post({ kind: "ready" });
