import { seconds } from "../../units.ts";
import { classifyError, classifyStatus } from "../classify.ts";
import type { OutcomeClass } from "../outcome.ts";
import type { LoadPlan } from "../plan.ts";
import { printableLine } from "../printable.ts";
import { userRandom } from "../random.ts";
import { waitAfterTask } from "../wait-time.ts";
import type { Recorder, Sample } from "./recorder.ts";
import type { Answer, Connection, PreparedRequest } from "./transport.ts";

/** What all users of a swarm share. */
export type UserContext = {
  readonly plan: LoadPlan;
  readonly requests: readonly PreparedRequest[];
  /** Index of the task for a random number in [0, 1). */
  readonly pick: (random01: number) => number;
  readonly recorder: Recorder;
  /** Milliseconds since the swarm's start. */
  readonly now: () => number;
  /** Takes one start; false when the load has ended, or its last request has been started. */
  readonly takeStart: () => boolean;
  /** Called once for every start taken, when its request has ended. */
  readonly onEnd: () => void;
};

/**
 * A user without a connection would spin at the speed of the machine: after a failure to connect, and after a failure
 * without an answer that took less than a millisecond, its next start is at least this long after the last one.
 */
const FAILURE_PACE_MS = 100;
const NO_CONNECTION: ReadonlySet<OutcomeClass> = new Set(["connect-error", "dns-error", "tls-error", "local-error"]);
/** Timers resolve to a millisecond; one that fires less than this early is on time. */
const TIMER_GRAIN_MS = 1;

/** One simulated client: its own connection, its own random numbers, its own loop of task and wait. */
export class User {
  readonly #context: UserContext;
  readonly #connection: Connection;
  readonly #picks: () => number;
  readonly #waits: () => number;
  readonly #done = (answer: Answer): void => this.#answered(answer);
  readonly #start = (): void => this.#startWhenDue();
  /** Armed anew by each request, left alone at its end: a timer that is kept costs a request nothing. */
  readonly #deadline: NodeJS.Timeout;
  readonly #sample: { -readonly [Field in keyof Sample]: Sample[Field] };
  #timer: NodeJS.Timeout | null = null;
  #due = 0;
  #startedAt = 0;
  #inFlight = false;
  #stopped = false;

  constructor(index: number, connection: Connection, context: UserContext) {
    this.#context = context;
    this.#connection = connection;
    this.#picks = userRandom(context.plan.seed, index, "picks");
    this.#waits = userRandom(context.plan.seed, index, "waits");
    this.#deadline = setTimeout(() => this.#timedOut(), context.plan.timeout);
    this.#sample = { task: 0, second: 0, outcome: "ok", response: 0, service: 0, lag: 0, sent: 0, received: 0 };
  }

  /** Begins the loop; the first request is due now or was due at `due`. */
  spawn(due: number): void {
    this.#due = due;
    this.#startWhenDue();
  }

  /** No request is started any more; the one in flight goes on. */
  stopArrivals(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Counts the request in flight as `aborted`. */
  abort(): void {
    if (this.#inFlight) this.#giveUp("aborted", "still in flight when the time to stop was over");
  }

  close(): void {
    this.stopArrivals();
    clearTimeout(this.#deadline);
    this.#connection.close();
  }

  #startWhenDue(): void {
    const { now, takeStart, pick, requests } = this.#context;
    this.#timer = null;
    const actual = now();
    // Node counts a timer from the beginning of the loop's turn, so that it may fire early by the length of the turn.
    if (actual < this.#due - TIMER_GRAIN_MS) {
      this.#wait(this.#due - actual);
      return;
    }
    if (!takeStart()) return;
    const sample = this.#sample;
    sample.task = pick(this.#picks());
    sample.second = Math.floor(actual / 1000);
    sample.lag = Math.max(0, actual - this.#due);
    this.#startedAt = actual;
    this.#inFlight = true;
    this.#deadline.refresh();
    const request = requests[sample.task];
    if (request === undefined) throw new Error(`no request for task ${sample.task}`);
    this.#connection.request(request, this.#done);
  }

  #answered(answer: Answer): void {
    if (!this.#inFlight) return;
    const { error, status, sent, received } = answer;
    const outcome = error === null ? classifyStatus(status) : classifyError(error.code, error.phase);
    this.#sample.sent = sent;
    this.#sample.received = received;
    this.#record(outcome);
    if (outcome !== "ok" && this.#context.recorder.wantsExample(this.#sample.task, outcome)) {
      const text = error === null ? bodyText(answer.sample) : printableLine(`${error.code}: ${error.message}`);
      this.#context.recorder.example(this.#sample.task, outcome, { status: status === 0 ? null : status, text });
    }
    this.#next(outcome, status !== 0);
  }

  #timedOut(): void {
    if (!this.#inFlight) return;
    const { plan, now } = this.#context;
    const startedAt = this.#startedAt;
    const left = startedAt + plan.timeout - now();
    const giveUp = (): void => {
      if (this.#inFlight && this.#startedAt === startedAt) {
        this.#giveUp("timeout", `no complete answer within ${plan.timeout} ms`);
      }
    };
    if (left > TIMER_GRAIN_MS) setTimeout(giveUp, left);
    else giveUp();
  }

  #giveUp(outcome: "timeout" | "aborted", text: string): void {
    const { recorder } = this.#context;
    this.#connection.cancel();
    this.#sample.sent = 0;
    this.#sample.received = 0;
    this.#record(outcome);
    if (recorder.wantsExample(this.#sample.task, outcome)) {
      recorder.example(this.#sample.task, outcome, { status: null, text });
    }
    this.#next(outcome, true);
  }

  #record(outcome: OutcomeClass): void {
    const sample = this.#sample;
    const service = this.#context.now() - this.#startedAt;
    sample.outcome = outcome;
    sample.service = service;
    sample.response = service + sample.lag;
    this.#inFlight = false;
    this.#context.recorder.record(sample);
  }

  /** Plans the next start. An `ok` answer without a wait is followed at once, anything else yields to the others. */
  #next(outcome: OutcomeClass, answered: boolean): void {
    if (!this.#stopped) {
      this.#due = this.#nextDue(outcome, answered);
      const wait = this.#due - this.#context.now();
      if (wait > 0) this.#wait(wait);
      else if (outcome === "ok") this.#startWhenDue();
      else setImmediate(this.#start);
    }
    this.#context.onEnd();
  }

  #nextDue(outcome: OutcomeClass, answered: boolean): number {
    const { service } = this.#sample;
    const end = this.#startedAt + service;
    // From the time it was due, not from its start: otherwise a pacing would drift by every timer's lateness.
    const task = seconds((end - this.#due) / 1000);
    const due = end + waitAfterTask(this.#context.plan.waitTime, task, this.#waits()) * 1000;
    const needsPace = NO_CONNECTION.has(outcome) || (!answered && service < 1);
    return needsPace ? Math.max(due, this.#startedAt + FAILURE_PACE_MS) : due;
  }

  #wait(time: number): void {
    this.#timer = setTimeout(this.#start, Math.round(time));
  }
}

const bodyText = (sample: Uint8Array | null): string =>
  sample === null ? "(no body)" : printableLine(Buffer.from(sample).toString("utf8"));
