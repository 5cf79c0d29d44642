import type { FrontEnd } from "./front-ends.ts";

/** What may be behind a failed request. */
export type Situation =
  | "lambda-throttled"
  | "function-error"
  | "function-timeout"
  | "front-end-timeout"
  | "own-rate-limit"
  | "own-quota"
  | "wrong-path"
  | "not-authorised"
  | "too-large"
  | "no-target"
  | "edge-limit";

/** The figure that tells a suspicion from a fact. */
export type Witness =
  /** Throttles of the function. */
  | "throttles"
  /** Errors of the function. */
  | "errors"
  /** Duration up to the function's timeout, or the front end's. */
  | "duration"
  /** Lambda never counted the request. */
  | "not-counted";

/** One answer that a front end gives in a situation. */
export type AnswerRow = {
  readonly frontEnd: FrontEnd;
  readonly situation: Situation;
  readonly statuses: readonly number[];
  /** Part of the body, without regard to case; `null` where AWS states none. */
  readonly body: RegExp | null;
  /** Header of the answer by which it is told from others of the same status. */
  readonly header: readonly [name: string, value: RegExp] | null;
  readonly witness: Witness;
  /** `documented` by AWS or in a maintainer's issue; `observed` in the field: accepted, never proof. */
  readonly source: "documented" | "observed";
};

const INTERNAL = /internal server error/i;
const TOO_MANY = /too many requests/i;
const row = (
  frontEnd: FrontEnd,
  situation: Situation,
  statuses: readonly number[],
  rest: Pick<AnswerRow, "witness"> & Partial<Pick<AnswerRow, "body" | "header" | "source">>,
): AnswerRow => ({ frontEnd, situation, statuses, body: null, header: null, source: "documented", ...rest });

/**
 * Front end and situation to the answer that a client sees (reference/aws-semantics.md section 4, from AWS's developer
 * guides). One status stands in several rows: which of them it was, only the witness says.
 */
export const ANSWERS: readonly AnswerRow[] = [
  row("rest-api", "lambda-throttled", [500, 504], { body: INTERNAL, witness: "throttles" }),
  row("rest-api", "function-error", [502], { body: INTERNAL, witness: "errors" }),
  row("rest-api", "function-timeout", [502], { body: INTERNAL, witness: "errors" }),
  row("rest-api", "front-end-timeout", [504], { body: /endpoint request timed out/i, witness: "duration" }),
  row("rest-api", "own-rate-limit", [429], { body: TOO_MANY, witness: "not-counted" }),
  row("rest-api", "own-quota", [429], { body: /limit exceeded/i, witness: "not-counted" }),
  row("rest-api", "wrong-path", [403], { body: /missing authentication token/i, witness: "not-counted" }),
  row("rest-api", "not-authorised", [401, 403], { witness: "not-counted" }),
  row("rest-api", "too-large", [413], { witness: "not-counted" }),

  row("http-api", "lambda-throttled", [503, 500], {
    body: /service unavailable|internal server error/i,
    witness: "throttles",
    source: "observed",
  }),
  row("http-api", "function-error", [500, 502], { body: INTERNAL, witness: "errors" }),
  row("http-api", "function-timeout", [500, 503], { witness: "errors", source: "observed" }),
  row("http-api", "front-end-timeout", [503, 504], { body: /service unavailable|timed out/i, witness: "duration" }),
  row("http-api", "own-rate-limit", [429], { body: TOO_MANY, witness: "not-counted", source: "observed" }),
  row("http-api", "wrong-path", [404], { body: /not found/i, witness: "not-counted", source: "observed" }),
  row("http-api", "not-authorised", [401, 403], { witness: "not-counted" }),
  row("http-api", "too-large", [413], { witness: "not-counted" }),

  row("function-url", "lambda-throttled", [429], { witness: "throttles" }),
  row("function-url", "function-error", [502, 500], { body: INTERNAL, witness: "errors" }),
  row("function-url", "function-timeout", [502, 504], { witness: "errors", source: "observed" }),
  row("function-url", "not-authorised", [403], { witness: "not-counted", source: "observed" }),
  row("function-url", "too-large", [413], { witness: "not-counted" }),

  row("alb", "lambda-throttled", [502], { witness: "throttles" }),
  row("alb", "function-error", [502], { witness: "errors" }),
  row("alb", "function-timeout", [502], { witness: "errors" }),
  row("alb", "front-end-timeout", [504], { witness: "duration" }),
  row("alb", "wrong-path", [404], { witness: "not-counted" }),
  row("alb", "not-authorised", [401, 403], { witness: "not-counted" }),
  row("alb", "too-large", [413], { witness: "not-counted" }),
  row("alb", "no-target", [503], { witness: "not-counted" }),

  row("alb-ecs", "function-error", [502], { witness: "not-counted" }),
  row("alb-ecs", "front-end-timeout", [504], { witness: "duration" }),
  row("alb-ecs", "no-target", [503], { witness: "not-counted" }),
  row("alb-ecs", "wrong-path", [404], { witness: "not-counted" }),
  row("alb-ecs", "not-authorised", [401, 403], { witness: "not-counted" }),

  row("cloudfront", "edge-limit", [503], {
    header: ["x-cache", /limitexceeded from cloudfront/i],
    witness: "not-counted",
  }),
  row("cloudfront", "lambda-throttled", [429, 500, 502, 503], { witness: "throttles" }),
  row("cloudfront", "function-error", [500, 502], { witness: "errors" }),
  row("cloudfront", "function-timeout", [500, 502, 503, 504], { witness: "errors" }),
  row("cloudfront", "front-end-timeout", [504, 503], { witness: "duration", source: "observed" }),
  row("cloudfront", "own-rate-limit", [429, 403], { body: /request blocked|too many/i, witness: "not-counted" }),
  row("cloudfront", "wrong-path", [403, 404], {
    body: /missing authentication token|not found/i,
    witness: "not-counted",
  }),
  row("cloudfront", "not-authorised", [401, 403], { witness: "not-counted" }),
];

/** What a status, body and headers may mean at a front end, the most telling rows first; all front ends when it is unknown. */
export const situationsOf = (
  frontEnd: FrontEnd | null,
  answer: { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> },
): readonly AnswerRow[] => {
  const fitting = ANSWERS.filter(
    (one) =>
      (frontEnd === null || one.frontEnd === frontEnd) && one.statuses.includes(answer.status) && isShown(one, answer),
  );
  return fitting.toSorted((a, b) => weight(b) - weight(a));
};

/** A row with a body or header needs it to be there; a body that was not kept rules nothing out. */
const isShown = (
  { body, header }: AnswerRow,
  answer: { readonly text: string; readonly headers?: Readonly<Record<string, string>> },
): boolean => {
  if (header !== null) return header[1].test(headerOf(answer.headers, header[0]));
  return body === null || answer.text.trim() === "" || body.test(answer.text);
};

const headerOf = (headers: Readonly<Record<string, string>> | undefined, wanted: string): string =>
  Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";

/** Whether a row says more of an answer than another that fits it as well. */
export const isMoreTelling = (one: AnswerRow, other: AnswerRow): boolean => weight(one) > weight(other);

const weight = ({ body, header }: AnswerRow): number => (header === null ? 0 : 2) + (body === null ? 0 : 1);

/** What happened, as the end of a sentence about the front end. */
export const SITUATION_TEXT: Readonly<Record<Situation, string>> = {
  "lambda-throttled": "Lambda throttled the call",
  "function-error": "the function failed, or returned what cannot be passed on",
  "function-timeout": "the function's own timeout",
  "front-end-timeout": "it gave up waiting for the function",
  "own-rate-limit": "its own rate limit",
  "own-quota": "the quota of a usage plan",
  "wrong-path": "no route has this path",
  "not-authorised": "not authorised, or a firewall",
  "too-large": "larger than it or Lambda takes",
  "no-target": "no healthy target",
  "edge-limit": "the limit of functions at the edge",
};
