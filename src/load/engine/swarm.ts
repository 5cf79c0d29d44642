import { type Millis, millis, type PerSecond } from "../../units.ts";
import type { LoadPlan } from "../plan.ts";
import { weightedPick } from "../random.ts";
import { spawnTime } from "../spawn.ts";
import type { StartBudget } from "./budget.ts";
import { prepareRequest } from "./prepare.ts";
import type { Recorder } from "./recorder.ts";
import type { Transport } from "./transport.ts";
import { User, type UserContext } from "./user.ts";

export type SwarmSetup = {
  readonly plan: LoadPlan;
  /** Indexes in the whole load, in the order of their start. */
  readonly users: readonly number[];
  readonly spawnRate: PerSecond;
  /** `performance.now()` of this thread at the beginning. */
  readonly startAt: number;
  /** How long requests are started. */
  readonly runTime: Millis;
  readonly budget: StartBudget;
  readonly recorder: Recorder;
  readonly transport: Transport;
};

/** Why no more requests were started. `told` is a stop from outside. */
export type SwarmStop = "run-time" | "max-requests" | "told";

export type SwarmEnd = {
  readonly reason: SwarmStop;
  /** From the beginning to the last moment at which a request could have been started. */
  readonly elapsed: Millis;
};

/** The users of one thread: spawned evenly, stopped together, drained, then closed. */
export class Swarm {
  /** Resolves when arrivals have stopped; the requests in flight go on. */
  readonly stopped: Promise<SwarmEnd>;
  /** Resolves when the last request has ended and every connection is closed. */
  readonly ended: Promise<SwarmEnd>;
  readonly #setup: SwarmSetup;
  readonly #context: UserContext;
  readonly #users: User[] = [];
  readonly #stopTimer: NodeJS.Timeout;
  #spawnTimer: NodeJS.Timeout | null = null;
  #drainTimer: NodeJS.Timeout | null = null;
  #end: SwarmEnd | null = null;
  #drainUntil = Number.POSITIVE_INFINITY;
  #closed = false;
  #inFlight = 0;
  #resolveStopped: (end: SwarmEnd) => void = () => {};
  #resolveEnded: (end: SwarmEnd) => void = () => {};

  constructor(setup: SwarmSetup) {
    this.#setup = setup;
    const { plan, recorder } = setup;
    this.#context = {
      plan,
      recorder,
      requests: plan.tasks.map((task) => prepareRequest(plan, task)),
      pick: weightedPick(plan.tasks.map((task) => task.weight)),
      now: this.#now,
      takeStart: () => this.#takeStart(),
      onEnd: () => this.#requestEnded(),
    };
    this.stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#stopTimer = setTimeout(() => this.#stopAtRunTime(), Math.max(0, setup.runTime - this.#now()));
    this.#spawnTimer = setTimeout(() => this.#spawnDue(), Math.max(0, -this.#now()));
  }

  /** Starts no more requests; those in flight have `drain` to end. Told again, the shorter drain counts. */
  stop(reason: SwarmStop, drain: Millis): void {
    if (this.#end === null) {
      this.#end = { reason, elapsed: millis(Math.min(this.#setup.runTime, Math.max(0, this.#now()))) };
      clearTimeout(this.#stopTimer);
      if (this.#spawnTimer !== null) clearTimeout(this.#spawnTimer);
      for (const user of this.#users) user.stopArrivals();
      this.#resolveStopped(this.#end);
    }
    if (this.#now() + drain < this.#drainUntil) {
      this.#drainUntil = this.#now() + drain;
      if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
      this.#drainTimer = setTimeout(() => this.#abort(), drain);
    }
    this.#endWhenIdle();
  }

  readonly #now = (): number => performance.now() - this.#setup.startAt;

  #stopAtRunTime(): void {
    const { runTime, plan } = this.#setup;
    const left = runTime - this.#now();
    // The timer may fire early by the length of a turn of the loop; the window has its full length all the same.
    if (left > 0) setTimeout(() => this.#stopAtRunTime(), Math.ceil(left));
    else if (this.#end === null) this.stop("run-time", plan.stopTimeout);
  }

  #spawnDue(): void {
    const { users, spawnRate, transport, recorder, runTime } = this.#setup;
    this.#spawnTimer = null;
    while (this.#end === null) {
      const index = users[this.#users.length];
      if (index === undefined) return;
      const due = spawnTime(index, spawnRate) * 1000;
      const now = this.#now();
      if (due >= runTime) return;
      if (now < due) {
        this.#spawnTimer = setTimeout(() => this.#spawnDue(), Math.ceil(due - now));
        return;
      }
      const user = new User(index, transport.open(), this.#context);
      this.#users.push(user);
      recorder.spawned(Math.floor(now / 1000));
      user.spawn(due);
    }
  }

  #takeStart(): boolean {
    if (this.#end !== null) return false;
    if (this.#now() >= this.#setup.runTime) return false;
    const start = this.#setup.budget.take();
    if (start === "none") {
      this.stop("max-requests", this.#setup.plan.stopTimeout);
      return false;
    }
    this.#inFlight++;
    if (start === "last") this.stop("max-requests", this.#setup.plan.stopTimeout);
    return true;
  }

  #requestEnded(): void {
    this.#inFlight--;
    this.#endWhenIdle();
  }

  #abort(): void {
    for (const user of this.#users) user.abort();
  }

  #endWhenIdle(): void {
    if (this.#end === null || this.#inFlight > 0 || this.#closed) return;
    this.#closed = true;
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    for (const user of this.#users) user.close();
    this.#resolveEnded(this.#end);
  }
}
