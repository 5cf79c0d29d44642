import { environmentsFor, type FunctionDemand, REQUESTS_PER_ENVIRONMENT, wholeEnvironments } from "./capacity.ts";
import type { AccountFacts, FunctionFacts } from "./facts.ts";
import { defaultThrottle, FRONT_END_LIMITS, FRONT_END_NAMES, type FrontEnd } from "./front-ends.ts";
import { type HeadroomRow, row } from "./headroom-row.ts";
import { checkRamp, type Ramp, type RampCheck } from "./ramp.ts";
import { interfaceRows, vpcNotes } from "./vpc-headroom.ts";

export type Headroom = {
  readonly rows: readonly HeadroomRow[];
  readonly ramps: readonly (RampCheck & { readonly function: string })[];
  readonly notes: readonly string[];
  /** `false` when something is known not to fit; `null` when nothing is known to be short and something is not known. */
  readonly fits: boolean | null;
};

export type HeadroomFunction = {
  readonly name: string;
  readonly demand: FunctionDemand;
  readonly initMs: number | null;
  /** Longest Duration seen, for the timeouts; `null` unknown. */
  readonly longestMs: number | null;
  /** Environments of our own that a claimed maximum of the account includes. */
  readonly ownConcurrency: number | null;
  readonly facts: Pick<
    FunctionFacts,
    "reservedConcurrency" | "provisionedConcurrency" | "vpcSubnets" | "timeoutMs"
  > | null;
};

export type HeadroomInput = {
  readonly rate: number;
  readonly functions: readonly HeadroomFunction[];
  readonly account: AccountFacts | null;
  readonly frontEnd: FrontEnd | null;
  readonly region: string | null;
  readonly ramp: Ramp | null;
  /** Largest request or answer in bytes. */
  readonly payloadBytes: number | null;
};

/** How much of each quota a rate needs, and whether the ramp can be followed (SPEC 5.5). Facts that are missing stay open. */
export const headroom = (input: HeadroomInput): Headroom => {
  const { functions, ramp, rate } = input;
  const rows = [
    ...functions.flatMap((one) => [
      ...functionRows(one, rate),
      ...interfaceRows(one, input.account?.enisPerVpc ?? null),
    ]),
    ...accountRows(input),
    ...(input.frontEnd === null ? [] : frontEndRows(input, input.frontEnd)),
  ];
  const ramps = functions.flatMap((one) => {
    const check = ramp === null ? null : checkRamp(one.demand, one.initMs, ramp);
    return check === null ? [] : [{ function: one.name, ...check }];
  });
  return { rows, ramps, notes: functions.flatMap((one) => functionNotes(one, rate)), fits: verdict(rows, ramps) };
};

const verdict = (rows: readonly HeadroomRow[], ramps: readonly RampCheck[]): boolean | null => {
  if (rows.some((row) => row.hard && row.fits === false) || ramps.some((ramp) => !ramp.feasible)) return false;
  return rows.length + ramps.length === 0 || rows.some((row) => row.fits === null) ? null : true;
};

const functionRows = ({ name, demand, facts, longestMs }: HeadroomFunction, rate: number): readonly HeadroomRow[] => {
  const needs = wholeEnvironments(environmentsFor(demand, rate));
  const ownRate = rate * demand.callsPerRequest;
  const reserved = facts?.reservedConcurrency ?? null;
  const provisioned = facts?.provisionedConcurrency ?? null;
  return [
    ...(typeof reserved === "number"
      ? [
          row(`reserved concurrency of ${name}`, "environments", { needs, has: reserved }),
          row(`10 x reserved concurrency of ${name}`, "requests/s", {
            needs: ownRate,
            has: reserved * REQUESTS_PER_ENVIRONMENT,
          }),
        ]
      : []),
    ...(provisioned === null || provisioned === "none"
      ? []
      : [
          {
            ...row(`provisioned concurrency of ${name}`, "environments", {
              needs,
              has: provisioned.available ?? provisioned.requested,
            }),
            hard: false,
          },
        ]),
    ...(facts === null || facts.timeoutMs === null || longestMs === null
      ? []
      : [row(`timeout of ${name}`, "ms", { needs: longestMs, has: facts.timeoutMs })]),
  ];
};

/** Functions with a reservation of their own do not draw on the rest of the account. Managed Instances have their own fleet. */
const accountRows = ({ functions, account, rate }: HeadroomInput): readonly HeadroomRow[] => {
  const shared = functions.filter(
    ({ demand, facts }) => typeof facts?.reservedConcurrency !== "number" && demand.perEnvironment === null,
  );
  if (shared.length === 0 || account === null) return [];
  const needs = wholeEnvironments(sum(shared.map(({ demand }) => environmentsFor(demand, rate))));
  const has = availableConcurrency(account, sum(shared.map((one) => one.ownConcurrency ?? 0)));
  return [
    row("account concurrency", "environments", { needs, has }),
    row("10 x account concurrency", "requests/s", {
      needs: rate * Math.max(...shared.map(({ demand }) => demand.callsPerRequest)),
      has: account.concurrencyLimit === null ? null : account.concurrencyLimit * REQUESTS_PER_ENVIRONMENT,
    }),
  ];
};

/**
 * What is left of the account for functions without a reservation: the limit without what others claimed at their maximum
 * (ClaimedAccountConcurrency includes our own environments), else what nobody has reserved, else the limit.
 */
const availableConcurrency = (account: AccountFacts, own: number): number | null => {
  const { concurrencyLimit, unreserved, claimedMax } = account;
  if (concurrencyLimit !== null && claimedMax !== null) return concurrencyLimit - Math.max(0, claimedMax - own);
  return unreserved ?? concurrencyLimit;
};

const frontEndRows = (input: HeadroomInput, frontEnd: FrontEnd): readonly HeadroomRow[] => {
  const { account, rate, payloadBytes } = input;
  const name = FRONT_END_NAMES[frontEnd];
  const limits = FRONT_END_LIMITS[frontEnd];
  const throttle = defaultThrottle(frontEnd, input.region);
  const longest = input.functions.flatMap(({ longestMs }) => longestMs ?? []);
  const raised = limits.timeoutAdjustable ? (account?.apiGatewayTimeoutMs ?? null) : null;
  const timeout = raised ?? limits.timeoutMs;
  const gateway =
    throttle === null ? null : { rate: account?.apiGatewayRate ?? null, burst: account?.apiGatewayBurst ?? null };
  const quota = (own: number | null, standard: number) =>
    ({ has: own ?? standard, from: own === null ? "default" : "aws" }) as const;
  return [
    ...(throttle === null || gateway === null
      ? []
      : [
          row(`rate of ${name}`, "requests/s", { needs: rate, ...quota(gateway.rate, throttle.rate) }),
          // A token bucket: only what arrives above the rate draws on the burst.
          row(`burst of ${name}`, "requests", {
            needs: Math.max(0, Math.ceil(rate - (gateway.rate ?? throttle.rate))),
            ...quota(gateway.burst, throttle.burst),
          }),
        ]),
    ...(timeout === null || longest.length === 0
      ? []
      : [
          row(`integration timeout of ${name}`, "ms", {
            needs: Math.max(...longest),
            has: timeout,
            from: raised === null ? "default" : "aws",
          }),
        ]),
    ...(payloadBytes === null || !Number.isFinite(limits.payloadBytes)
      ? []
      : [row(`payload of ${name}`, "bytes", { needs: payloadBytes, has: limits.payloadBytes, from: "default" })]),
  ];
};

const functionNotes = ({ name, demand, facts }: HeadroomFunction, rate: number): readonly string[] => [
  ...(demand.perEnvironment === null
    ? []
    : [
        `${name} runs on Lambda Managed Instances: ${demand.perEnvironment} requests share an environment, cold starts and the 1,000 per 10 s do not apply, and traffic that more than doubles within 5 minutes is throttled`,
      ]),
  ...vpcNotes({ name, facts }, wholeEnvironments(environmentsFor(demand, rate))),
];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
