/** The headers by which a front end can be recognised. Facts: reference "Headers worth capturing on failures". */
import { randomBytes } from "node:crypto";
import type { OriginFace } from "./front-end-settings.ts";

type Headers = Readonly<Record<string, string>>;

const traceOf = (requestId: string): string =>
  `Root=1-${requestId.slice(0, 8)}-${requestId.replaceAll("-", "").slice(8)}`;

const byFace: Readonly<Record<OriginFace, (requestId: string) => Headers>> = {
  "function-url": (requestId) => ({ "x-amzn-RequestId": requestId, "x-amzn-Trace-Id": traceOf(requestId) }),
  rest: (requestId) => ({
    "x-amzn-RequestId": requestId,
    "x-amz-apigw-id": `${requestId.replaceAll("-", "").slice(0, 15)}=`,
    "x-amzn-Trace-Id": traceOf(requestId),
  }),
  http: (requestId) => ({ "apigw-requestid": `${requestId.replaceAll("-", "").slice(0, 15)}=` }),
  alb: () => ({}),
};

/** What the front end adds to an answer; a Function URL tells Lambda's own request id. */
export const identityHeaders = (face: OriginFace, requestId: string): Headers => byFace[face](requestId);

/** What CloudFront adds to an answer. `hit`: from its cache, `ageSeconds` old. */
export const cloudfrontHeaders = (answer: {
  readonly status: number;
  readonly hit: boolean;
  readonly ageSeconds: number;
}): Headers => {
  const verdict = answer.status >= 400 ? "Error" : answer.hit ? "Hit" : "Miss";
  return {
    "x-cache": `${verdict} from cloudfront`,
    via: "1.1 5b2f0c9e7a4d41b6.cloudfront.net (CloudFront)",
    "x-amz-cf-pop": "FRA56-P4",
    "x-amz-cf-id": `${randomBytes(42).toString("base64url")}==`,
    ...(answer.hit && { age: String(answer.ageSeconds) }),
  };
};
