import type { Action, Answer as UserAnswer } from "../../../scenario/define.ts";
import { readModuleRequest } from "../../../scenario/module-request.ts";
import type { ResultRow } from "../../../scenario/scenario.ts";
import type { OutcomeClass } from "../../outcome.ts";
import type { LoadPlan } from "../../plan.ts";
import type { WorkRequest } from "../work.ts";
import { readAnswer } from "./read-answer.ts";
import { failureText, RequestFailed } from "./request-failed.ts";
import { type UserDoors, userApi } from "./user-api.ts";
import { writeRequest } from "./write-request.ts";

/** How a turn ended; `answered` as in the exchange. */
export type TurnEnd = {
  readonly outcome: OutcomeClass;
  readonly answered: boolean;
  /** Nothing was sent: whoever comes next must not be started at the speed of the machine. */
  readonly idle: boolean;
  /** Why the task itself failed, beside its requests; `null` when it did not. */
  readonly failure: string | null;
};

/** What a turn needs of its user. */
export type TurnHost = Pick<UserDoors, "index" | "data" | "random" | "log"> & {
  readonly plan: LoadPlan;
  readonly phase: ResultRow["phase"];
  /** Where the module lies, to say in which line it threw. */
  readonly url: string;
  readonly now: () => number;
  readonly rowNamed: (name: string, phase: ResultRow["phase"]) => number;
  /** Sends the request, late by `lag` milliseconds that are ours; false when nothing may be started any more. */
  readonly send: (request: WorkRequest, lag: number) => boolean;
  readonly ended: (end: TurnEnd) => void;
  /** The turn was given up although it waited for nothing of ours, and had for long. */
  readonly hung: () => void;
};

type Asked = {
  readonly work: WorkRequest;
  readonly name: string;
  readonly resolve: (answer: UserAnswer) => void;
  readonly reject: (error: Error) => void;
};

/** As for a sequence: a user that cannot connect must not spin at the speed of the machine. */
const FAILURE_PACE_MS = 100;
/** A task that is given up although it waits for nothing of ours is shown when it has done so for this long. */
const HUNG_MS = 1000;

/**
 * One run of a function of the user's: setup, a task or teardown. Requests go one after the other on the user's own
 * connection. When the user must leave, promises that are still open stay open for ever: code that catches a refusal and
 * tries again would otherwise never end.
 */
export class Turn {
  readonly #host: TurnHost;
  readonly #queue: Asked[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #current: Asked | null = null;
  #answer: UserAnswer | null = null;
  #last: { readonly outcome: OutcomeClass; readonly answered: boolean } | null = null;
  /** No more requests and waits. */
  #closed = false;
  #over = false;
  /** The function has ended, and how; requests that it did not await may still be under way. */
  #returned: { readonly thrown: boolean; readonly error: unknown } | null = null;
  /** Milliseconds by which the generator is late with the next request: of the start, or of the last wait. */
  #lag = 0;
  #startedAt = 0;
  #activeAt = 0;
  #failedCheck: string | null = null;

  constructor(host: TurnHost) {
    this.#host = host;
  }

  begin(action: Action, lag: number): void {
    this.#lag = lag;
    this.#activeAt = this.#host.now();
    const user = userApi({
      ...this.#host,
      request: (options) => this.#request(options),
      wait: (time) => this.#wait(time),
      check: (name, ok) => this.#check(name, ok),
    });
    const run = async (): Promise<void> => {
      await action(user);
    };
    run().then(
      () => this.#settled({ thrown: false, error: null }),
      (error: unknown) => this.#settled({ thrown: true, error }),
    );
  }

  /** The request in flight has ended. */
  requestEnded(outcome: OutcomeClass, answered: boolean): void {
    const asked = this.#current;
    const answer = this.#answer;
    this.#current = null;
    this.#answer = null;
    this.#last = { outcome, answered };
    this.#activeAt = this.#host.now();
    if (asked === null) return;
    if (answer !== null && outcome !== "check-failed") asked.resolve(answer);
    else asked.reject(new RequestFailed(asked.name, outcome));
    this.#next();
    this.#endWhenDone();
  }

  /** Starts nothing more; what has been answered may still be looked at. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Is over, whatever its function does. */
  abandon(): void {
    const waits = this.#closed || this.#current !== null || this.#queue.length > 0 || this.#timers.size > 0;
    this.close();
    this.#over = true;
    if (!waits && this.#returned === null && this.#host.now() - this.#activeAt >= HUNG_MS) this.#host.hung();
  }

  #request(options: unknown): Promise<UserAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<UserAnswer>();
    // A request that nobody awaits must not end the thread when it fails.
    promise.catch(() => {});
    if (this.#closed) return promise;
    try {
      const { plan, rowNamed, phase } = this.#host;
      const asked = readModuleRequest(options, plan);
      const seen = (answer: Parameters<typeof readAnswer>[0]): void => {
        this.#answer = readAnswer(answer);
      };
      const work = writeRequest(plan, asked, { row: rowNamed(asked.name, phase), seen });
      this.#queue.push({ work, name: asked.name, resolve, reject });
    } catch (error) {
      reject(error);
      return promise;
    }
    this.#next();
    return promise;
  }

  #next(): void {
    const [asked] = this.#queue;
    if (asked === undefined || this.#current !== null || this.#closed) return;
    const early = this.#pause();
    if (early > 0) {
      this.#later(early, () => this.#next());
      return;
    }
    const lag = this.#lag;
    this.#lag = 0;
    this.#startedAt = this.#host.now();
    // What may not be sent any more stays in the queue until the user leaves.
    if (!this.#host.send(asked.work, lag)) return;
    this.#queue.shift();
    this.#current = asked;
  }

  /** Milliseconds until the next request may start after one that failed at once. */
  #pause(): number {
    if (this.#last === null || this.#last.answered) return 0;
    return this.#startedAt + FAILURE_PACE_MS - this.#host.now();
  }

  #wait(time: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#closed) return promise;
    const due = this.#host.now() + time * 1000;
    this.#later(time * 1000, () => {
      this.#activeAt = this.#host.now();
      this.#lag = Math.max(0, this.#activeAt - due);
      resolve();
    });
    return promise;
  }

  #later(time: number, what: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      what();
    }, time);
    this.#timers.add(timer);
  }

  #check(name: string, ok: boolean): boolean {
    if (!ok) this.#failedCheck ??= `the check ${JSON.stringify(name)} does not hold`;
    return ok;
  }

  #settled(returned: { readonly thrown: boolean; readonly error: unknown }): void {
    if (this.#over) return;
    this.#returned = returned;
    if (returned.thrown) this.#queue.length = 0;
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#returned === null || this.#over || this.#current !== null || this.#queue.length > 0) return;
    const { thrown, error } = this.#returned;
    this.abandon();
    // A failed request is counted in its own row, and not once more in that of the task.
    const text = !thrown || error instanceof RequestFailed ? null : failureText(error, this.#host.url);
    const failure = text ?? this.#failedCheck;
    const last = this.#last ?? { outcome: "ok", answered: false };
    const failed = error instanceof RequestFailed ? error.outcome : last.outcome;
    this.#host.ended({
      outcome: failure === null ? failed : "check-failed",
      answered: last.answered,
      idle: this.#last === null,
      failure,
    });
  }
}
