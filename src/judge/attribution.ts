import type { RunSummary } from "../record/summary.ts";
import { failureLayer } from "./failure-layer.ts";
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
  if (anyOf(LATENCIES, moved)) {
    const found = latencyLayer(sides, parts, moved);
    if (!failuresComeFirst(metrics, found)) return withFailures(found, { sides, parts, moved });
  }
  const beside = besideLatency(moved, sides, parts);
  return beside.layer === "none" && !isJudged(metrics)
    ? { layer: "unknown", text: "response times could not be judged, so whether a layer moved is not known" }
    : beside;
};

/** Nothing moved is a finding, and needs response times that were compared. */
const isJudged = (metrics: readonly MetricJudgement[]): boolean =>
  metrics.some(({ id, finding }) => [...LATENCIES, "p99"].includes(id) && finding.kind !== "not-measured");

const LATENCIES = ["p50", "p90", "p95"] as const;
const FAILURES = ["failure-rate", "lambda-errors", "lambda-throttles"] as const;

const anyOf = (ids: readonly string[], among: ReadonlySet<string>): boolean => ids.some((id) => among.has(id));

/**
 * Failures that fail are not hidden by a latency that is only suspected, nor by one that does not fail where nobody knows
 * why it moved.
 */
const failuresComeFirst = (metrics: readonly MetricJudgement[], latency: Attribution): boolean => {
  const failing = movedMetrics(metrics.filter(({ finding }) => finding.kind === "fail"));
  const sure = movedMetrics(metrics.filter(({ finding }) => finding.kind !== "inconclusive"));
  return anyOf(FAILURES, failing) && !anyOf(LATENCIES, latency.layer === "unknown" ? failing : sure);
};

/** Nothing that the client times has moved: what AWS counted, and its own clock, are the evidence themselves. */
const besideLatency = (moved: ReadonlySet<string>, sides: Compared, parts: Parts): Attribution => {
  if (moved.has("lambda-throttles")) return throttlesMoved(moved, sides, parts);
  if (anyOf(FAILURES, moved)) return failuresMoved(moved, sides, parts);
  if (moved.has("lambda-duration") || moved.has("lambda-duration-p95")) return durationMoved(parts);
  if (moved.has("lambda-cold-starts"))
    return { layer: "cold-start", text: "cold starts moved: their share of the invocations changed" };
  return moved.has("required-concurrency") ? concurrencyMoved(parts) : { layer: "none", text: "nothing moved" };
};

/** From this factor on a slower handler needs so much more concurrency that throttles follow from it. */
const MUCH_SLOWER = 1.5;

const throttlesMoved = (moved: ReadonlySet<string>, sides: Compared, parts: Parts): Attribution => {
  if (slower(parts) >= MUCH_SLOWER && moved.has("lambda-duration"))
    return {
      ...durationMoved(parts),
      text: `${durationMoved(parts).text}; throttles follow from the concurrency it needs`,
    };
  if (moved.has("lambda-duration")) return unclear("Duration and throttles");
  const failures = moved.has("failure-rate") ? failureLayer(sides) : null;
  return (
    failures ?? { layer: "throttling", text: "throttling moved: AWS counts more throttles than the limit lets pass" }
  );
};

const failuresMoved = (moved: ReadonlySet<string>, sides: Compared, parts: Parts): Attribution => {
  const failures = failureLayer(sides) ?? unclear("failures");
  const isCode = failures.layer === "code" || failures.layer === "unknown";
  return isCode || !moved.has("lambda-duration") ? failures : twoLayers(durationMoved(parts), failures);
};

const slower = ({ handler }: Parts): number =>
  handler === null || handler.base === 0 ? 1 : handler.head / handler.base;

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

/** Throttles may follow from a layer that was found; other failures are that layer's own, or a second one's. */
const withFailures = (
  found: Attribution,
  { sides, parts, moved }: { readonly sides: Compared; readonly parts: Parts; readonly moved: ReadonlySet<string> },
): Attribution => {
  const failures = anyOf(FAILURES, moved) ? failureLayer(sides) : null;
  const names = [found.layer, failures?.layer ?? "unknown"];
  if (failures === null || names.includes("unknown") || found.layer === failures.layer) return found;
  if (failures.layer === "throttling" && found.layer === "code" && slower(parts) >= MUCH_SLOWER)
    return { ...found, text: `${found.text}; throttles follow from the concurrency it needs` };
  return twoLayers(found, failures);
};

const twoLayers = (one: Attribution, other: Attribution): Attribution => ({
  layer: "unknown",
  text: `${one.text}; ${other.text}: two layers moved`,
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
