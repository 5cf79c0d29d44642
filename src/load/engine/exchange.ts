import type { Scope } from "../../scenario/scenario.ts";
import { classifyError } from "../classify.ts";
import type { OutcomeClass } from "../outcome.ts";
import { withoutOwn } from "../own-secrets.ts";
import { printableLine } from "../printable.ts";
import { Hops } from "./hops.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { Answer, Connection, PreparedRequest } from "./transport.ts";
import type { UserContext } from "./user-context.ts";
import type { WorkRequest } from "./work.ts";

/** Timers resolve to a millisecond: one that fires less than this early is on time. */
export const TIMER_GRAIN_MS = 1;

/** `answered`: a status line came, or as much time has passed as for an answer. */
export type OnEnd = (outcome: OutcomeClass, answered: boolean) => void;

/** The requests of one user, one at a time: connections, time limit, redirects, judgement, and what is recorded of them. */
export class Exchange {
  /** Milliseconds since the swarm's start, of the last request. */
  startedAt = 0;
  endedAt = 0;
  readonly #context: UserContext;
  readonly #scope: Scope | null;
  readonly #onEnd: OnEnd;
  readonly #done = (answer: Answer): void => this.#answered(answer);
  #connection: Connection;
  /** Connections to other origins, by origin; most users have none. */
  #others: Map<string, Connection> | null = null;
  /** The connection of the request in flight, `null` while there is none. */
  #busy: Connection | null = null;
  #step: WorkRequest | null = null;
  /** As the step asks for it, unsigned; `null` when it could not be made. */
  #prepared: PreparedRequest | null = null;
  #hops: Hops | null = null;
  #second = 0;
  #lag = 0;
  /** Armed anew by each request, left alone at its end: a timer that is kept costs a request nothing. */
  #deadline: NodeJS.Timeout | null = null;
  /** For a step with a timeout of its own. */
  #ownDeadline: NodeJS.Timeout | null = null;

  constructor(context: UserContext, scope: Scope | null, onEnd: OnEnd) {
    this.#context = context;
    this.#scope = scope;
    this.#onEnd = onEnd;
    this.#connection = context.connect(null);
  }

  get inFlight(): boolean {
    return this.#busy !== null;
  }

  /**
   * Opens the connection ahead of its first request; `done` is called once, also when that fails or takes longer than a
   * request may: then the first request connects.
   */
  connect(done: () => void): void {
    let called = false;
    const once = (): void => {
      if (!called) done();
      called = true;
      clearTimeout(limit);
    };
    const limit = setTimeout(once, this.#context.plan.timeout);
    this.#connection.connect(once);
  }

  /**
   * Sends the step's request, due and leaving at these milliseconds, and counted in that second of the window. `onEnd` is
   * called when it has ended, never before this returns unless nothing was sent.
   */
  begin(step: WorkRequest, due: number, actual: number, second: number): void {
    this.#step = step;
    this.startedAt = actual;
    this.#second = second;
    // An arrival is due to the microsecond; the wait of a user is known to the millisecond only.
    this.#lag = Math.max(0, actual - due - (this.#context.open ? 0 : TIMER_GRAIN_MS));
    this.#hops = null;
    const prepared = step.prepared ?? (this.#scope === null ? "nothing to fill in" : step.prepare(this.#scope));
    this.#prepared = typeof prepared === "string" ? null : prepared;
    if (typeof prepared === "string") this.#end("check-failed", null, prepared);
    else this.#send(step, prepared);
  }

  /** Gives the request in flight up; `onEnd` is not called. */
  abort(): void {
    if (this.#busy !== null) this.#giveUp("aborted", "still in flight when the time to stop was over");
  }

  /** For a user that comes again after `close`. */
  reopen(): void {
    this.#connection = this.#context.connect(null);
  }

  close(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
    this.#connection.close();
    for (const connection of this.#others?.values() ?? []) connection.close();
    this.#others = null;
  }

  #send(step: WorkRequest, prepared: PreparedRequest): void {
    const connection = step.origin === null ? this.#connection : this.#connectionTo(step.origin);
    this.#busy = connection;
    if (step.follow) this.#hops = new Hops(prepared, step.origin, this.#context.plan);
    const { signing } = this.#context;
    if (signing !== null && connection === this.#connection) {
      // A module's request is a new object each time.
      const isFixed = step.prepared !== null && step.seen === null;
      signing.request(prepared, isFixed, (signed, own) => this.#sendSigned(step, signed, own));
      return;
    }
    this.#armDeadline(step.timeout);
    connection.request(prepared, this.#done);
  }

  /** Its own signature is neither the target's time nor lateness; the wait behind those of others is lateness. */
  #sendSigned(step: WorkRequest, signed: PreparedRequest, own: number): void {
    if (this.#busy === null || this.#step !== step) return;
    const now = this.#context.now();
    this.#lag += Math.max(0, now - own - this.startedAt);
    this.startedAt = now;
    this.#armDeadline(step.timeout);
    this.#busy.request(signed, this.#done);
  }

  #connectionTo(origin: string): Connection {
    if (origin === this.#context.plan.origin) return this.#connection;
    this.#others ??= new Map();
    const known = this.#others.get(origin);
    if (known !== undefined) return known;
    const opened = this.#context.connect(origin);
    this.#others.set(origin, opened);
    return opened;
  }

  #answered(answer: Answer): void {
    const step = this.#step;
    if (this.#busy === null || step === null) return;
    // First of all: reading a body and checking it is not the target's time.
    this.endedAt = this.#context.now();
    if (answer.error !== null) {
      const { code, message, phase } = answer.error;
      this.#end(classifyError(code, phase), answer, `${code}: ${message}`);
      return;
    }
    if (this.#hops !== null && this.#follow(step, this.#hops, answer)) return;
    if (step.seen !== null) step.seen(answer);
    const elapsed = this.endedAt - this.startedAt;
    const { outcome, reason } = judgeAnswer(step, answer, { elapsed, scope: this.#scope });
    if (outcome === "ok") this.#context.recorder.signs.look(answer);
    this.#end(outcome, answer, reason);
  }

  /** Sends the next hop of a redirect, if there is one to be sent. */
  #follow(step: WorkRequest, hops: Hops, answer: Answer): boolean {
    if (step.rules?.wantsStatus(answer.status) === true) return false;
    const hop = hops.next(answer);
    if (hop === null) return false;
    const connection = this.#connectionTo(hop.origin);
    this.#busy = connection;
    const { signing } = this.#context;
    if (signing === null || !hop.isOurs) connection.request(hop.prepared, this.#done);
    else {
      signing.request(hop.prepared, false, (signed) => {
        if (this.#busy === connection && this.#step === step) connection.request(signed, this.#done);
      });
    }
    return true;
  }

  #armDeadline(timeout: number): void {
    if (timeout !== this.#context.plan.timeout) {
      this.#ownDeadline = setTimeout(() => this.#timedOut(timeout), timeout);
    } else if (this.#deadline === null) this.#deadline = setTimeout(() => this.#timedOut(timeout), timeout);
    else this.#deadline.refresh();
  }

  #timedOut(timeout: number): void {
    if (this.#busy === null || this.#step?.timeout !== timeout) return;
    const { startedAt } = this;
    const left = startedAt + timeout - this.#context.now();
    const giveUp = (): void => {
      if (this.#busy === null || this.startedAt !== startedAt) return;
      this.#giveUp("timeout", `no complete answer within ${timeout} ms`);
      this.#onEnd("timeout", true);
    };
    if (left > TIMER_GRAIN_MS) setTimeout(giveUp, left);
    else giveUp();
  }

  #giveUp(outcome: "timeout" | "aborted", text: string): void {
    this.endedAt = this.#context.now();
    this.#busy?.cancel();
    this.#record(outcome, null);
    this.#explain(outcome, null, text);
  }

  #end(outcome: OutcomeClass, answer: Answer | null, reason: string | null): void {
    if (answer === null) this.endedAt = this.startedAt;
    this.#record(outcome, answer);
    if (outcome !== "ok") this.#explain(outcome, answer, reason ?? this.#hops?.reason ?? bodyText(answer));
    this.#onEnd(outcome, answer !== null && answer.status !== 0);
  }

  #explain(outcome: OutcomeClass, answer: Answer | null, text: string): void {
    const { recorder } = this.#context;
    const row = this.#step?.row ?? 0;
    if (!recorder.wantsExample({ row, second: this.#second, outcome })) return;
    const status = answer === null || answer.status === 0 ? null : answer.status;
    const { signing } = this.#context;
    const clear = withoutOwn(signing === null ? text : signing.clear(text), {
      headers: this.#prepared?.headers ?? [],
      captured: this.#scope?.captured ?? [],
    });
    recorder.example(row, outcome, { status, text: printableLine(clear) });
  }

  #record(outcome: OutcomeClass, answer: Answer | null): void {
    const { recorder, sample } = this.#context;
    const service = this.endedAt - this.startedAt;
    sample.row = this.#step?.row ?? 0;
    sample.second = this.#second;
    sample.outcome = outcome;
    sample.service = service;
    sample.response = service + this.#lag;
    sample.lag = this.#lag;
    sample.ttfb = answer === null ? null : answer.ttfb;
    sample.download = answer === null ? null : answer.download;
    sample.sent = (answer?.sent ?? 0) + (this.#hops?.sent ?? 0);
    sample.received = (answer?.received ?? 0) + (this.#hops?.received ?? 0);
    this.#busy = null;
    if (this.#ownDeadline !== null) clearTimeout(this.#ownDeadline);
    this.#ownDeadline = null;
    recorder.record(sample);
  }
}

const bodyText = (answer: Answer | null): string =>
  answer === null || answer.sample === null ? "(no body)" : Buffer.from(answer.sample).toString("utf8");
