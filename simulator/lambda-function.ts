/** One simulated function: its model, its ledger, its settings, and the decision what happens to a request. */
import { type EpochMs, epochMs, millis } from "../src/units.ts";
import { now } from "./clock.ts";
import { awsReason, type FaceAnswer, failureAnswers, gatewayAnswer, handlerAnswer } from "./face-answers.ts";
import { defaultFunctionSettings, type FunctionChange, type FunctionSettings } from "./function-settings.ts";
import { LambdaModel } from "./lambda-model.ts";
import { type FaceName, Ledger } from "./ledger.ts";
import { createRandom, type Random, seedOf } from "./random.ts";

/** What a face does with a request: `delayMs` (milliseconds) after it was read. */
export type Handling =
  | { readonly kind: "destroy" }
  | {
      readonly kind: "answer";
      readonly delayMs: number;
      readonly answer: FaceAnswer;
      /** Called with the measured time (milliseconds) when the answer has gone out. */
      readonly sent: (servedMs: number) => void;
    };

const noTime = millis(0);

export class LambdaFunction {
  readonly name: string;
  readonly ledger = new Ledger();
  readonly #baseSeed: number;
  #settings = defaultFunctionSettings;
  #handled = handlerAnswer(defaultFunctionSettings);
  #pools = 0;
  #model: LambdaModel;
  #dice: Random;
  #frozenUntilMs = 0;

  constructor(name: string, baseSeed: number) {
    this.name = name;
    this.#baseSeed = baseSeed;
    this.#dice = createRandom(seedOf(`${name} gateway ${baseSeed}`));
    this.#model = this.#freshModel();
  }

  get settings(): FunctionSettings {
    return this.#settings;
  }

  /** Applies a change. `fresh`, another `durationMs` or another `seed` starts with an empty pool of environments. */
  configure({ fresh = false, freezeMs = 0, ...changed }: FunctionChange): void {
    const before = this.#settings;
    this.#settings = { ...before, ...changed };
    this.#handled = handlerAnswer(this.#settings);
    const another = before.durationMs !== this.#settings.durationMs || before.seed !== this.#settings.seed;
    if (fresh || another) this.#model = this.#freshModel();
    else this.#model.configure(this.#settings);
    if (freezeMs > 0) this.#frozenUntilMs = now() + freezeMs;
  }

  /** Forgets the ledger and every environment; the settings stay. */
  reset(): void {
    this.ledger.clear();
    this.#frozenUntilMs = 0;
    this.#model = this.#freshModel();
  }

  /** Decides about a request read at this moment. */
  handle(face: FaceName): Handling {
    const atMs = now();
    const { down, status, statusBy, statusShare } = this.#settings;
    if (down) {
      this.ledger.addNotCounted({ atMs, face, reason: "down", status: null });
      return { kind: "destroy" };
    }
    if (status !== null && statusBy === "gateway" && this.#dice.uniform() < statusShare) {
      this.ledger.addNotCounted({ atMs, face, reason: "status", status });
      const answer = gatewayAnswer(this.#settings, status);
      return { kind: "answer", delayMs: this.#thawed(atMs, 0), answer, sent: () => {} };
    }
    return this.#invoke(face, atMs);
  }

  #invoke(face: FaceName, atMs: EpochMs): Handling {
    const arrival = this.#model.arrive(atMs);
    const answers = failureAnswers[face];
    if (arrival.kind === "throttled") {
      const reason = awsReason(this.#settings.limitKind, arrival.reason);
      const answer = answers.throttled(reason);
      const throttle = { durationMs: noTime, initMs: noTime, concurrent: 0, environment: null };
      const entry = {
        atMs,
        endMs: atMs,
        outcome: "throttled",
        reason,
        status: answer.status,
        face,
        ...throttle,
      } as const;
      return { kind: "answer", delayMs: this.#thawed(atMs, 0), answer, sent: this.ledger.add(entry) };
    }
    const { extraDelayMs, gatewayTimeoutMs } = this.#settings;
    const { durationMs, initMs, failed, concurrent, environment } = arrival;
    const workMs = initMs + durationMs;
    const late = face === "rest" && workMs > gatewayTimeoutMs;
    const answer = late ? answers.timedOut : failed ? answers.functionError : this.#handlerAnswer();
    const sent = this.ledger.add({
      ...{ atMs, endMs: epochMs(atMs + workMs), durationMs, initMs, face, concurrent, environment },
      ...{ outcome: failed ? "error" : "ok", reason: null, status: answer.status },
    });
    const delayMs = this.#thawed(atMs, extraDelayMs + (late ? gatewayTimeoutMs : workMs));
    return { kind: "answer", delayMs, answer, sent };
  }

  #handlerAnswer(): FaceAnswer {
    const { status, statusBy, statusShare } = this.#settings;
    const plain = status === null || statusBy !== "function" || this.#dice.uniform() < statusShare;
    return plain ? this.#handled : handlerAnswer({ ...this.#settings, status: null });
  }

  /** The delay, or longer when the answer would fall into a freeze. */
  #thawed(atMs: EpochMs, delayMs: number): number {
    return Math.max(delayMs, this.#frozenUntilMs - atMs);
  }

  #freshModel(): LambdaModel {
    this.#pools += 1;
    const seed = this.#settings.seed ?? seedOf(`${this.name} ${this.#baseSeed} ${this.#pools}`);
    return new LambdaModel(this.#settings, createRandom(seed));
  }
}
