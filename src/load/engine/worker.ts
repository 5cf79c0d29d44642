/** Entry of a worker thread; bundled on its own. Signals are the main thread's: a thread never sees them. */
import { parentPort, workerData } from "node:worker_threads";
import { millis } from "../../units.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import { monotonicNow } from "./monotonic.ts";
import { runWarmUp, runWindow } from "./phases.ts";
import type { Swarm } from "./swarm.ts";

const ALIVE_MS = 1000;
const port = parentPort;
if (port === null) throw new Error("the load worker is not a program of its own");
const setup: WorkerSetup = workerData;
const post = (message: FromWorker): void => port.postMessage(message);
let swarm: Swarm | null = null;

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "warm-up":
      swarm = runWarmUp(setup, post);
      return;
    case "window":
      swarm = runWindow(setup, performance.now() + message.startAt - monotonicNow(), post);
      return;
    case "stop":
      if (swarm === null) post({ kind: "ended", end: { reason: "told", elapsed: millis(0) } });
      else swarm.stop("told", message.drain);
      return;
  }
});
setInterval(() => post({ kind: "alive" }), ALIVE_MS);
post({ kind: "ready" });
