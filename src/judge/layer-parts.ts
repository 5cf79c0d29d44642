import { timePerCall } from "../record/environments.ts";
import type { LayerFigures, RunSummary } from "../record/summary.ts";
import { geometricMean, mean } from "../stats/prediction.ts";
import { plainPrior, runSpread } from "./spread.ts";

/** Standard deviations of its own noise that a part must have moved. */
export const SURE = 2.5;

/** The runs that are compared: the base's plateau and the heads, at least one on each side. */
export type Compared = { readonly base: readonly RunSummary[]; readonly heads: readonly RunSummary[] };

/** How one part of a request's mean time changed, in milliseconds, and the SD that this change has without a cause. */
export type Part = { readonly change: number; readonly noise: number; readonly base: number; readonly head: number };

/** Whether it moved beyond its own noise. */
export const isSure = ({ change, noise }: Part): boolean => Math.abs(change) > SURE * noise;

/** Parts of the mean time of an `ok` request; `null` where one of the sides did not measure it. */
export type Parts = {
  /** All of it, as the client saw it. */
  readonly total: Part | null;
  readonly handler: Part | null;
  readonly cold: Part | null;
  readonly gateway: Part | null;
  /** Round trips, by the time that connecting takes. */
  readonly network: Part | null;
  /** What the client measured beyond the front end's own Latency: network or runner. */
  readonly beyondFrontEnd: Part | null;
  /** Requests that left later than intended. */
  readonly lag: Part | null;
};

/** SD of the log between runs of the same code, by part; the first is lambda-duration's prior of SPEC 12.1. */
const PRIORS = { handler: 0.05, total: 0.1, cold: 0.15, gateway: 0.2, network: 0.2, beyondFrontEnd: 0.25, lag: 0.5 };
/** A difference of means below this is nobody's doing. Milliseconds. */
const LEAST_NOISE = 0.5;

/** The parts of both sides. Means add up, medians do not: so the account is of means. */
export const partsOf = (sides: Compared): Parts => ({
  total: part(sides, PRIORS.total, (run) => run.layers?.responseMs ?? null),
  handler: part(sides, PRIORS.handler, handlerMs),
  cold: coldPart(sides),
  gateway: part(sides, PRIORS.gateway, gatewayMs),
  network: part(sides, PRIORS.network, (run) => roundTrips(run.layers)),
  beyondFrontEnd: beyondFrontEnd(sides),
  lag: part(sides, PRIORS.lag, ({ layers }) =>
    layers === null || layers.responseMs === null || layers.serviceMs === null
      ? null
      : Math.max(0, layers.responseMs - layers.serviceMs),
  ),
});

/** One figure on both sides; `null` unless every head and some run of the base has it (older histories do not). */
export const part = (
  { base, heads }: Compared,
  prior: number,
  figure: (run: RunSummary) => number | null,
): Part | null => {
  const [before, after] = [known(base, figure), known(heads, figure)];
  if (before.length === 0 || after.length < heads.length) return null;
  const { sd } = runSpread([logsOf(before), logsOf(after)], plainPrior(prior, before.length));
  const [from, to] = [centre(before), centre(after)];
  const noise = Math.hypot((sd * from) / Math.sqrt(before.length), (sd * to) / Math.sqrt(after.length), LEAST_NOISE);
  return { change: to - from, noise, base: from, head: to };
};

const known = (runs: readonly RunSummary[], figure: (run: RunSummary) => number | null): readonly number[] =>
  runs.map(figure).filter((value) => value !== null);

/** A part that some runs do not have at all (no cold start) has no logarithm: then the prior alone says how it spreads. */
const logsOf = (values: readonly number[]): readonly number[] =>
  values.every((value) => value > 0) ? values.map((value) => Math.log(value)) : [];

const centre = (values: readonly number[]): number =>
  values.every((value) => value > 0) ? geometricMean(values) : mean(values);

/** Cold starts are few: their count scatters by chance beside what differs from run to run. */
const coldPart = (sides: Compared): Part | null => {
  const plain = part(sides, PRIORS.cold, ({ layers }) => layers?.coldMs ?? null);
  if (plain === null) return null;
  const relative = (runs: readonly RunSummary[]): number => {
    const events = runs.reduce((sum, run) => sum + (run.counts["lambda-cold-starts"]?.events ?? 0), 0);
    return Math.hypot(PRIORS.cold / Math.sqrt(runs.length), 1 / Math.sqrt(Math.max(1, events)));
  };
  const noise = Math.hypot(plain.base * relative(sides.base), plain.head * relative(sides.heads), LEAST_NOISE);
  return { ...plain, noise };
};

/** Mean time in handlers behind one request; of containers what the load balancer waited for them. */
const handlerMs = ({ functions, layers, values, unmeasured }: RunSummary): number | null => {
  const isLambda = "lambda-duration" in values || "lambda-duration" in unmeasured;
  if (functions.length === 0) return isLambda ? null : (layers?.targetMs ?? null);
  return functions.reduce((sum, one) => sum + one.callsPerRequest * one.durationMs, 0);
};

/** The front end's own part; where it measures only the whole, what neither handler nor cold starts explain of it. */
const gatewayMs = ({ layers, functions }: RunSummary): number | null => {
  if (layers === null) return null;
  if (layers.gatewayMs !== null) return Math.max(0, layers.gatewayMs);
  const inside = functions.reduce((sum, one) => sum + one.callsPerRequest * timePerCall(one), 0);
  const knowsInside = functions.length > 0 && layers.coldMs !== null;
  // A load balancer does not measure itself, but what lies between it and the handler.
  const whole = layers.frontEndMs ?? layers.targetMs;
  return whole === null || !knowsInside ? null : Math.max(0, whole - inside);
};

/** One for the request, and two more (TCP, TLS) for each connection that it needs. */
const roundTrips = (layers: LayerFigures | null): number | null =>
  layers === null || layers.connectMs === null ? null : layers.connectMs * (1 + 2 * layers.connectionsPerRequest);

/** Beyond this growth of the answers the download explains as much as the way there. */
const LARGER = 1.3;

const beyondFrontEnd = (sides: Compared): Part | null => {
  const gap = part(sides, PRIORS.beyondFrontEnd, ({ layers }) =>
    layers === null || layers.serviceMs === null || layers.frontEndMs === null
      ? null
      : Math.max(0, layers.serviceMs - layers.frontEndMs),
  );
  const whole = part(sides, PRIORS.handler, ({ layers }) => layers?.frontEndMs ?? null);
  const bytes = part(sides, 0, ({ layers }) => layers?.bytesPerRequest ?? null);
  if (gap === null || whole === null || (bytes !== null && bytes.head > LARGER * bytes.base)) return null;
  // Two means over slightly different requests: a slow front end blurs the gap beside it.
  return { ...gap, noise: Math.hypot(gap.noise, whole.noise / 2) };
};
