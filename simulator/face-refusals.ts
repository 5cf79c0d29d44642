/** What a front end says when it refuses a request by itself. Facts: reference "What the client sees, per front end". */
import { albPage, answerOf, cloudfrontPage, type FaceAnswer } from "./face-answers.ts";
import type { Refusal } from "./front-end-settings.ts";
import type { FaceName } from "./ledger.ts";

const rest = (status: number, message: string, type: string): FaceAnswer =>
  answerOf(status, { message }, { "x-amzn-ErrorType": type });

const albForbidden = albPage(403, "Forbidden");

/** null: this front end does not refuse for that reason; the request goes on (behind CloudFront, to the origin's own row). */
export const refusals: Readonly<Record<FaceName, Readonly<Record<Refusal, FaceAnswer | null>>>> = {
  "function-url": {
    authorisation: answerOf(403, { Message: "Forbidden" }, { "x-amzn-ErrorType": "AccessDeniedException" }),
    "wrong-path": null,
    firewall: null,
    "rate-limit": null,
    quota: null,
  },
  rest: {
    authorisation: rest(403, "Forbidden", "ForbiddenException"),
    "wrong-path": rest(403, "Missing Authentication Token", "MissingAuthenticationTokenException"),
    firewall: rest(403, "Forbidden", "ForbiddenException"),
    "rate-limit": rest(429, "Too Many Requests", "TooManyRequestsException"),
    quota: rest(429, "Limit Exceeded", "LimitExceededException"),
  },
  http: {
    authorisation: answerOf(403, { message: "Forbidden" }),
    "wrong-path": answerOf(404, { message: "Not Found" }),
    firewall: null,
    "rate-limit": answerOf(429, { message: "Too Many Requests" }),
    quota: null,
  },
  alb: {
    authorisation: albForbidden,
    "wrong-path": albPage(404, "Not Found"),
    firewall: albForbidden,
    "rate-limit": null,
    quota: null,
  },
  cloudfront: {
    authorisation: null,
    "wrong-path": null,
    firewall: cloudfrontPage(403),
    "rate-limit": cloudfrontPage(403),
    quota: null,
  },
};

/** A load balancer without healthy targets. */
export const noTargets: FaceAnswer = albPage(503, "Service Temporarily Unavailable");
