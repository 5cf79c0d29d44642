/**
 * One Lambda function as a pure, seeded model: arrivals in, outcomes out. No clock and no global randomness; whoever
 * calls it brings the time. Facts: reference "Lambda scaling and limits" (environments serve one request at a time,
 * 1,000 new environments per 10 s refilled continuously, 10 x concurrency requests per second, Duration without Init).
 */
import { type Millis, millis } from "../src/units.ts";
import { MinHeap } from "./min-heap.ts";
import { lognormalFactor, type Random } from "./random.ts";
import { InvocationRate, ScalingBudget } from "./scaling-limits.ts";

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
  /** Invocations per second allowed for each unit of concurrency. */
  readonly ratePerConcurrency: number;
  /** Share of invocations that end in a function error. */
  readonly errorShare: number;
  /** An environment idle for longer than this (milliseconds) is gone. */
  readonly idleTimeoutMs: number;
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
      /** Environments busy, this one included. */
      readonly concurrent: number;
    }
  | { readonly kind: "throttled"; readonly reason: ThrottleReason };

type Environment = { readonly id: number; readonly speed: number; freeAtMs: number };

/** The state of one function. Arrivals come in order of time; `atMs` is in milliseconds of any epoch. */
export class LambdaModel {
  #settings: ModelSettings;
  readonly #random: Random;
  readonly #busy = new MinHeap<Environment>((environment) => environment.freeAtMs);
  /** In the order they became free: the last one is the most recently freed, the first one the next to expire. */
  readonly #idle: Environment[] = [];
  readonly #scaling: ScalingBudget;
  readonly #rate = new InvocationRate();
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

  /** What happens to the request that arrives at `atMs`. */
  arrive(atMs: number): Arrival {
    if (atMs < this.#lastMs) throw new RangeError(`arrivals must be in order: ${atMs} after ${this.#lastMs}`);
    this.#lastMs = atMs;
    this.#release(atMs);
    const { concurrencyLimit, ratePerConcurrency } = this.#settings;
    if (this.#busy.size >= concurrencyLimit) return { kind: "throttled", reason: "concurrency" };
    if (this.#rate.count(atMs) >= ratePerConcurrency * concurrencyLimit) return { kind: "throttled", reason: "rate" };
    const warm = this.#idle.pop();
    if (warm === undefined && !this.#scaling.take(atMs, this.#settings)) {
      return { kind: "throttled", reason: "scaling" };
    }
    this.#rate.add(atMs);
    return this.#run(atMs, warm);
  }

  #run(atMs: number, warm: Environment | undefined): Arrival {
    const settings = this.#settings;
    const random = this.#random;
    const environment = warm ?? this.#start();
    const initMs = warm === undefined ? settings.initMs * lognormalFactor(random, settings.jitter) : 0;
    const tail = random.uniform() < settings.tailShare ? settings.tailFactor : 1;
    const durationMs = settings.durationMs * environment.speed * tail * lognormalFactor(random, settings.jitter);
    const failed = random.uniform() < settings.errorShare;
    environment.freeAtMs = atMs + initMs + durationMs;
    this.#busy.push(environment);
    return {
      kind: "served",
      environment: environment.id,
      coldStart: warm === undefined,
      initMs: millis(initMs),
      durationMs: millis(durationMs),
      failed,
      concurrent: this.#busy.size,
    };
  }

  #start(): Environment {
    this.#created += 1;
    return { id: this.#created, speed: lognormalFactor(this.#random, this.#settings.environmentSpread), freeAtMs: 0 };
  }

  #release(atMs: number): void {
    for (let next = this.#busy.peek(); next !== undefined && next.freeAtMs <= atMs; next = this.#busy.peek()) {
      this.#busy.pop();
      this.#idle.push(next);
    }
    const oldestKept = atMs - this.#settings.idleTimeoutMs;
    const firstKept = this.#idle.findIndex((environment) => environment.freeAtMs >= oldestKept);
    if (firstKept !== 0) this.#idle.splice(0, firstKept === -1 ? this.#idle.length : firstKept);
  }
}
