/** What a caller sees of each outcome, per front end. Facts: reference "What the client sees, per front end". */
import type { FunctionSettings } from "./function-settings.ts";
import type { ThrottleReason } from "./lambda-model.ts";
import type { FaceName } from "./ledger.ts";

export type FaceAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

type FailureAnswers = {
  readonly throttled: (reason: string) => FaceAnswer;
  readonly functionError: FaceAnswer;
  readonly timedOut: FaceAnswer;
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

const answerOf = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): FaceAnswer => ({
  status,
  headers: { "content-type": typeof body === "string" ? "text/plain" : "application/json", ...headers },
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});

const internalServerError = { message: "Internal server error" };

export const failureAnswers: Readonly<Record<FaceName, FailureAnswers>> = {
  "function-url": {
    throttled: (reason) =>
      answerOf(
        429,
        { Reason: reason, Type: "User", message: "Rate Exceeded." },
        { "x-amzn-errortype": "TooManyRequestsException" },
      ),
    functionError: answerOf(502, "Internal Server Error"),
    timedOut: answerOf(504, "Gateway Timeout"),
  },
  rest: {
    throttled: () => answerOf(500, internalServerError, { "x-amzn-ErrorType": "InternalServerErrorException" }),
    functionError: answerOf(502, internalServerError, { "x-amzn-ErrorType": "InternalServerErrorException" }),
    timedOut: answerOf(504, { message: "Endpoint request timed out" }),
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
