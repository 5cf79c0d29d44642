/** What a caller sees of each outcome, per front end. Facts: reference "What the client sees, per front end". */
import type { OriginFace } from "./front-end-settings.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { ThrottleReason } from "./lambda-model.ts";

export type FaceAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** What goes wrong behind or in a front end after it took the request. */
export type FailureAnswers = {
  readonly throttled: (reason: string, settings: FunctionSettings) => FaceAnswer;
  readonly functionError: FaceAnswer;
  /** The function's own timeout. */
  readonly functionTimeout: FaceAnswer;
  /** The front end's timeout; null where it has none. */
  readonly timedOut: FaceAnswer | null;
  /** The request's body is larger than the front end or Lambda takes. */
  readonly requestTooLarge: FaceAnswer;
  /** The function's answer is larger than Lambda or the front end takes. */
  readonly responseTooLarge: FaceAnswer;
};

/** Sizes in bytes: what each front end takes, or Lambda behind it, whichever is smaller. */
export const sizeLimits: Readonly<Record<OriginFace, { readonly request: number; readonly response: number }>> = {
  "function-url": { request: 6_291_456, response: 6_291_556 },
  rest: { request: 6_291_456, response: 6_291_556 },
  http: { request: 6_291_456, response: 6_291_556 },
  alb: { request: 1_048_576, response: 1_048_576 },
};

const reasons = {
  reserved: {
    concurrency: "ReservedFunctionConcurrentInvocationLimitExceeded",
    rate: "ReservedFunctionInvocationRateLimitExceeded",
    scaling: "ReservedFunctionConcurrentInvocationLimitExceeded",
  },
  account: {
    concurrency: "ConcurrentInvocationLimitExceeded",
    rate: "FunctionInvocationRateLimitExceeded",
    scaling: "ConcurrentInvocationLimitExceeded",
  },
} as const satisfies Record<FunctionSettings["limitKind"], Record<ThrottleReason, string>>;

/** Lambda's word for a throttle. No word for the scaling rate is documented; it is told as the concurrency limit. */
export const awsReason = (limitKind: FunctionSettings["limitKind"], reason: ThrottleReason): string =>
  reasons[limitKind][reason];

export const answerOf = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): FaceAnswer => ({
  status,
  headers: { "content-type": typeof body === "string" ? "text/plain" : "application/json", ...headers },
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});

/** A page that a load balancer writes itself. */
export const albPage = (status: number, title: string): FaceAnswer => {
  const heading = `${status} ${title}`;
  const body = `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return answerOf(status, body, { server: "awselb/2.0", "content-type": "text/html" });
};

/** A page that CloudFront writes itself. */
export const cloudfrontPage = (status: number): FaceAnswer =>
  answerOf(
    status,
    `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>${status} ERROR</H1></BODY></HTML>`,
    { server: "CloudFront", "content-type": "text/html" },
  );

const restError = (status: number, message: string, type: string): FaceAnswer =>
  answerOf(status, { message }, { "x-amzn-ErrorType": type });

const restInternal = (status: number): FaceAnswer =>
  restError(status, "Internal server error", "InternalServerErrorException");

const httpInternal = answerOf(500, { message: "Internal Server Error" });
const httpUnavailable = answerOf(503, { message: "Service Unavailable" });
const urlBroken = answerOf(502, "Internal Server Error");
const albBroken = albPage(502, "Bad Gateway");

/** A container that fails answers by itself; the load balancer passes it on. */
export const containerError: FaceAnswer = answerOf(500, { message: "internal error" });

export const failureAnswers: Readonly<Record<OriginFace, FailureAnswers>> = {
  "function-url": {
    throttled: (reason) =>
      answerOf(
        429,
        { Reason: reason, Type: "User", message: "Rate Exceeded." },
        { "x-amzn-errortype": "TooManyRequestsException" },
      ),
    functionError: urlBroken,
    functionTimeout: urlBroken,
    timedOut: null,
    requestTooLarge: answerOf(
      413,
      { Message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation" },
      { "x-amzn-errortype": "RequestTooLargeException" },
    ),
    responseTooLarge: urlBroken,
  },
  rest: {
    throttled: () => restInternal(500),
    functionError: restInternal(502),
    functionTimeout: restInternal(502),
    timedOut: answerOf(504, { message: "Endpoint request timed out" }),
    requestTooLarge: restError(413, "Request Too Long", "RequestEntityTooLargeException"),
    responseTooLarge: restInternal(502),
  },
  http: {
    throttled: (_, { httpThrottleStatus }) => (httpThrottleStatus === 500 ? httpInternal : httpUnavailable),
    functionError: httpInternal,
    functionTimeout: httpInternal,
    timedOut: httpUnavailable,
    requestTooLarge: answerOf(413, { message: "Request Entity Too Large" }),
    responseTooLarge: httpInternal,
  },
  alb: {
    throttled: () => albBroken,
    functionError: albBroken,
    functionTimeout: albBroken,
    timedOut: albPage(504, "Gateway Time-out"),
    requestTooLarge: albPage(413, "Request Entity Too Large"),
    responseTooLarge: albBroken,
  },
};

/** What the handler returns: a small JSON body of the set size that names the commit. */
export function handlerAnswer(settings: FunctionSettings): FaceAnswer {
  const handled = settings.statusBy === "function" ? settings.status : null;
  const fields = { ok: true, commit: settings.commit };
  const padding = settings.bodyBytes - JSON.stringify({ ...fields, padding: "" }).length;
  const body = padding < 0 ? fields : { ...fields, padding: "x".repeat(padding) };
  const answer = answerOf(200, body, settings.commit === "" ? {} : { "x-commit": settings.commit });
  return handled === null ? answer : { ...answer, status: handled, headers: withLocation(answer.headers, settings) };
}

/** What the front end says by itself when a status is set for it. */
export const gatewayAnswer = (settings: FunctionSettings, status: number): FaceAnswer => {
  const answer = answerOf(status, { message: `answered by the simulated gateway with ${status}` });
  return { ...answer, headers: withLocation(answer.headers, settings) };
};

const withLocation = (
  headers: Readonly<Record<string, string>>,
  { location }: FunctionSettings,
): Readonly<Record<string, string>> => (location === null ? headers : { ...headers, location });
