/** A small world of requests: every request has a network, a gateway, perhaps an init, and a handler. Milliseconds. */
import type { LayerFigures, RunSummary } from "../../../src/record/summary.ts";
import { failures, run } from "./runs.ts";

export type World = {
  readonly handler: number;
  readonly coldShare: number;
  readonly init: number;
  readonly gateway: number;
  /** One round trip, as connecting measures it. */
  readonly network: number;
  /** Way to the front end that no connect time shows. */
  readonly detour: number;
  /** Added by a generator that does not get its core; it measures connections as late, too. */
  readonly strain: number;
  /** Rare delays of the generator's loop that no mean shows. */
  readonly stalls: number;
  /** Shares of the requests: throttled, failed in the function, answered by the front end in Lambda's place. */
  readonly throttled: number;
  readonly errors: number;
  readonly refused: number;
};

export const CALM: World = {
  handler: 120,
  coldShare: 0.01,
  init: 400,
  gateway: 8,
  network: 25,
  detour: 0,
  strain: 0,
  stalls: 0,
  throttled: 0,
  errors: 0,
  refused: 0,
};

/** What could be read; without it the figures are not there. */
export type Eyes = { readonly frontEnd: boolean; readonly logs: boolean; readonly functions: boolean };
export const ALL_EYES: Eyes = { frontEnd: true, logs: true, functions: true };

const REQUESTS = 600;
const CONNECTIONS = 20;
const QUANTILES = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p95", 0.95],
] as const;

/** One run of a world as the judge would see it; `uniform` draws from 0 to 1. */
export const worldRun = (world: World, day: number, eyes: Eyes, uniform: () => number): RunSummary => {
  const seen = sendAll(world, uniform);
  const { clients, durations, throttled, errors } = seen;
  const calls = durations.length + throttled;
  const failed = REQUESTS - clients.length;
  const sorted = ascending(clients);
  const lambda = eyes.functions;
  const coldMs = lambda && eyes.logs ? (seen.cold / durations.length) * world.init : null;
  const samples = [...QUANTILES.map(([id]) => id), ...["", "-p50", "-p95"].map((tail) => `lambda-duration${tail}`)];
  return run({
    day,
    values: {
      ...Object.fromEntries(QUANTILES.map(([id, q]) => [id, quantile(sorted, q)])),
      ...(lambda ? durationValues(durations) : {}),
    },
    samples: Object.fromEntries(samples.map((id) => [id, REQUESTS])),
    counts: {
      "failure-rate": failures(failed, REQUESTS),
      ...(lambda ? { "lambda-throttles": { events: throttled, trials: calls, parts: null } } : {}),
      ...(lambda ? { "lambda-errors": { events: errors, trials: durations.length, parts: null } } : {}),
      ...(coldMs === null
        ? {}
        : { "lambda-cold-starts": { events: seen.cold, trials: durations.length, parts: null } }),
    },
    functions: lambda
      ? [
          {
            function: "orders",
            callsPerRequest: calls / REQUESTS,
            durationMs: mean(durations),
            ...(coldMs === null ? {} : { coldMs }),
          },
        ]
      : [],
    layers: layersOf(world, seen, eyes, coldMs),
  });
};

type Seen = {
  readonly clients: readonly number[];
  readonly durations: readonly number[];
  /** What the front end timed of requests that came back. */
  readonly fronts: readonly number[];
  readonly connects: readonly number[];
  readonly gateway: number;
  readonly cold: number;
  readonly throttled: number;
  readonly errors: number;
  readonly refused: number;
};

const sendAll = (world: World, uniform: () => number): Seen => {
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform() || 1e-12)) * Math.cos(2 * Math.PI * uniform());
  const spread = (sd: number): number => Math.exp(sd * normal());
  // Runs of the same code differ: the network and the front end by more than the handler.
  const handler = world.handler * spread(0.03);
  const gateway = world.gateway * spread(0.08);
  const network = world.network * spread(0.08);
  const [clients, durations, fronts]: [number[], number[], number[]] = [[], [], []];
  const count = { cold: 0, throttled: 0, errors: 0, refused: 0 };
  const invoke = (fails: boolean): void => {
    const isCold = uniform() < world.coldShare;
    const duration = handler * spread(0.25);
    durations.push(duration);
    count.cold += Number(isCold);
    if (fails) return;
    const behind = gateway * spread(0.2) + duration + (isCold ? world.init * spread(0.2) : 0);
    fronts.push(behind);
    clients.push(behind + (network + world.detour) * spread(0.1) + world.strain * spread(0.3));
  };
  for (let i = 0; i < REQUESTS; i++) {
    const fate = uniform();
    if (fate < world.refused) count.refused++;
    else if (fate < world.refused + world.throttled) count.throttled++;
    else {
      const fails = fate < world.refused + world.throttled + world.errors;
      count.errors += Number(fails);
      invoke(fails);
    }
  }
  const connects = Array.from({ length: CONNECTIONS }, () => network * spread(0.1) + world.strain / 2);
  return { clients, durations, fronts, connects, gateway, ...count };
};

const durationValues = (durations: readonly number[]): Readonly<Record<string, number>> => {
  const sorted = ascending(durations);
  return {
    "lambda-duration": mean(durations),
    "lambda-duration-p50": quantile(sorted, 0.5),
    "lambda-duration-p95": quantile(sorted, 0.95),
  };
};

const layersOf = (world: World, seen: Seen, eyes: Eyes, coldMs: number | null): LayerFigures => ({
  responseMs: mean(seen.clients),
  serviceMs: mean(seen.clients),
  connectMs: quantile(ascending(seen.connects), 0.5),
  tlsMs: null,
  connectionsPerRequest: CONNECTIONS / REQUESTS,
  coldMs,
  gatewayMs: eyes.frontEnd ? seen.gateway : null,
  targetMs: null,
  frontEndMs: eyes.frontEnd ? mean(seen.fronts) : null,
  uncountedShare: eyes.functions ? seen.refused / REQUESTS : null,
  unansweredShare: 0,
  bytesPerRequest: 1400,
  loopDelayMs: 2 + world.strain + world.stalls,
  usualLoopDelayMs: 1 + world.strain,
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** By ascending values. */
const quantile = (sorted: Float64Array, q: number): number => sorted[Math.ceil(q * sorted.length) - 1] ?? 0;

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
