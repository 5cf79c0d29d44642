import { type Millis, millis } from "../../units.ts";
import type { LoadPlan } from "../plan.ts";
import type { StartBudget } from "./budget.ts";
import { newSample, type Recorder } from "./recorder.ts";
import type { RequestSigning } from "./signing/request-signing.ts";
import type { Connection } from "./transport.ts";
import { User } from "./user.ts";
import type { UserContext } from "./user-context.ts";
import type { Work } from "./work.ts";

export type SwarmSetup = {
  readonly plan: LoadPlan;
  readonly work: Work;
  /** How long requests are started. */
  readonly runTime: Millis;
  readonly budget: StartBudget;
  readonly recorder: Recorder;
  /** A new connection for one user; `null` is the target's own origin. */
  readonly connect: (origin: string | null) => Connection;
  /** `null` when nothing is signed. */
  readonly signing: RequestSigning | null;
  /** Users wait for arrivals; else they run by themselves. */
  readonly open: boolean;
  /** Each user sends the first request of one task, and leaves. */
  readonly once: boolean;
};

/** Why no more requests were started. `told` is a stop from outside. */
export type SwarmStop = "run-time" | "max-requests" | "users-gone" | "told";

export type SwarmEnd = {
  readonly reason: SwarmStop;
  /** From the beginning to the last moment at which a request could have been started. */
  readonly elapsed: Millis;
};

/** What starts users or gives them arrivals; told when the load ends. */
export type Driver = {
  readonly begin: () => void;
  /** The run-time is over: what was due within it is started now. */
  readonly finish: () => void;
  /** Nothing is started any more; `elapsed` milliseconds from the beginning. */
  readonly end: (elapsed: number) => void;
  /** Open model: the user has done its task. */
  readonly free: (user: User) => void;
  /** Whether users may still come. */
  readonly expectsUsers: () => boolean;
};

/** The users of one thread: driven by a schedule, stopped together, drained, gone. */
export class Swarm {
  /** Resolves when arrivals have stopped; the requests in flight go on. */
  readonly stopped: Promise<SwarmEnd>;
  /** Resolves when the last user has gone. */
  readonly ended: Promise<SwarmEnd>;
  readonly setup: SwarmSetup;
  readonly #context: UserContext;
  readonly #users = new Map<number, User>();
  readonly #driver: Driver;
  /** `performance.now()` of this thread at the beginning. */
  #startAt = performance.now();
  #stopTimer: NodeJS.Timeout | null = null;
  #drainTimer: NodeJS.Timeout | null = null;
  #end: SwarmEnd | null = null;
  #drainUntil = Number.POSITIVE_INFINITY;
  #begun = false;
  #present = 0;
  #resolveStopped: (end: SwarmEnd) => void = () => {};
  #resolveEnded: (end: SwarmEnd) => void = () => {};

  constructor(setup: SwarmSetup, drive: (swarm: Swarm) => Driver) {
    this.setup = setup;
    const { plan, work, recorder, connect, signing, open, once } = setup;
    this.#context = {
      plan,
      work,
      recorder,
      sample: newSample(),
      connect,
      signing,
      now: this.now,
      open,
      once,
      takeStart: (due, teardown) => this.#takeStart(due, teardown),
      onFree: (user) => this.#driver.free(user),
      onGone: (user) => this.#userGone(user),
    };
    this.#driver = drive(this);
    this.stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Milliseconds since the beginning; negative before it. */
  readonly now = (): number => performance.now() - this.#startAt;

  /** Users that have not gone. */
  get present(): number {
    return this.#present;
  }

  get isOver(): boolean {
    return this.#end !== null;
  }

  /** Begins at `startAt` of this thread's `performance.now()`. A swarm that was stopped before does not begin. */
  begin(startAt: number): void {
    this.#startAt = startAt;
    if (this.#end !== null) return;
    this.#begun = true;
    this.#stopTimer = setTimeout(() => this.#stopAtRunTime(), Math.max(0, this.setup.runTime - this.now()));
    this.#driver.begin();
  }

  /** The user of this index, made when it is asked for first. */
  user(index: number): User {
    const known = this.#users.get(index);
    if (known !== undefined) return known;
    const user = new User(index, this.#context);
    this.#users.set(index, user);
    return user;
  }

  /** A user comes, for the first time or again; one that has not gone yet stays. */
  enter(user: User, due: number): void {
    if (user.isHere) {
      user.stay();
      return;
    }
    this.#present++;
    this.setup.recorder.spawned(this.#second());
    user.start(due);
  }

  /** Open model: a user is connected and set up; before the window, so that it counts from the first second on. */
  admit(user: User, done: () => void): void {
    this.#present++;
    this.setup.recorder.spawned(this.#second());
    user.prepare(done);
  }

  /** Starts no more requests; those in flight have `drain` to end. Told again, the shorter drain counts. */
  stop(reason: SwarmStop, drain: Millis): void {
    if (this.#end === null) {
      const elapsed = millis(this.#begun ? Math.min(this.setup.runTime, Math.max(0, this.now())) : 0);
      this.#end = { reason, elapsed };
      if (this.#stopTimer !== null) clearTimeout(this.#stopTimer);
      this.#driver.end(elapsed);
      // Before the last user goes: who listens hears of the stop first.
      this.#resolveStopped(this.#end);
      for (const user of this.#users.values()) user.leave();
    }
    if (this.now() + drain < this.#drainUntil && this.#present > 0) {
      this.#drainUntil = this.now() + drain;
      if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
      this.#drainTimer = setTimeout(() => this.#abort(), drain);
    }
    this.#endWhenEmpty();
  }

  /** What happens before the beginning belongs to the first second. */
  #second(): number {
    return this.#begun ? Math.max(0, Math.floor(this.now() / 1000)) : 0;
  }

  #stopAtRunTime(): void {
    const left = this.setup.runTime - this.now();
    // The timer may fire early by the length of a turn of the loop; the window has its full length all the same.
    if (left > 0) this.#stopTimer = setTimeout(() => this.#stopAtRunTime(), Math.ceil(left));
    else setImmediate(() => this.#finish());
  }

  #finish(): void {
    if (this.#end !== null) return;
    this.#driver.finish();
    if (this.#end === null) this.stop("run-time", this.setup.plan.stopTimeout);
  }

  #takeStart(due: number, teardown: boolean): boolean {
    const { open, runTime } = this.setup;
    // An arrival that was due within the run-time is sent, however late. A timer may fire a moment early, so that what
    // is due at the very end would slip in before it.
    const over = this.#end !== null || (!open && Math.max(due, this.now()) >= runTime);
    if (over && !teardown) return false;
    const start = this.setup.budget.take();
    // Later, when the user that asks is done with asking.
    if (start !== "more" && this.#end === null) {
      queueMicrotask(() => this.stop("max-requests", this.setup.plan.stopTimeout));
    }
    return start !== "none";
  }

  #userGone(user: User): void {
    this.#present--;
    if (this.#end === null) {
      this.setup.recorder.left(this.#second());
      if (user.comesAgain) setImmediate(() => this.#enterAgain(user));
      if (this.#present === 0 && !user.comesAgain && !this.#driver.expectsUsers()) {
        queueMicrotask(() => this.stop("users-gone", this.setup.plan.stopTimeout));
      }
    }
    this.#endWhenEmpty();
  }

  #enterAgain(user: User): void {
    if (this.#end === null && user.comesAgain) this.enter(user, this.now());
  }

  #abort(): void {
    for (const user of this.#users.values()) user.abort();
  }

  #endWhenEmpty(): void {
    if (this.#end === null || this.#present > 0) return;
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    this.#resolveEnded(this.#end);
  }
}
