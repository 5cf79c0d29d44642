import { costOf, regionFactor, SECONDS_PER_MONTH, type Workload } from "./cost.ts";
import type { Architecture } from "./facts.ts";
import type { PriceTable } from "./prices.ts";

/** A month at a steady rate, on demand and on provisioned concurrency; US dollars. */
export type MonthlyCost = {
  readonly requests: number;
  readonly onDemand: number;
  readonly provisioned: {
    /** Environments that are always there. */
    readonly environments: number;
    readonly usd: number;
    /** Share of the time that they would be busy. */
    readonly utilisation: number;
  } | null;
  /** Utilisation above which provisioned concurrency is cheaper. */
  readonly breakEven: number;
};

/**
 * Cost of a month at `rate` requests per second around the clock. Provisioned: all calls run on `environments` that are
 * paid for all the time, whether used or not. For one function only: how several share environments is not known.
 */
export const monthlyCost = (
  work: Workload,
  { rate, environments }: { readonly rate: number; readonly environments: number },
  prices: PriceTable,
): MonthlyCost => {
  const requests = rate * SECONDS_PER_MONTH;
  const onDemand = costOf(work, requests, prices);
  const [only] = work.functions;
  const architecture = only?.architecture ?? "x86_64";
  return {
    requests,
    onDemand: onDemand.total,
    provisioned:
      only === undefined || work.functions.length > 1 || environments === 0
        ? null
        : provisioned(work, { rate, environments, beside: onDemand.requests + onDemand.frontEnd }, prices),
    breakEven: breakEven(architecture, prices),
  };
};

/**
 * Average utilisation of the provisioned environments above which they cost less than on demand:
 * u x onDemand = provisioned + u x provisionedDuration (reference/aws-semantics.md section 8); 0.60 for both architectures.
 */
export const breakEven = (architecture: Architecture, prices: PriceTable): number => {
  const { duration, provisioned, provisionedDuration } = prices.lambda[architecture];
  return provisioned / ((duration[0]?.usd ?? 0) - provisionedDuration);
};

const provisioned = (
  work: Workload,
  asked: { readonly rate: number; readonly environments: number; readonly beside: number },
  prices: PriceTable,
): MonthlyCost["provisioned"] => {
  const [only] = work.functions;
  if (only === undefined) return null;
  const price = prices.lambda[only.architecture];
  const gb = only.memoryMb / 1024;
  const busy = asked.rate * only.callsPerRequest * (only.billedMs / 1000);
  // What does not find a provisioned environment spills over to on-demand ones.
  const onThem = Math.min(1, asked.environments / busy);
  const gbSeconds = busy * gb * SECONDS_PER_MONTH;
  const standing = asked.environments * gb * SECONDS_PER_MONTH * price.provisioned;
  const running = gbSeconds * (onThem * price.provisionedDuration + (1 - onThem) * (price.duration[0]?.usd ?? 0));
  return {
    environments: asked.environments,
    usd: regionFactor(work.region, prices) * (standing + running) + asked.beside,
    utilisation: (busy * onThem) / asked.environments,
  };
};
