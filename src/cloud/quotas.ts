import type { AccountFacts } from "./facts.ts";
import type { FrontEnd } from "./front-ends.ts";

/** One quota of the account, and the fact that it tells. */
export type QuotaQuestion = { readonly fact: keyof AccountFacts; readonly service: string; readonly code: string };

/** Codes by the quotas pages of Lambda and API Gateway; the rate at which a function starts environments is no quota. */
const QUOTAS = {
  concurrency: { fact: "concurrencyLimit", service: "lambda", code: "L-B99A9384" },
  // Of what Lambda itself may create in a VPC; the service "vpc" has another one, of the whole region.
  interfaces: { fact: "enisPerVpc", service: "lambda", code: "L-9FEE3D26" },
  rate: { fact: "apiGatewayRate", service: "apigateway", code: "L-8A5B8E43" },
  burst: { fact: "apiGatewayBurst", service: "apigateway", code: "L-CDF5615A" },
  // Only Regional and private REST APIs may go beyond 29 s.
  timeout: { fact: "apiGatewayTimeoutMs", service: "apigateway", code: "L-E5AE38E3" },
} as const satisfies Readonly<Record<string, QuotaQuestion>>;

/** The quotas that this run can meet: no call is made for what stands in nobody's way. */
export const quotaQuestions = (known: {
  readonly frontEnd: FrontEnd | null;
  /** Functions were named, and GetAccountSettings did not tell their limit. */
  readonly needsConcurrency: boolean;
  /** A function has subnets of a VPC. */
  readonly inVpc: boolean;
}): readonly QuotaQuestion[] => [
  ...(known.needsConcurrency ? [QUOTAS.concurrency] : []),
  ...(known.inVpc ? [QUOTAS.interfaces] : []),
  ...(known.frontEnd === "rest-api" || known.frontEnd === "http-api" ? [QUOTAS.rate, QUOTAS.burst] : []),
  ...(known.frontEnd === "rest-api" ? [QUOTAS.timeout] : []),
];
