/** What can be set for the front ends of one function. Times are milliseconds, shares are from 0 to 1. */
import { atLeast, between, type Checks, flag, oneOf, orNull, text } from "./settings.ts";

/** Why a front end refuses a request by itself; `refusals` in `face-refusals.ts` says how each face puts it. */
export type Refusal = "authorisation" | "wrong-path" | "firewall" | "rate-limit" | "quota";

/** A front end with an address of its own. */
export type OriginFace = "function-url" | "rest" | "http" | "alb";

export type FrontEndSettings = {
  /** Added by the front end to every answer of the function: in its Latency, not in IntegrationLatency nor Duration. */
  readonly extraDelayMs: number;
  /** Added on the way to and from the front end: in nobody's metrics. */
  readonly networkDelayMs: number;
  /** Integration timeout of the REST face. */
  readonly gatewayTimeoutMs: number;
  /** Integration timeout of the HTTP API face. */
  readonly httpTimeoutMs: number;
  /** Idle timeout of the ALB face. */
  readonly albTimeoutMs: number;
  /** Origin response timeout of CloudFront. */
  readonly cloudfrontTimeoutMs: number;
  /** What the HTTP API answers when Lambda throttles: sources differ. */
  readonly httpThrottleStatus: 500 | 503;
  /** The rate limit of API Gateway (REST and HTTP API), in requests per second; null is none. */
  readonly gatewayRate: number | null;
  /** Its burst, in requests; null is one second's worth of the rate. */
  readonly gatewayBurst: number | null;
  /** The front end refuses `refusalShare` of the requests for this reason; Lambda never hears of them. */
  readonly refusal: Refusal | null;
  readonly refusalShare: number;
  /** The only path that exists, with everything below it; null is every path. */
  readonly route: string | null;
  /** The ALB has targets; otherwise it answers 503. */
  readonly healthyTargets: boolean;
  /** What stands behind CloudFront. */
  readonly cloudfrontOrigin: OriginFace;
  /** Share of requests that CloudFront answers from its cache, without the origin. */
  readonly cacheHitShare: number;
  /** The `age` of such an answer, in seconds. */
  readonly cacheAgeSeconds: number;
};

export const defaultFrontEndSettings: FrontEndSettings = {
  extraDelayMs: 0,
  networkDelayMs: 0,
  gatewayTimeoutMs: 29_000,
  httpTimeoutMs: 30_000,
  albTimeoutMs: 60_000,
  cloudfrontTimeoutMs: 30_000,
  httpThrottleStatus: 503,
  gatewayRate: null,
  gatewayBurst: null,
  refusal: null,
  refusalShare: 1,
  route: null,
  healthyTargets: true,
  cloudfrontOrigin: "function-url",
  cacheHitShare: 0,
  cacheAgeSeconds: 30,
};

const share = between(0, 1);

export const frontEndChecks: Checks<FrontEndSettings> = {
  extraDelayMs: atLeast(0),
  networkDelayMs: atLeast(0),
  gatewayTimeoutMs: atLeast(0),
  httpTimeoutMs: atLeast(0),
  albTimeoutMs: atLeast(0),
  cloudfrontTimeoutMs: atLeast(0),
  httpThrottleStatus: (value) => (value === 500 || value === 503 ? undefined : "must be 500 or 503"),
  gatewayRate: orNull(atLeast(0)),
  gatewayBurst: orNull(atLeast(0)),
  refusal: orNull(oneOf("authorisation", "wrong-path", "firewall", "rate-limit", "quota")),
  refusalShare: share,
  route: orNull(text),
  healthyTargets: flag,
  cloudfrontOrigin: oneOf("function-url", "rest", "http", "alb"),
  cacheHitShare: share,
  cacheAgeSeconds: atLeast(0),
};
