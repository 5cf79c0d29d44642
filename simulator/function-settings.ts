/** What can be set for one simulated function, with the defaults. Times are milliseconds, shares are from 0 to 1. */
import { type DeploymentSettings, defaultDeploymentSettings, deploymentChecks } from "./deployment-settings.ts";
import { defaultFrontEndSettings, type FrontEndSettings, frontEndChecks } from "./front-end-settings.ts";
import type { ModelSettings } from "./lambda-model.ts";
import { atLeast, between, type Checks, flag, oneOf, orNull, parsePartial, text } from "./settings.ts";

export type FunctionSettings = ModelSettings &
  FrontEndSettings &
  DeploymentSettings & {
    /** Seed of the model; null derives one from the simulator's seed, the name and the number of fresh pools so far. */
    readonly seed: number | null;
    /** Which limit `concurrencyLimit` stands for: it only changes the reason told to the caller. */
    readonly limitKind: "reserved" | "account";
    /** When set, metrics also appear under `Resource` = `name:alias`. */
    readonly alias: string | null;
    /** Told in the body (`/commit`) and in the header `x-commit`. */
    readonly commit: string;
    /** Size of the answer's body in bytes; never below what the fields need. */
    readonly bodyBytes: number;
    /** Every connection is destroyed. */
    readonly down: boolean;
    /** Answers with this status instead. */
    readonly status: number | null;
    /** Share of requests that `status` applies to. */
    readonly statusShare: number;
    /** `gateway`: the function is not invoked and AWS counts nothing; `function`: the handler returned that status. */
    readonly statusBy: "gateway" | "function";
    /** The `location` header sent with `status`. */
    readonly location: string | null;
  };

/** The body of `PUT /functions/:name`: some settings, and two things that happen once. */
export type FunctionChange = Partial<FunctionSettings> & {
  /** Starts with an empty pool of environments. */
  readonly fresh?: boolean;
  /** Holds every answer back for this long from now on: a stop of the world. */
  readonly freezeMs?: number;
};

export const defaultFunctionSettings: FunctionSettings = {
  ...defaultFrontEndSettings,
  ...defaultDeploymentSettings,
  durationMs: 10,
  jitter: 0.01,
  tailShare: 0,
  tailFactor: 10,
  initMs: 200,
  environmentSpread: 0.005,
  concurrencyLimit: 1000,
  scalingBurst: 1000,
  scalingPerSecond: 100,
  requestScaling: null,
  ratePerConcurrency: 10,
  errorShare: 0,
  idleTimeoutMs: 300_000,
  timeoutMs: 900_000,
  provisionedConcurrency: 0,
  seed: null,
  limitKind: "account",
  alias: null,
  commit: "",
  bodyBytes: 64,
  down: false,
  status: null,
  statusShare: 1,
  statusBy: "gateway",
  location: null,
};

const share = between(0, 1);

const checks: Checks<FunctionChange> = {
  ...frontEndChecks,
  ...deploymentChecks,
  durationMs: atLeast(0),
  jitter: atLeast(0),
  tailShare: share,
  tailFactor: atLeast(0),
  initMs: atLeast(0),
  environmentSpread: atLeast(0),
  concurrencyLimit: atLeast(0),
  scalingBurst: atLeast(0),
  scalingPerSecond: atLeast(0),
  requestScaling: orNull(atLeast(0)),
  ratePerConcurrency: atLeast(0),
  errorShare: share,
  idleTimeoutMs: atLeast(0),
  timeoutMs: atLeast(1),
  provisionedConcurrency: atLeast(0),
  seed: orNull(atLeast(0)),
  limitKind: oneOf("reserved", "account"),
  alias: orNull(text),
  commit: text,
  bodyBytes: between(0, 16 * 1024 * 1024),
  down: flag,
  status: orNull(between(200, 599)),
  statusShare: share,
  statusBy: oneOf("gateway", "function"),
  location: orNull(text),
  fresh: flag,
  freezeMs: atLeast(0),
};

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseFunctionChange = (given: unknown): FunctionChange => parsePartial(checks, given);
