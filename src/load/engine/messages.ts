import type { Parsed } from "../../errors.ts";
import type { ModuleFacts } from "../../scenario/module-scenario.ts";
import type { ModuleSource } from "../../scenario/scenario.ts";
import type { Millis, Seconds } from "../../units.ts";
import type { OutcomeCounts } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import type { Profile } from "../profile.ts";
import type { AwsKeys } from "../signing.ts";
import type { WorkerReport } from "../worker-report.ts";
import type { ModuleRun } from "./module/load-module.ts";
import type { RequestSigning } from "./signing/request-signing.ts";
import type { SwarmEnd } from "./swarm.ts";

/** What a worker thread is born with. */
export type WorkerSetup = {
  readonly plan: LoadPlan;
  readonly worker: number;
  readonly workers: number;
  /** Count of all starts of the run (`budget.ts`). */
  readonly budget: SharedArrayBuffer;
  /** The variables that name proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Keys for a plan that is signed. */
  readonly keys: AwsKeys | null;
};

/** What a worker thread works with; `module` is that of the plan's scenario, read in this thread. */
export type WorkerState = WorkerSetup & { readonly module: ModuleRun | null; readonly signing: RequestSigning | null };

/** A worker that reads a scenario module, says what is in it, and ends. */
export type ModuleProbe = { readonly probe: ModuleSource };

/** Its one answer. */
export type ProbedModule = Parsed<ModuleFacts>;

/** What comes before the window, in this order; the plan may leave each out. Only the first worker warms up. */
export type Prelude = "warm-up" | "connect" | "pre-warm";

/** From the main thread. `startAt` is on the process-wide monotonic clock, the same in every thread. */
export type ToWorker =
  | { readonly kind: "prelude"; readonly prelude: Prelude }
  /** New keys, before the present ones expire. */
  | { readonly kind: "keys"; readonly keys: AwsKeys }
  | { readonly kind: "window"; readonly startAt: Millis }
  /** From this second of the window on users come and go by another profile, which begins there. */
  | { readonly kind: "users"; readonly at: Seconds; readonly profile: Profile }
  /** No more starts; drain for so long. Also ends a prelude, and a window that has not begun. */
  | { readonly kind: "stop"; readonly drain: Millis };

/** To the main thread, a few times a second, never per request. */
export type FromWorker =
  | { readonly kind: "ready" }
  /** Posted every second from then on: a thread that cannot is hanging. */
  | { readonly kind: "alive" }
  /** A line that the module's tasks logged. */
  | { readonly kind: "log"; readonly line: string }
  /** What a warm-up or pre-warm has sent so far, in all. */
  | { readonly kind: "sending"; readonly prelude: Prelude; readonly outcomes: OutcomeCounts }
  | { readonly kind: "prelude-done"; readonly prelude: Prelude }
  | { readonly kind: "report"; readonly report: WorkerReport }
  /** Arrivals have stopped in this worker; its requests in flight go on. */
  | { readonly kind: "stopped"; readonly end: SwarmEnd }
  /** All requests have ended and been reported. */
  | { readonly kind: "ended"; readonly end: SwarmEnd };
