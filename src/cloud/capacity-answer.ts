import { environmentsFor, inFlight, wholeEnvironments } from "./capacity.ts";
import { billedMs, type Cost, costPerMillion, type Workload } from "./cost.ts";
import type { AccountFacts, Architecture } from "./facts.ts";
import type { FrontEnd } from "./front-ends.ts";
import { type Headroom, headroom } from "./headroom.ts";
import type { PriceTable } from "./prices.ts";
import { type MonthlyCost, monthlyCost } from "./provisioned-cost.ts";

/** A question about capacity that no load is needed for. `null`: not given. */
export type CapacityQuestion = {
  readonly rate: number;
  readonly durationMs: number;
  readonly initMs: number | null;
  /** Share of invocations that are cold starts, 0 to 1. */
  readonly coldShare: number | null;
  /** Seconds in which the rate is reached, 0 for at once. */
  readonly rampSeconds: number | null;
  readonly memoryMb: number | null;
  readonly architecture: Architecture;
  readonly accountLimit: number | null;
  readonly reserved: number | null;
  readonly provisioned: number | null;
  /** Requests per environment of Lambda Managed Instances. */
  readonly perEnvironment: number | null;
  readonly frontEnd: FrontEnd | null;
  readonly region: string | null;
};

export type CapacityAnswer = {
  readonly question: CapacityQuestion;
  readonly requiredConcurrency: number;
  /** Requests in flight by Little's law, not rounded. */
  readonly inFlight: number;
  /** The 10 x rule, and not Little's law, decided. */
  readonly byTenTimesRule: boolean;
  readonly headroom: Headroom;
  /** `null` without a memory size. */
  readonly cost: { readonly perMillion: Cost; readonly month: MonthlyCost } | null;
};

/** Required concurrency, head-room, ramp and cost by the same code that a run's report uses. */
export const answerCapacity = (question: CapacityQuestion, prices: PriceTable): CapacityAnswer => {
  const { rate } = question;
  const coldMs = (question.coldShare ?? 0) * (question.initMs ?? 0);
  const { durationMs, perEnvironment } = question;
  const demand = { durationMs, coldMs, callsPerRequest: 1, perEnvironment };
  const environments = environmentsFor(demand, rate);
  const busy = inFlight(demand, rate);
  return {
    question,
    requiredConcurrency: wholeEnvironments(environments),
    inFlight: busy,
    byTenTimesRule: perEnvironment === null && environments > busy,
    headroom: headroom({
      rate,
      functions: [
        {
          name: "the function",
          demand,
          initMs: question.initMs,
          longestMs: durationMs,
          ownConcurrency: null,
          facts: {
            reservedConcurrency: question.reserved,
            provisionedConcurrency:
              question.provisioned === null ? null : { requested: question.provisioned, available: null, status: null },
            vpcSubnets: null,
            timeoutMs: null,
          },
        },
      ],
      account: accountOf(question.accountLimit),
      frontEnd: question.frontEnd,
      region: question.region,
      ramp: question.rampSeconds === null ? null : { kind: "rate", perSecond: rate, seconds: question.rampSeconds },
      payloadBytes: null,
    }),
    cost: costOfQuestion(question, wholeEnvironments(environments), prices),
  };
};

const accountOf = (limit: number | null): AccountFacts | null =>
  limit === null
    ? null
    : {
        concurrencyLimit: limit,
        unreserved: null,
        claimedMax: null,
        apiGatewayRate: null,
        apiGatewayBurst: null,
        apiGatewayTimeoutMs: null,
        enisPerVpc: null,
      };

const costOfQuestion = (
  question: CapacityQuestion,
  environments: number,
  prices: PriceTable,
): CapacityAnswer["cost"] => {
  const { memoryMb, architecture, durationMs, perEnvironment } = question;
  // Managed Instances are paid as EC2 instances, which no rate and duration tells.
  if (memoryMb === null || perEnvironment !== null) return null;
  const billed = billedMs({ logged: null, durationMs, coldShare: question.coldShare, initMs: question.initMs });
  const work: Workload = {
    functions: [{ memoryMb, architecture, billedMs: billed, callsPerRequest: 1, ephemeralMb: 0 }],
    frontEnd: question.frontEnd,
    region: question.region,
  };
  return {
    perMillion: costPerMillion(work, prices),
    month: monthlyCost(work, { rate: question.rate, environments: question.provisioned ?? environments }, prices),
  };
};
