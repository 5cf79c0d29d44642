import type { Scope } from "../../scenario/scenario.ts";
import { beginSequence } from "../../scenario/scope.ts";
import { seconds } from "../../units.ts";
import type { OutcomeClass } from "../outcome.ts";
import { stratified, userRandom } from "../random.ts";
import { waitAfterTask } from "../wait-time.ts";
import { Exchange, TIMER_GRAIN_MS } from "./exchange.ts";
import { playScript } from "./module/play-script.ts";
import type { Turn, TurnEnd } from "./module/turn.ts";
import type { UserContext } from "./user-context.ts";
import { userScope } from "./user-scope.ts";
import type { WorkRequest, WorkScript, WorkSequence, WorkStep } from "./work.ts";

/**
 * A user without a connection would spin at the speed of the machine: after a failure to connect, and after a failure
 * without an answer that took less than a millisecond, its next start is at least this long after the last one.
 */
const FAILURE_PACE_MS = 100;
const NO_CONNECTION: ReadonlySet<OutcomeClass> = new Set(["connect-error", "dns-error", "tls-error", "local-error"]);

type Phase = "new" | "setup" | "idle" | "task" | "teardown" | "gone";

/** One simulated client: its own connection, its own random numbers, its own setup, tasks, waits and teardown. */
export class User {
  readonly index: number;
  readonly #context: UserContext;
  readonly #scope: Scope | null;
  readonly #exchange: Exchange;
  readonly #proceed = (): void => this.#goOn();
  #picks: (() => number) | null = null;
  #waits: (() => number) | null = null;
  #phase: Phase = "new";
  #leaving = false;
  #comesAgain = false;
  #sequence: WorkSequence | null = null;
  #at = 0;
  /** Milliseconds since the swarm's start: when the next step is due, and when the task was. */
  #due = 0;
  #taskDue = 0;
  #timer: NodeJS.Timeout | null = null;
  #soon: NodeJS.Immediate | null = null;
  #onPrepared: (() => void) | null = null;
  /** The function of a module that runs now. */
  #turn: Turn | null = null;
  /** `user.data` of a module: one object for each visit. */
  #data: Record<string, unknown> = {};
  /** When a turn without any request began: the next one keeps a distance from it. */
  #idleFrom: number | null = null;

  constructor(index: number, context: UserContext) {
    this.index = index;
    this.#context = context;
    this.#scope = userScope(index, context.plan);
    this.#exchange = new Exchange(context, this.#scope, (outcome, answered) => this.#requestEnded(outcome, answered));
  }

  /** Set up, and without a task. */
  get isIdle(): boolean {
    return this.#phase === "idle";
  }

  /** Has come and not gone. */
  get isHere(): boolean {
    return this.#phase !== "new" && this.#phase !== "gone";
  }

  /** Was asked back while it was in its teardown. */
  get comesAgain(): boolean {
    return this.#comesAgain;
  }

  /** Closed model: setup, then tasks and waits until it leaves. After it has left it may come again: a new visit. */
  start(due: number): void {
    if (this.#phase === "gone") {
      this.#exchange.reopen();
      this.#scope?.captured.fill(undefined);
      this.#data = {};
    }
    this.#phase = "new";
    this.#leaving = false;
    this.#comesAgain = false;
    this.#due = due;
    this.#begin();
  }

  /** Open model: connects and sets up; `done` is called when the user can take arrivals, or has gone. */
  prepare(done: () => void): void {
    this.#onPrepared = done;
    this.#exchange.connect(() => {
      this.#due = this.#context.now();
      if (this.#phase !== "gone") this.#begin();
    });
  }

  /** Open model: one task. The user is free again when the context's `onFree` is called. */
  take(due: number): void {
    this.#due = due;
    this.#beginTask();
    this.#goOn();
  }

  /** Closed model: was told to leave and is wanted again before it has gone. From its teardown on that is another visit. */
  stay(): void {
    if (this.#phase === "teardown") this.#comesAgain = true;
    else this.#leaving = false;
  }

  /** Finishes the request in flight, runs the teardown, closes the connection, and is gone. */
  leave(): void {
    this.#comesAgain = false;
    if (this.#leaving || this.#phase === "gone") return;
    this.#leaving = true;
    this.#clearTimer();
    if (!this.#exchange.inFlight) this.#windUp();
  }

  /** Counts the request in flight as `aborted`, and is gone without a teardown. */
  abort(): void {
    if (this.#phase === "gone") return;
    this.#exchange.abort();
    this.#goAway();
  }

  #begin(): void {
    const { setup } = this.#context.work;
    if (setup.steps.length === 0) {
      this.#ready();
      return;
    }
    this.#phase = "setup";
    this.#beginSequence(setup);
    this.#goOn();
  }

  /** The setup is done. */
  #ready(): void {
    this.#phase = "idle";
    if (this.#leaving) this.#windUp();
    else if (this.#onPrepared !== null) this.#prepared();
    else this.#goOn();
  }

  #prepared(): void {
    const done = this.#onPrepared;
    this.#onPrepared = null;
    done?.();
  }

  #beginTask(): void {
    const { tasks, pick } = this.#context.work;
    const task = tasks.length === 1 ? 0 : pick(this.#nextPick());
    const sequence = tasks[task];
    if (sequence === undefined) throw new Error(`no task ${task}`);
    this.#phase = "task";
    this.#taskDue = this.#due;
    this.#beginSequence(sequence);
  }

  #beginSequence(sequence: WorkSequence): void {
    const { scenario } = this.#context.plan;
    this.#sequence = sequence;
    this.#at = 0;
    if (scenario !== null && sequence.sequence !== null && this.#scope !== null) {
      beginSequence(scenario, sequence.sequence, this.#scope);
    }
  }

  /** Does what is due next: waits, sends a request, or ends the sequence. */
  #goOn(): void {
    this.#timer = null;
    this.#soon = null;
    if (this.#phase === "gone") return;
    if (this.#sequence === null) this.#beginTask();
    for (let step = this.#step(); step?.kind === "wait"; step = this.#step()) {
      this.#due += waitAfterTask(step.wait, seconds(0), this.#nextWait()) * 1000;
      this.#at++;
    }
    const actual = this.#context.now();
    // Node counts a timer from the beginning of the loop's turn, so that it may fire early by the length of the turn.
    if (actual < this.#due - TIMER_GRAIN_MS) this.#wait(this.#due - actual);
    else this.#doStep(actual);
  }

  #step(): WorkStep | undefined {
    return this.#sequence?.steps[this.#at];
  }

  #doStep(actual: number): void {
    const step = this.#step();
    if (step?.kind === "script") {
      this.#play(step, actual);
      return;
    }
    if (step?.kind !== "request") {
      this.#sequenceEnded("ok", true);
      return;
    }
    this.#send(step, this.#due, actual);
  }

  /** Sends the step's request; false when nothing may be started any more. */
  #send(step: WorkRequest, due: number, actual: number): boolean {
    if (!this.#context.takeStart(due, this.#phase === "teardown")) {
      if (this.#phase === "teardown") this.#goAway();
      return false;
    }
    this.#exchange.begin(step, due, actual, this.#secondOf(due, actual));
    return true;
  }

  #secondOf(due: number, actual: number): number {
    const time = this.#context.open && this.#phase === "task" ? due : actual;
    return Math.max(0, Math.floor(time / 1000));
  }

  #play(script: WorkScript, actual: number): void {
    const begun = this.#secondOf(this.#due, actual);
    const turn: Turn = playScript(script, this.#context, {
      index: this.index,
      data: this.#data,
      scope: this.#scope,
      phase: this.#phase === "setup" || this.#phase === "teardown" ? this.#phase : "task",
      second: begun,
      send: (request, lag) => {
        const now = this.#context.now();
        return this.#send(request, now - lag, now);
      },
      ended: (end) => this.#turnEnded(end, actual),
    });
    this.#turn = turn;
    turn.begin(script.action, Math.max(0, actual - this.#due));
  }

  #requestEnded(outcome: OutcomeClass, answered: boolean): void {
    const turn = this.#turn;
    if (turn === null) {
      this.#stepEnded(outcome, answered);
      return;
    }
    const isLast = (this.#context.once && this.#phase === "task") || (this.#leaving && this.#phase !== "teardown");
    if (isLast) turn.close();
    turn.requestEnded(outcome, answered);
    // The function still sees its last answer, so that a teardown knows what there is to be tidied up.
    if (isLast) setImmediate(() => this.#turn === turn && this.#turnCut(outcome, answered));
  }

  /** The function goes on without us. */
  #turnCut(outcome: OutcomeClass, answered: boolean): void {
    this.#dropTurn();
    this.#due = this.#context.now();
    this.#sequenceEnded(outcome, answered);
  }

  #turnEnded({ outcome, answered, idle }: TurnEnd, from: number): void {
    this.#turn = null;
    this.#idleFrom = idle ? from : null;
    this.#due = this.#context.now();
    this.#at++;
    this.#sequenceEnded(outcome, answered);
  }

  #dropTurn(): void {
    const turn = this.#turn;
    this.#turn = null;
    turn?.abandon();
  }

  /** A failed step ends its sequence. */
  #stepEnded(outcome: OutcomeClass, answered: boolean): void {
    this.#due = this.#exchange.endedAt;
    this.#at++;
    const isTask = this.#phase === "task";
    const over = this.#step() === undefined || (this.#context.once && isTask);
    if (outcome !== "ok" || over || (this.#leaving && this.#phase !== "teardown")) {
      this.#sequenceEnded(outcome, answered);
    } else this.#goOn();
  }

  #sequenceEnded(outcome: OutcomeClass, answered: boolean): void {
    const cutShort = this.#step() !== undefined;
    this.#sequence = null;
    switch (this.#phase) {
      case "setup":
        this.#setupEnded(outcome, cutShort);
        return;
      case "teardown":
        if (outcome !== "ok") this.#context.recorder.failedUser("teardown");
        this.#goAway();
        return;
      default:
        this.#phase = "idle";
        if (this.#leaving || this.#context.once) this.#windUp();
        else if (this.#context.open) this.#context.onFree(this);
        else this.#planNext(outcome, answered);
    }
  }

  /** A user whose setup failed, or was cut short by the end of the load, does nothing more. */
  #setupEnded(outcome: OutcomeClass, cutShort: boolean): void {
    if (outcome !== "ok") this.#context.recorder.failedUser("setup");
    if (outcome !== "ok" || cutShort) this.#goAway();
    else this.#ready();
  }

  /** Plans the next task. An `ok` one without a wait is followed at once, anything else yields to the others. */
  #planNext(outcome: OutcomeClass, answered: boolean): void {
    const { waitTime } = this.#context.plan;
    const { startedAt, endedAt } = this.#exchange;
    // From the time it was due, not from its start: otherwise a pacing would drift by every timer's lateness.
    const task = seconds((this.#due - this.#taskDue) / 1000);
    const random01 = waitTime.kind === "between" ? this.#nextWait() : 0;
    this.#due += waitAfterTask(waitTime, task, random01) * 1000;
    if (NO_CONNECTION.has(outcome) || (!answered && endedAt - startedAt < 1)) {
      this.#due = Math.max(this.#due, startedAt + FAILURE_PACE_MS);
    }
    if (this.#idleFrom !== null) this.#due = Math.max(this.#due, this.#idleFrom + FAILURE_PACE_MS);
    const wait = this.#due - this.#context.now();
    if (wait > 0) this.#wait(wait);
    else if (outcome === "ok") this.#goOn();
    else this.#soon = setImmediate(this.#proceed);
  }

  #nextPick(): number {
    this.#picks ??= stratified(userRandom(this.#context.plan.seed, this.index, "picks"));
    return this.#picks();
  }

  #nextWait(): number {
    this.#waits ??= userRandom(this.#context.plan.seed, this.index, "waits");
    return this.#waits();
  }

  #wait(time: number): void {
    this.#timer = setTimeout(this.#proceed, Math.round(time));
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#soon !== null) clearImmediate(this.#soon);
    this.#timer = null;
    this.#soon = null;
  }

  /** The teardown, for a user that was set up; then it is gone. */
  #windUp(): void {
    const { teardown } = this.#context.work;
    this.#leaving = true;
    this.#dropTurn();
    if (teardown.steps.length === 0 || this.#phase === "new" || this.#phase === "setup") {
      this.#goAway();
      return;
    }
    this.#phase = "teardown";
    this.#due = this.#context.now();
    this.#beginSequence(teardown);
    this.#goOn();
  }

  #goAway(): void {
    if (this.#phase === "gone") return;
    this.#phase = "gone";
    this.#sequence = null;
    this.#dropTurn();
    this.#clearTimer();
    this.#exchange.close();
    this.#prepared();
    this.#context.onGone(this);
  }
}
