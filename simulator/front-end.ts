/** What a front end does with a request before Lambda hears of it: refuse it, answer it itself, or pass it on. */
import type { EpochMs } from "../src/units.ts";
import { type FaceAnswer, failureAnswers, gatewayAnswer, sizeLimits } from "./face-answers.ts";
import { cloudfrontHeaders, identityHeaders } from "./face-headers.ts";
import { noTargets, refusals } from "./face-refusals.ts";
import type { OriginFace, Refusal } from "./front-end-settings.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { FaceRequest } from "./lambda-function.ts";
import type { FaceName, UncountedReason } from "./ledger.ts";
import type { Random } from "./random.ts";
import { ScalingBudget } from "./scaling-limits.ts";

type Circumstances = {
  readonly settings: FunctionSettings;
  readonly atMs: EpochMs;
  /** What the handler would answer: CloudFront has it in its cache. */
  readonly handled: FaceAnswer;
};

type Answered = { readonly answer: FaceAnswer; readonly reason: UncountedReason };

export type Decision =
  | { readonly kind: "destroy" }
  | (Answered & { readonly kind: "answer"; readonly face: FaceName })
  | { readonly kind: "invoke"; readonly face: OriginFace };

/** The front ends of one function; the limits of API Gateway are counted per face. */
export class FrontEnd {
  readonly #dice: Random;
  readonly #budgets = new Map<OriginFace, { readonly of: string; readonly budget: ScalingBudget }>();

  constructor(dice: Random) {
    this.#dice = dice;
  }

  decide(request: FaceRequest, circumstances: Circumstances): Decision {
    const { settings } = circumstances;
    if (settings.down) return { kind: "destroy" };
    const refused = this.#refused(request, settings);
    if (request.face === "cloudfront") {
      const own = this.#cloudfront(refused, circumstances);
      if (own !== undefined) return { kind: "answer", face: "cloudfront", ...viaCloudfront(own, settings) };
    }
    const face = request.face === "cloudfront" ? settings.cloudfrontOrigin : request.face;
    const own = this.#origin({ ...request, face }, refused, circumstances);
    if (own === undefined) return { kind: "invoke", face };
    const headers = { ...own.answer.headers, ...identityHeaders(face, crypto.randomUUID()) };
    const dressed = { ...own, answer: { ...own.answer, headers } };
    return { kind: "answer", face, ...(request.face === "cloudfront" ? viaCloudfront(dressed, settings) : dressed) };
  }

  /** Why the request is to be refused, if this face knows that reason. */
  #refused({ path }: FaceRequest, settings: FunctionSettings): Refusal | undefined {
    const { refusal, refusalShare, route } = settings;
    if (refusal !== null && this.#dice.uniform() < refusalShare) return refusal;
    const below = route === null || path === route || path.startsWith(`${route.replace(/\/$/, "")}/`);
    return below ? undefined : "wrong-path";
  }

  #cloudfront(refused: Refusal | undefined, { settings, handled }: Circumstances): Answered | undefined {
    const page = refused === undefined ? null : refusals.cloudfront[refused];
    if (page !== null && refused !== undefined) return { answer: page, reason: refused };
    const { cacheHitShare } = settings;
    if (cacheHitShare > 0 && this.#dice.uniform() < cacheHitShare) return { answer: handled, reason: "cached" };
    return undefined;
  }

  #origin(
    request: FaceRequest & { readonly face: OriginFace },
    refused: Refusal | undefined,
    { settings, atMs }: Circumstances,
  ): Answered | undefined {
    const { face, bodyBytes } = request;
    const { status, statusBy, statusShare } = settings;
    if (status !== null && statusBy === "gateway" && this.#dice.uniform() < statusShare) {
      return { answer: gatewayAnswer(settings, status), reason: "status" };
    }
    const page = refused === undefined ? null : refusals[face][refused];
    if (page !== null && refused !== undefined) return { answer: page, reason: refused };
    const limited = refusals[face]["rate-limit"];
    if (limited !== null && !this.#admits(face, settings, atMs)) return { answer: limited, reason: "gateway-rate" };
    if (face === "alb" && !settings.healthyTargets) return { answer: noTargets, reason: "no-targets" };
    if (bodyBytes > sizeLimits[face].request) {
      return { answer: failureAnswers[face].requestTooLarge, reason: "too-large" };
    }
    return undefined;
  }

  #admits(face: OriginFace, { gatewayRate, gatewayBurst }: FunctionSettings, atMs: EpochMs): boolean {
    if (gatewayRate === null) return true;
    const burst = gatewayBurst ?? gatewayRate;
    const of = `${gatewayRate} ${burst}`;
    const known = this.#budgets.get(face);
    const budget = known?.of === of ? known.budget : new ScalingBudget(burst);
    this.#budgets.set(face, { of, budget });
    return budget.take(atMs, { scalingBurst: burst, scalingPerSecond: gatewayRate });
  }
}

const viaCloudfront = ({ answer, reason }: Answered, { cacheAgeSeconds }: FunctionSettings): Answered => {
  const { status, headers } = answer;
  const added = cloudfrontHeaders({ status, hit: reason === "cached", ageSeconds: cacheAgeSeconds });
  return { answer: { ...answer, headers: { ...headers, ...added } }, reason };
};
