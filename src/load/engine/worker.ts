/** Entry of a worker thread; bundled on its own. Signals are the main thread's: a thread never sees them. */
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { parsed } from "../../errors.ts";
import { type Millis, millis } from "../../units.ts";
import type { FromWorker, ModuleProbe, Prelude, ProbedModule, ToWorker, WorkerSetup, WorkerState } from "./messages.ts";
import { limitedLog } from "./module/limited-log.ts";
import { loadModule, type ModuleRun } from "./module/load-module.ts";
import { monotonicNow } from "./monotonic.ts";
import { makeWindow, runPreWarm, runWarmUp, type Window } from "./phases.ts";
import type { RequestSigning } from "./signing/request-signing.ts";
import type { Swarm } from "./swarm.ts";

// Expressions of a scenario run over answers of any content: V8 then turns to its linear-time matcher instead of trying
// every way, which takes for ever (docs/scenario.md). Process-wide, and before the first one is compiled.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

const ALIVE_MS = 1000;
const port = parentPort;
if (port === null) throw new Error("the load worker is not a program of its own");
const given: WorkerSetup | ModuleProbe = workerData;
const post = (message: FromWorker): void => port.postMessage(message);

/** Answers to what the main thread says, from now on. */
const serve = (setup: WorkerState): void => {
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
      case "keys":
        setup.signing?.renew(message.keys);
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
};

const moduleOf = async ({ plan }: WorkerSetup): Promise<ModuleRun | null> => {
  const source = plan.scenario?.module ?? null;
  if (source === null) return null;
  const log = limitedLog((line) => post({ kind: "log", line }));
  // Before the window there is no row to count it in, and it must not end the thread.
  process.on("unhandledRejection", (error) => log(`not awaited: ${String(error)}`));
  const { module } = await loadModule(source);
  if (!module.ok) throw new Error(module.problems.map(({ message }) => message).join(" "));
  return { ...module.value, url: source.url, log };
};

/** The signer is read from disk only where something is signed. */
const openSigning = async ({ plan, keys }: WorkerSetup): Promise<RequestSigning | null> => {
  const scope = plan.signing ?? null;
  if (scope === null || keys === null) return null;
  const { RequestSigning } = await import("./signing/request-signing.ts");
  return new RequestSigning(new URL(plan.origin).host, scope, keys);
};

const work = async (setup: WorkerSetup): Promise<void> => {
  setInterval(() => post({ kind: "alive" }), ALIVE_MS);
  serve({ ...setup, module: await moduleOf(setup), signing: await openSigning(setup) });
  post({ kind: "ready" });
};

const probe = async ({ probe: source }: ModuleProbe): Promise<void> => {
  const { module, checksum } = await loadModule(source);
  const answer: ProbedModule = module.ok
    ? parsed({ tasks: module.value.tasks.map(({ name, weight }) => ({ name, weight })), checksum })
    : module;
  port.postMessage(answer);
};

/** Thrown outside of promises, so that it ends the thread although promises of a module that fail do not. */
const crash = (error: unknown): void => {
  setImmediate(() => {
    throw error;
  });
};

("probe" in given ? probe(given) : work(given)).catch(crash);
