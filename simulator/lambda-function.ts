/** One simulated function: its model, its ledger, its settings, and the decision what happens to a request. */
import { randomUUID } from "node:crypto";
import { type EpochMs, epochMs, millis } from "../src/units.ts";
import type { AccountView } from "./aws/account.ts";
import { now } from "./clock.ts";
import {
  awsReason,
  cloudfrontPage,
  containerError,
  type FaceAnswer,
  failureAnswers,
  handlerAnswer,
  sizeLimits,
} from "./face-answers.ts";
import { cloudfrontHeaders, identityHeaders } from "./face-headers.ts";
import { FrontEnd } from "./front-end.ts";
import type { OriginFace } from "./front-end-settings.ts";
import { defaultFunctionSettings, type FunctionChange, type FunctionSettings } from "./function-settings.ts";
import { type Arrival, LambdaModel, type ModelSettings } from "./lambda-model.ts";
import { type FaceName, Ledger, type LedgerEntry } from "./ledger.ts";
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

export type FaceRequest = {
  readonly face: FaceName;
  readonly path: string;
  readonly bodyBytes: number;
};

type Served = Extract<Arrival, { readonly kind: "served" }>;
type Invocation = {
  readonly face: OriginFace;
  readonly cloudfront: boolean;
  readonly atMs: EpochMs;
  readonly requestId: string;
};

type Result = {
  readonly answer: FaceAnswer;
  readonly integrationMs: number;
  /** Lambda's word for the error. */
  readonly errorType: string | null;
  readonly answeredBy: LedgerEntry["answeredBy"];
};

export class LambdaFunction {
  readonly name: string;
  readonly ledger = new Ledger();
  readonly #baseSeed: number;
  readonly #account: AccountView;
  readonly #frontEnd: FrontEnd;
  #settings = defaultFunctionSettings;
  #handled = handlerAnswer(defaultFunctionSettings);
  #pools = 0;
  #model: LambdaModel;
  #dice: Random;
  #frozenUntilMs = 0;

  constructor(name: string, baseSeed: number, account: AccountView) {
    this.name = name;
    this.#baseSeed = baseSeed;
    this.#account = account;
    this.#dice = createRandom(seedOf(`${name} gateway ${baseSeed}`));
    this.#frontEnd = new FrontEnd(this.#dice);
    this.#model = this.#freshModel();
  }

  get settings(): FunctionSettings {
    return this.#settings;
  }

  /** Environments busy and invocations of the last second. */
  load(atMs: EpochMs): { readonly busy: number; readonly perSecond: number } {
    return this.#model.load(atMs);
  }

  /** Applies a change. `fresh`, another `durationMs` or another `seed` starts with an empty pool of environments. */
  configure({ fresh = false, freezeMs = 0, ...changed }: FunctionChange): void {
    const before = this.#settings;
    this.#settings = { ...before, ...changed };
    this.#handled = handlerAnswer(this.#settings);
    const another = before.durationMs !== this.#settings.durationMs || before.seed !== this.#settings.seed;
    if (fresh || another) this.#model = this.#freshModel();
    else this.#model.configure(modelSettings(this.#settings));
    if (freezeMs > 0) this.#frozenUntilMs = now() + freezeMs;
  }

  /** Uses up one of a "next n calls" setting; true while there was one left. */
  spend(key: "pendingCalls" | "updatingCalls" | "provisioningCalls"): boolean {
    if (this.#settings[key] <= 0) return false;
    this.configure({ [key]: this.#settings[key] - 1 });
    return true;
  }

  /** Where the alias points as one more GetAlias call sees it: a canary ends after `aliasWeightCalls` of them. */
  nextAlias(): Pick<FunctionSettings, "aliasVersion" | "aliasWeights"> {
    const { aliasVersion, aliasWeights, aliasWeightCalls } = this.#settings;
    const last = Object.keys(aliasWeights).at(-1);
    if (last !== undefined && aliasWeightCalls === 0) {
      this.configure({ aliasVersion: last, aliasWeights: {}, aliasWeightCalls: null });
      return { aliasVersion: last, aliasWeights: {} };
    }
    if (aliasWeightCalls !== null) this.configure({ aliasWeightCalls: Math.max(0, aliasWeightCalls - 1) });
    return { aliasVersion, aliasWeights };
  }

  /** Forgets the ledger and every environment; the settings stay. */
  reset(): void {
    this.ledger.clear();
    this.#frozenUntilMs = 0;
    this.#model = this.#freshModel();
  }

  /** Decides about a request read at this moment. */
  handle(request: FaceRequest): Handling {
    const atMs = now();
    const settings = this.#settings;
    const { face } = request;
    const decision = this.#frontEnd.decide(request, { settings, atMs, handled: this.#handled });
    if (decision.kind === "destroy") {
      this.ledger.addNotCounted({ atMs, face, reason: "down", status: null });
      return { kind: "destroy" };
    }
    if (decision.kind === "answer") {
      const { answer, reason } = decision;
      this.ledger.addNotCounted({ atMs, face: decision.face, reason, status: answer.status });
      return { kind: "answer", delayMs: this.#thawed(atMs, settings.networkDelayMs), answer, sent: () => {} };
    }
    return this.#invoke({ face: decision.face, cloudfront: face === "cloudfront", atMs, requestId: randomUUID() });
  }

  #invoke(call: Invocation): Handling {
    const arrival = this.#model.arrive(call.atMs, this.#account.elsewhere(this, call.atMs));
    return arrival.kind === "throttled" ? this.#throttle(call, arrival.reason) : this.#serve(call, arrival);
  }

  #throttle(call: Invocation, why: Extract<Arrival, { readonly kind: "throttled" }>["reason"]): Handling {
    const settings = this.#settings;
    const reason = awsReason(settings.limitKind, why);
    const answer = failureAnswers[call.face].throttled(reason, settings);
    const noTime = millis(0);
    const sent = this.ledger.add({
      ...{ ...call, endMs: call.atMs, durationMs: noTime, initMs: noTime, outcome: "throttled", reason },
      ...{ status: answer.status, concurrent: 0, environment: null, errorType: null, integrationMs: noTime },
      ...{ latencyMs: noTime, version: this.#version(), provisioned: false, answeredBy: "front-end" },
      account: this.#account.load(call.atMs),
    });
    return {
      kind: "answer",
      delayMs: this.#thawed(call.atMs, settings.networkDelayMs),
      sent,
      ...dressed(call, answer),
    };
  }

  #serve(call: Invocation, arrival: Served): Handling {
    const { face, atMs } = call;
    const { extraDelayMs, networkDelayMs, perEnvironmentConcurrency } = this.#settings;
    const { durationMs, initMs, concurrent, provisioned } = arrival;
    const { answer, integrationMs, errorType, answeredBy } = this.#resultOf(call, arrival);
    const environment = Math.ceil(arrival.environment / (perEnvironmentConcurrency ?? 1));
    const sent = this.ledger.add({
      ...{ ...call, endMs: epochMs(atMs + initMs + durationMs), durationMs, initMs, concurrent, environment },
      ...{ outcome: errorType === null ? "ok" : "error", reason: null, status: answer.status, errorType },
      ...{ integrationMs: millis(integrationMs), latencyMs: millis(integrationMs + extraDelayMs) },
      ...{ version: this.#version(), provisioned: provisioned && perEnvironmentConcurrency === null, answeredBy },
      account: this.#account.load(atMs),
    });
    const cut = call.cloudfront && integrationMs + extraDelayMs > this.#settings.cloudfrontTimeoutMs;
    const answeredMs = cut ? this.#settings.cloudfrontTimeoutMs : integrationMs + extraDelayMs;
    const delayMs = this.#thawed(atMs, answeredMs + networkDelayMs);
    return { kind: "answer", delayMs, sent, ...dressed({ ...call, face }, cut ? cloudfrontPage(504) : answer) };
  }

  #resultOf({ face }: Invocation, { initMs, durationMs, failed, timedOut }: Served): Result {
    const answers = failureAnswers[face];
    const settings = this.#settings;
    const oversized = settings.bodyBytes > sizeLimits["function-url"].response;
    const failure = timedOut ? "Sandbox.Timedout" : failed ? settings.errorType : null;
    const errorType = failure ?? (oversized ? "Function.ResponseSizeTooLarge" : null);
    const result = (
      answer: FaceAnswer,
      answeredBy: Result["answeredBy"],
      integrationMs = initMs + durationMs,
    ): Result => ({
      ...{ answer, answeredBy, integrationMs, errorType },
    });
    const limitMs = timeoutOf(face, settings);
    if (answers.timedOut !== null && initMs + durationMs > limitMs)
      return result(answers.timedOut, "front-end", limitMs);
    if (timedOut) return result(answers.functionTimeout, "front-end");
    if (failed && settings.container !== null) return result(containerError, "function");
    if (failed) return result(answers.functionError, "front-end");
    if (settings.bodyBytes > sizeLimits[face].response) return result(answers.responseTooLarge, "front-end");
    return result(this.#handlerAnswer(), "function");
  }

  #handlerAnswer(): FaceAnswer {
    const { status, statusBy, statusShare } = this.#settings;
    const plain = status === null || statusBy !== "function" || this.#dice.uniform() < statusShare;
    return plain ? this.#handled : handlerAnswer({ ...this.#settings, status: null });
  }

  /** The version the alias sends this invocation to. */
  #version(): string {
    const { aliasVersion, aliasWeights } = this.#settings;
    const weights = Object.entries(aliasWeights);
    if (weights.length === 0) return aliasVersion;
    let left = this.#dice.uniform();
    for (const [version, weight] of weights) {
      left -= weight;
      if (left < 0) return version;
    }
    return aliasVersion;
  }

  /** The delay, or longer when the answer would fall into a freeze. */
  #thawed(atMs: EpochMs, delayMs: number): number {
    return Math.max(delayMs, this.#frozenUntilMs - atMs);
  }

  #freshModel(): LambdaModel {
    this.#pools += 1;
    const seed = this.#settings.seed ?? seedOf(`${this.name} ${this.#baseSeed} ${this.#pools}`);
    return new LambdaModel(modelSettings(this.#settings), createRandom(seed));
  }
}

/** Managed Instances are slots that are always there, without Init and without the limits of ordinary scaling. */
function modelSettings(settings: FunctionSettings): ModelSettings {
  const { perEnvironmentConcurrency, managedEnvironments, provisioningCalls, provisionedFailed } = settings;
  if (perEnvironmentConcurrency === null) {
    return provisioningCalls > 0 || provisionedFailed ? { ...settings, provisionedConcurrency: 0 } : settings;
  }
  const slots = perEnvironmentConcurrency * managedEnvironments;
  return {
    ...settings,
    provisionedConcurrency: slots,
    concurrencyLimit: slots,
    ratePerConcurrency: Number.POSITIVE_INFINITY,
    requestScaling: null,
  };
}

/** The front end's own timeout in milliseconds; a Function URL has none. */
const timeoutOf = (face: OriginFace, settings: FunctionSettings): number =>
  ({
    "function-url": Number.POSITIVE_INFINITY,
    rest: settings.gatewayTimeoutMs,
    http: settings.httpTimeoutMs,
    alb: settings.albTimeoutMs,
  })[face];

/** The answer with the headers of the front end, and of CloudFront before it. */
const dressed = ({ face, cloudfront, requestId }: Invocation, answer: FaceAnswer): { readonly answer: FaceAnswer } => ({
  answer: {
    ...answer,
    headers: {
      ...answer.headers,
      ...identityHeaders(face, requestId),
      ...(cloudfront && cloudfrontHeaders({ status: answer.status, hit: false, ageSeconds: 0 })),
    },
  },
});
