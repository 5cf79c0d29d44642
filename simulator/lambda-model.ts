/**
 * One Lambda function as a pure, seeded model: arrivals in, outcomes out. No clock and no global randomness; whoever
 * calls it brings the time. Facts: reference "Lambda scaling and limits" (environments serve one request at a time,
 * 1,000 new environments per 10 s refilled continuously, 10 x concurrency requests per second, Duration without Init).
 */
import { type Millis, millis } from "../src/units.ts";
import { MinHeap } from "./min-heap.ts";
import { lognormalFactor, type Random } from "./random.ts";
import { InvocationRate, RequestRamp, ScalingBudget } from "./scaling-limits.ts";

export type ModelSettings = {
  /** Mean handler time of the body of the distribution, in milliseconds. */
  readonly durationMs: number;
  /** Standard deviation of the logarithm of one invocation's duration. */
  readonly jitter: number;
  /** Share of invocations that take `tailFactor` times as long: the slow tail. */
  readonly tailShare: number;
  readonly tailFactor: number;
  /** Mean Init of a new environment, in milliseconds. */
  readonly initMs: number;
  /** Standard deviation of the logarithm of an environment's own speed. */
  readonly environmentSpread: number;
  /** Environments that may be busy at once: reserved concurrency, or what the account leaves. */
  readonly concurrencyLimit: number;
  /** New environments available at once. */
  readonly scalingBurst: number;
  /** New environments regained per second. */
  readonly scalingPerSecond: number;
  /** Requests per second by which the rate may rise within 10 s (Lambda: 10,000); null leaves that half of the rule out. */
  readonly requestScaling: number | null;
  /** Invocations per second allowed for each unit of concurrency. */
  readonly ratePerConcurrency: number;
  /** Share of invocations that end in a function error. */
  readonly errorShare: number;
  /** An environment idle for longer than this (milliseconds) is gone. */
  readonly idleTimeoutMs: number;
  /** The function's own timeout, in milliseconds: a longer handler is cut off and is an error. */
  readonly timeoutMs: number;
  /** Environments kept ready: no Init, no scaling limit, never gone. Requests beyond them spill over. */
  readonly provisionedConcurrency: number;
};

export type ThrottleReason = "concurrency" | "rate" | "scaling";

export type Arrival =
  | {
      readonly kind: "served";
      readonly environment: number;
      readonly coldStart: boolean;
      readonly initMs: Millis;
      readonly durationMs: Millis;
      readonly failed: boolean;
      /** The function's timeout cut the handler off; counts as failed. */
      readonly timedOut: boolean;
      /** Served by an environment that was kept ready. */
      readonly provisioned: boolean;
      /** Environments busy, this one included. */
      readonly concurrent: number;
    }
  | { readonly kind: "throttled"; readonly reason: ThrottleReason };

type Environment = {
  readonly id: number;
  readonly speed: number;
  readonly provisioned: boolean;
  freeAtMs: number;
};

/** What other functions of the account use of a limit they share with this one. */
export type Elsewhere = {
  /** Concurrency of the account that is nobody's reserved own. */
  readonly limit: number;
  readonly busy: number;
  /** Invocations of the last second. */
  readonly perSecond: number;
};

const alone: Elsewhere = { limit: Number.POSITIVE_INFINITY, busy: 0, perSecond: 0 };

/** The state of one function. Arrivals come in order of time; `atMs` is in milliseconds of any epoch. */
export class LambdaModel {
  #settings: ModelSettings;
  readonly #random: Random;
  readonly #busy = new MinHeap<Environment>((environment) => environment.freeAtMs);
  /** In the order they became free: the last one is the most recently freed, the first one the next to expire. */
  readonly #idle: Environment[] = [];
  readonly #scaling: ScalingBudget;
  /** Environments kept ready that are idle. */
  readonly #ready: Environment[] = [];
  #provisioned = 0;
  readonly #rate = new InvocationRate();
  readonly #ramp = new RequestRamp();
  #created = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(settings: ModelSettings, random: Random) {
    this.#settings = settings;
    this.#random = random;
    this.#scaling = new ScalingBudget(settings.scalingBurst);
  }

  /** Changes the settings and keeps the environments that exist. */
  configure(settings: ModelSettings): void {
    this.#settings = settings;
  }

  /** Environments busy and invocations of the last second at `atMs`, as another function of the account sees them. */
  load(atMs: number): { readonly busy: number; readonly perSecond: number } {
    this.#release(atMs);
    return { busy: this.#busy.size, perSecond: this.#rate.count(atMs) };
  }

  /** What happens to the request that arrives at `atMs`. */
  arrive(atMs: number, elsewhere: Elsewhere = alone): Arrival {
    if (atMs < this.#lastMs) throw new RangeError(`arrivals must be in order: ${atMs} after ${this.#lastMs}`);
    this.#lastMs = atMs;
    this.#release(atMs);
    this.#provision();
    const reason = this.#refusal(atMs, elsewhere);
    if (reason !== undefined) return { kind: "throttled", reason };
    const warm = this.#ready.pop() ?? this.#idle.pop();
    if (warm === undefined && !this.#scaling.take(atMs, this.#settings)) {
      return { kind: "throttled", reason: "scaling" };
    }
    this.#rate.add(atMs);
    this.#ramp.add(atMs);
    return this.#run(atMs, warm);
  }

  #refusal(atMs: number, elsewhere: Elsewhere): ThrottleReason | undefined {
    const { concurrencyLimit, ratePerConcurrency, requestScaling } = this.#settings;
    const busy = this.#busy.size;
    if (busy >= concurrencyLimit || busy + elsewhere.busy >= elsewhere.limit) return "concurrency";
    const rate = this.#rate.count(atMs);
    const beyondOwn = rate >= ratePerConcurrency * concurrencyLimit;
    if (beyondOwn || rate + elsewhere.perSecond >= ratePerConcurrency * elsewhere.limit) return "rate";
    return requestScaling !== null && !this.#ramp.allows(atMs, requestScaling) ? "scaling" : undefined;
  }

  #run(atMs: number, warm: Environment | undefined): Arrival {
    const settings = this.#settings;
    const random = this.#random;
    const environment = warm ?? this.#start(false);
    const initMs = warm === undefined ? settings.initMs * lognormalFactor(random, settings.jitter) : 0;
    const tail = random.uniform() < settings.tailShare ? settings.tailFactor : 1;
    const wantedMs = settings.durationMs * environment.speed * tail * lognormalFactor(random, settings.jitter);
    const timedOut = wantedMs > settings.timeoutMs;
    const durationMs = Math.min(wantedMs, settings.timeoutMs);
    const failed = random.uniform() < settings.errorShare || timedOut;
    environment.freeAtMs = atMs + initMs + durationMs;
    this.#busy.push(environment);
    return {
      kind: "served",
      environment: environment.id,
      coldStart: warm === undefined,
      initMs: millis(initMs),
      durationMs: millis(durationMs),
      failed,
      timedOut,
      provisioned: environment.provisioned,
      concurrent: this.#busy.size,
    };
  }

  /** Brings the environments kept ready to their set number; those that are busy go when they are free. */
  #provision(): void {
    const { provisionedConcurrency } = this.#settings;
    for (; this.#provisioned < provisionedConcurrency; this.#provisioned += 1) this.#ready.push(this.#start(true));
    for (; this.#provisioned > provisionedConcurrency && this.#ready.length > 0; this.#provisioned -= 1) {
      this.#ready.pop();
    }
  }

  #start(provisioned: boolean): Environment {
    this.#created += 1;
    const speed = lognormalFactor(this.#random, this.#settings.environmentSpread);
    return { id: this.#created, speed, provisioned, freeAtMs: 0 };
  }

  #release(atMs: number): void {
    for (let next = this.#busy.peek(); next !== undefined && next.freeAtMs <= atMs; next = this.#busy.peek()) {
      this.#busy.pop();
      (next.provisioned ? this.#ready : this.#idle).push(next);
    }
    const oldestKept = atMs - this.#settings.idleTimeoutMs;
    const firstKept = this.#idle.findIndex((environment) => environment.freeAtMs >= oldestKept);
    if (firstKept !== 0) this.#idle.splice(0, firstKept === -1 ? this.#idle.length : firstKept);
  }
}
