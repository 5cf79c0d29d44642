import { type ContainerNeed, containerNeed } from "../cloud/containers.ts";
import { costPerMillion, pricesText, runCost } from "../cloud/cost.ts";
import type { ContainerFacts, LogFacts } from "../cloud/facts.ts";
import { type ExampleAnswer, type Explanation, explainFailures } from "../cloud/failures.ts";
import { FRONT_END_NAMES, type FrontEnd } from "../cloud/front-ends.ts";
import { type Headroom, headroom } from "../cloud/headroom.ts";
import { PRICES } from "../cloud/prices.ts";
import { type MonthlyCost, monthlyCost } from "../cloud/provisioned-cost.ts";
import { OUTCOME_CLASSES, type OutcomeClass } from "../load/outcome.ts";
import { environmentsNeeded } from "./environments.ts";
import { configOf, workloadOf } from "./facts-summary.ts";
import { frontEndOf } from "./front-end.ts";
import type { RunRecord } from "./record.ts";
import { summarise } from "./summarise.ts";

/** Why the requests of a run failed, by the front end's habits and AWS's counts. */
export const failuresOf = (record: RunRecord): readonly Explanation[] =>
  explainFailures({
    frontEnd: frontEndOf(record),
    outcomes: record.totals.outcomes,
    examples: examplesOf(record),
    cloud: record.cloud,
    besides: { surely: record.warmUp.outcomes.ok, maybe: record.warmUp.probes },
    ...(record.signs === undefined ? {} : { signs: record.signs }),
  });

/** How much of each quota the rate needs, in requests per second; `null` where AWS was asked for nothing but metrics. */
export const headroomOf = (record: RunRecord, rate: number): Headroom | null => {
  const facts = record.cloud?.facts;
  if (facts === undefined) return null;
  const { functions } = summarise(record);
  const { plan } = record;
  return headroom({
    rate,
    functions: functions.map((one) => {
      const metrics = record.cloud?.functions.find((other) => other.function === one.function);
      return {
        name: one.function,
        demand: {
          durationMs: one.durationMs,
          coldMs: one.coldMs ?? 0,
          callsPerRequest: one.callsPerRequest,
          perEnvironment: one.perEnvironment ?? null,
        },
        initMs: facts.logs.find((log) => log.function === one.function)?.initMs?.mean ?? null,
        longestMs: metrics?.duration.max ?? null,
        ownConcurrency: metrics?.concurrencyMax ?? null,
        facts: configOf(facts, one.function),
      };
    }),
    account: facts.account,
    frontEnd: frontEndOf(record),
    region: facts.region,
    ramp: plan.spawnRate > 0 ? { kind: "users", users: plan.users, seconds: plan.users / plan.spawnRate } : null,
    payloadBytes: null,
  });
};

export type CostInsight = {
  readonly perMillion: {
    readonly total: number;
    readonly duration: number;
    readonly requests: number;
    readonly frontEnd: number;
  };
  readonly frontEnd: FrontEnd | null;
  readonly month: MonthlyCost;
  /** What this run cost, its reads of CloudWatch and logs included. */
  readonly run: number;
  /** Which prices, and how old they were on the day of the run. */
  readonly prices: string;
};

/** US dollars at a rate in requests per second; `null` where memory or processor of a function are not known. */
export const costOfRun = (record: RunRecord, rate: number): CostInsight | null => {
  const { cloud } = record;
  const facts = cloud?.facts;
  const frontEnd = frontEndOf(record);
  if (cloud === null || facts === undefined || (cloud.state !== "complete" && cloud.state !== "partial")) return null;
  const work = workloadOf(cloud, frontEnd);
  if (work?.kind !== "known") return null;
  const prices = facts.prices ?? PRICES;
  const { functions } = summarise(record);
  const environments = Math.ceil(environmentsNeeded(functions, rate));
  return {
    perMillion: costPerMillion(work.value, prices),
    frontEnd,
    month: monthlyCost(work.value, { rate, environments }, prices),
    run: runCost(
      {
        work: work.value,
        requests: cloud.seen ?? cloud.expected,
        metricsRequested: facts.metricsRequested ?? 0,
        logBytesScanned: facts.logBytesScanned ?? 0,
      },
      prices,
    ),
    prices: pricesText(prices, Date.parse(record.window.start), facts.region),
  };
};

/** Tasks behind a load balancer, and what the rate needs of them; `null` where none were named. */
export const containersOfRun = (
  record: RunRecord,
  rate: number,
): { readonly facts: ContainerFacts; readonly need: ContainerNeed } | null => {
  const known = record.cloud?.facts;
  const facts = known?.containers ?? null;
  if (facts === null) return null;
  const { totals, cloud } = record;
  // Foreign traffic keeps the tasks busy too: its requests are in the load balancer's count as they are in the processor time.
  const requests = known?.frontEnd?.count ?? cloud?.seen ?? null;
  return { facts, need: containerNeed(facts, { rate, requests, measuredRate: totals.steadyRate ?? totals.rate }) };
};

/** Its name in sentences. */
export const frontEndName = (kind: FrontEnd): string => FRONT_END_NAMES[kind];

export type LogInsight = LogFacts & { readonly memoryMb: number | null };

/** What the logs say, with the memory that the function has. */
export const logsOfRun = ({ cloud }: RunRecord): readonly LogInsight[] =>
  (cloud?.facts?.logs ?? []).map((log) => ({
    ...log,
    memoryMb: configOf(cloud?.facts, log.function)?.memoryMb ?? null,
  }));

const examplesOf = ({ tasks }: RunRecord): Readonly<Partial<Record<OutcomeClass, readonly ExampleAnswer[]>>> =>
  Object.fromEntries(OUTCOME_CLASSES.map((name) => [name, tasks.flatMap((task) => task.examples[name] ?? [])]));
