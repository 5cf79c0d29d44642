import type { RunSummary } from "../record/summary.ts";
import type { Measurement } from "./base-side.ts";
import { part } from "./layer-parts.ts";
import type { Measured, Sides } from "./measured.ts";
import { amount } from "./wording.ts";

/** From this share of the excess on, connecting explains it. */
const EXPLAINS = 0.7;
/** Duration may have changed by this share of the excess and still be called flat. */
const FLAT = 0.2;
const SURE = 2;
/** SD of the log of connect times between runs. */
const CONNECT_PRIOR = 0.2;

/**
 * Marks p50 and p95 whose excess the connect time explains while Lambda's Duration stayed flat (SPEC section 6). One
 * connection is one round trip, as is a request on it, so the two are compared one to one. Without Duration, or without
 * connect times on both sides, nothing is marked.
 */
export const withNetworkMoved = (measurements: readonly Measurement[], sides: Sides): readonly Measurement[] => {
  const duration = measurements.find(({ question }) => question.id === "lambda-duration")?.measured;
  if (duration === undefined || !isCompared(duration)) return measurements;
  return measurements.map((one) => {
    const { question, measured } = one;
    if (!QUANTILES.has(question.info.id) || !isCompared(measured)) return one;
    const text = explanation(measured, duration, sides);
    return text === null ? one : { question, measured: { ...measured, networkMoved: `${question.id}: ${text}` } };
  });
};

const QUANTILES: ReadonlySet<string> = new Set(["p50", "p95"]);

type Compared = Extract<Measured, { kind: "observed" }> & {
  readonly against: Extract<Extract<Measured, { kind: "observed" }>["against"], { kind: "compared" }>;
};

const isCompared = (measured: Measured): measured is Compared =>
  measured.kind === "observed" && measured.against.kind === "compared";

const explanation = (client: Compared, duration: Compared, sides: Sides): string | null => {
  const excess = changeOf(client);
  const base = sides.base.slice(Math.max(0, sides.base.indexOf(client.against.plateau.first)));
  const connect = part({ base, heads: sides.heads }, CONNECT_PRIOR, connectMs);
  if (connect === null || excess <= 0) return null;
  const explains = connect.change >= EXPLAINS * excess && connect.change > SURE * connect.noise;
  if (!explains || !isFlat(duration, excess)) return null;
  return `connecting took ${amount(connect.change, "ms")} longer while lambda-duration stayed flat`;
};

const connectMs = ({ layers }: RunSummary): number | null => layers?.connectMs ?? null;

const changeOf = ({ observed, against }: Compared): number => observed.value - against.comparison.base;

/** No change was shown, and what the estimate says is small beside the excess. */
const isFlat = (duration: Compared, excess: number): boolean => {
  const { change } = duration.against.comparison;
  const shown = change.kind === "ratio" && (change.low > 1 || change.high < 1);
  return changeOf(duration) <= FLAT * excess || (!shown && changeOf(duration) <= 2 * FLAT * excess);
};
