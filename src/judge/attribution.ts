import type { RunSummary } from "../record/summary.ts";
import { failureLayer, throttlesRise } from "./failure-layer.ts";
import { latencyLayer } from "./latency-layer.ts";
import { type Compared, type Parts, partsOf } from "./layer-parts.ts";
import type { Attribution, Finding, MetricJudgement } from "./verdict.ts";
import type { WholeRunFault } from "./whole-run.ts";
import { amount } from "./wording.ts";

export type AttributionInput = {
  /** The base's runs on the current plateau, and the heads. */
  readonly base: readonly RunSummary[];
  readonly heads: readonly RunSummary[];
  readonly metrics: readonly MetricJudgement[];
  readonly fault: WholeRunFault | null;
};

/**
 * Which layer moved (SPEC 12.4): client time = network + gateway + init + handler. `none` when no metric moved, `unknown`
 * without the evidence, `null` when there was nothing to compare. A layer is named only when it surely moved beyond its
 * own noise, explains most of the change, and no other layer moved half as much.
 */
export const attribute = ({ base, heads, metrics, fault }: AttributionInput): Attribution | null => {
  if (fault !== null)
    return fault.code === "generator-saturated"
      ? { layer: "runner", text: "the load generator was at its own limit, so nothing can be said about the target" }
      : null;
  if (base.length === 0 || heads.length === 0) return null;
  const moved = movedMetrics(metrics);
  const sides: Compared = { base, heads };
  const parts = partsOf(sides);
  const weight = weigher(metrics);
  if (anyOf(LATENCIES, moved)) {
    const found = latencyLayer(sides, parts, moved);
    const failures = anyOf(FAILURES, moved) ? failureLayer(sides) : null;
    const [slower, failing] = [weight(LATENCIES), weight(FAILURES)];
    if (found.layer !== "unknown")
      return failures === null ? found : together({ found, failures, parts, failuresLead: failing >= slower });
    if (failing <= slower) return found;
  }
  const beside = besideLatency({ moved, sides, parts, weight });
  return beside.layer === "none" && !isJudged(metrics)
    ? { layer: "unknown", text: "response times could not be judged, so whether a layer moved is not known" }
    : beside;
};

/** Nothing moved is a finding, and needs response times that were compared. */
const isJudged = (metrics: readonly MetricJudgement[]): boolean =>
  metrics.some(({ id, finding }) => [...LATENCIES, "p99"].includes(id) && finding.kind !== "not-measured");

const LATENCIES = ["p50", "p90", "p95"] as const;
const DURATIONS = ["lambda-duration", "lambda-duration-p95"] as const;
const FAILURES = ["failure-rate", "lambda-errors", "lambda-throttles"] as const;

const anyOf = (ids: readonly string[], among: ReadonlySet<string>): boolean => ids.some((id) => among.has(id));

/** How much the worst change among some metrics weighs: one that fails, one that warns, any other, none. */
type Weigher = (ids: readonly string[]) => number;

const weigher =
  (metrics: readonly MetricJudgement[]): Weigher =>
  (ids) =>
    Math.max(
      0,
      ...metrics
        .filter(({ id, finding }) => ids.includes(id) && hasMoved(finding))
        .map(({ finding }) => (finding.kind === "fail" ? 3 : finding.kind === "warn" ? 2 : 1)),
    );

type Moved = {
  readonly moved: ReadonlySet<string>;
  readonly sides: Compared;
  readonly parts: Parts;
  readonly weight: Weigher;
};

/** Nothing that the client times has moved: what AWS counted, and its own clock, are the evidence themselves. */
const besideLatency = (all: Moved): Attribution => {
  const { moved, parts } = all;
  if (moved.has("lambda-throttles")) return throttlesMoved(all);
  if (anyOf(FAILURES, moved)) return failuresMoved(all);
  if (anyOf(DURATIONS, moved)) return durationMoved(parts);
  if (moved.has("lambda-cold-starts"))
    return { layer: "cold-start", text: "cold starts moved: their share of the invocations changed" };
  return moved.has("required-concurrency") ? concurrencyMoved(parts) : { layer: "none", text: "nothing moved" };
};

/** Throttles that no failure of the client's shows are the evidence themselves: they may have been tried again. */
const throttlesMoved = (all: Moved): Attribution => {
  const { moved, sides, parts } = all;
  if ((throttlesRise(sides) ?? 0) < 0)
    return moved.has("lambda-duration")
      ? durationMoved(parts)
      : { layer: "throttling", text: "throttling moved: AWS counts fewer throttles" };
  const failures = moved.has("failure-rate") ? failureLayer(sides) : null;
  const more = "throttling moved: AWS counts more throttles than the limit lets pass";
  return besideDuration(all, failures ?? { layer: "throttling", text: more });
};

const failuresMoved = (all: Moved): Attribution => besideDuration(all, failureLayer(all.sides) ?? unclear("failures"));

const besideDuration = ({ moved, parts, weight }: Moved, failures: Attribution): Attribution =>
  failures.layer === "unknown" || !moved.has("lambda-duration")
    ? failures
    : together({
        found: durationMoved(parts),
        failures,
        parts,
        failuresLead: weight(FAILURES) >= weight(DURATIONS),
      });

/**
 * A layer that made requests slower, and where their failures come from. Throttles follow from a layer that keeps environments
 * much longer; two that have nothing to do with each other are both said, and the one behind the graver change is named: at
 * equal weight a request that fails before one that is slow.
 */
const together = (both: {
  readonly found: Attribution;
  readonly failures: Attribution;
  readonly parts: Parts;
  readonly failuresLead: boolean;
}): Attribution => {
  const { found, failures, parts } = both;
  const more = needed(parts);
  if (failures.layer === "throttling" && IN_LAMBDA.has(found.layer) && more > 1) {
    if (more >= MUCH_MORE) return following(found);
    return { layer: "unknown", text: `${found.text}; ${failures.text}: which came first, these figures do not say` };
  }
  const [first, second] = both.failuresLead && failures.layer !== "unknown" ? [failures, found] : [found, failures];
  return { layer: first.layer, text: `${first.text}; besides, ${second.text}` };
};

/** Layers in which time is an environment's time, so that concurrency rises with it. */
const IN_LAMBDA: ReadonlySet<Attribution["layer"]> = new Set(["code", "cold-start"]);

const following = (found: Attribution): Attribution => ({
  ...found,
  text: `${found.text}; throttles follow from the concurrency it needs`,
});

/** From this factor on so much more concurrency is needed that throttles follow from it. */
const MUCH_MORE = 1.5;

/** By what factor the time of a request in Lambda grew, and with it the concurrency it needs. */
const needed = ({ handler, cold }: Parts): number => {
  const [before, after] = [(handler?.base ?? 0) + (cold?.base ?? 0), (handler?.head ?? 0) + (cold?.head ?? 0)];
  return before === 0 ? 1 : after / before;
};

const durationMoved = ({ handler }: Parts): Attribution => ({
  layer: "code",
  text:
    handler === null
      ? "the code moved: lambda-duration changed"
      : `the code moved: lambda-duration ${amount(handler.base, "ms")} to ${amount(handler.head, "ms")}`,
});

const concurrencyMoved = ({ handler, cold }: Parts): Attribution => {
  const [own, colds] = [Math.abs(handler?.change ?? 0), Math.abs(cold?.change ?? 0)];
  if (own > 2 * colds) return { layer: "code", text: "the code moved: a request needs more time in Lambda" };
  if (colds > 2 * own) return { layer: "cold-start", text: "cold starts moved: a request needs more time to start" };
  return unclear("the concurrency needed");
};

const unclear = (what: string): Attribution => ({
  layer: "unknown",
  text: `${what} moved, and what was measured does not say from which layer`,
});

/** Metrics about which the judge says that they changed, or that it suspects so. */
const movedMetrics = (metrics: readonly MetricJudgement[]): ReadonlySet<string> =>
  new Set(metrics.filter(({ finding }) => hasMoved(finding)).map(({ id }) => id));

const hasMoved = (finding: Finding): boolean => {
  switch (finding.kind) {
    case "fail":
    case "warn":
    case "improved":
      return true;
    case "inconclusive":
      return finding.face === "suspected";
    case "not-measured":
      return finding.code === "network-moved";
    case "pass":
    case "no-baseline":
    case "informs":
      return false;
  }
};
