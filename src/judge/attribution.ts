import type { RunSummary } from "../record/summary.ts";
import { failureLayer, rise } from "./failure-layer.ts";
import { latencyLayer } from "./latency-layer.ts";
import { type Compared, isSure, type Part, type Parts, partsOf } from "./layer-parts.ts";
import { type Moved, movedMetrics } from "./moved.ts";
import type { Attribution, MetricJudgement } from "./verdict.ts";
import type { WholeRunFault } from "./whole-run.ts";
import { amount, points } from "./wording.ts";

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
  const scene: Scene = { moved, sides, parts: partsOf(sides) };
  const slower = anyOf(LATENCIES, moved.all) ? latencyMoved(scene) : null;
  if (slower !== null) return slower;
  const beside = besideLatency(scene);
  return beside.layer === "none" && !isJudged(metrics)
    ? { layer: "unknown", text: "response times could not be judged, so whether a layer moved is not known" }
    : beside;
};

/** Latencies with the failures beside them; `null` where no layer explains the latencies and the failures weigh more. */
const latencyMoved = ({ moved, sides, parts }: Scene): Attribution | null => {
  const found = latencyLayer(sides, parts, moved.all);
  const fails = anyOf(FAILURES, moved.sure);
  const [slower, failing] = [moved.weight(LATENCIES), fails ? moved.weight(FAILURES) : 0];
  if (found.layer === "unknown") return failing > slower ? null : found;
  const failures = fails ? failureLayer(sides) : null;
  return failures === null ? found : together({ found, failures, parts, failuresLead: failing >= slower });
};

/** Nothing moved is a finding, and needs response times that were compared. */
const isJudged = (metrics: readonly MetricJudgement[]): boolean =>
  metrics.some(({ id, finding }) => [...LATENCIES, "p99"].includes(id) && finding.kind !== "not-measured");

const LATENCIES = ["p50", "p90", "p95"] as const;
const DURATIONS = ["lambda-duration", "lambda-duration-p95"] as const;
const FAILURES = ["failure-rate", "lambda-errors", "lambda-throttles"] as const;

const anyOf = (ids: readonly string[], among: ReadonlySet<string>): boolean => ids.some((id) => among.has(id));

type Scene = { readonly moved: Moved; readonly sides: Compared; readonly parts: Parts };

/** Nothing that the client times has moved: what AWS counted, and its own clock, are the evidence themselves. */
const besideLatency = (scene: Scene): Attribution => {
  const { moved, parts } = scene;
  if (moved.sure.has("lambda-throttles")) return throttlesMoved(scene);
  if (anyOf(FAILURES, moved.sure)) return failuresMoved(scene);
  if (anyOf(DURATIONS, moved.sure)) return durationMoved(parts);
  if (moved.sure.has("lambda-cold-starts"))
    return { layer: "cold-start", text: "cold starts moved: their share of the invocations changed" };
  if (moved.sure.has("required-concurrency")) return concurrencyMoved(parts);
  return nothingSure(moved);
};

const nothingSure = ({ all, isBeyondUnmoved }: Moved): Attribution => {
  const suspected = [...FAILURES, ...DURATIONS, "lambda-cold-starts", "required-concurrency"].filter((id) =>
    all.has(id),
  );
  if (suspected.length > 0)
    return { layer: "unknown", text: `${suspected.join(" and ")}: too small a change to say which layer moved` };
  return {
    layer: "none",
    text: isBeyondUnmoved
      ? "nothing moved: an absolute limit is exceeded without a change that shows"
      : "nothing moved",
  };
};

/** Throttles that no failure of the client's shows are the evidence themselves: they may have been tried again. */
const throttlesMoved = (scene: Scene): Attribution => {
  const { moved, sides, parts } = scene;
  const change = rise(sides, "lambda-throttles") ?? 0;
  if (change < 0 && moved.sure.has("lambda-duration")) return durationMoved(parts);
  const failures = moved.sure.has("failure-rate") ? failureLayer(sides) : null;
  const counted = { layer: "throttling", text: `throttling moved: ${points(change)} of throttles` } as const;
  return besideDuration(scene, failures ?? counted);
};

const failuresMoved = (scene: Scene): Attribution =>
  besideDuration(scene, failureLayer(scene.sides) ?? unclear("failures"));

const besideDuration = ({ moved, parts }: Scene, failures: Attribution): Attribution =>
  failures.layer === "unknown" || !moved.sure.has("lambda-duration")
    ? failures
    : together({
        found: durationMoved(parts),
        failures,
        parts,
        failuresLead: moved.weight(FAILURES) >= moved.weight(DURATIONS),
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
  const outweighs = (one: Part | null, other: Part | null): boolean =>
    one !== null && isSure(one) && Math.abs(one.change) > 2 * Math.abs(other?.change ?? 0);
  if (outweighs(handler, cold))
    return { layer: "code", text: "the code moved: the time of a request in Lambda changed" };
  if (outweighs(cold, handler))
    return { layer: "cold-start", text: "cold starts moved: the time that requests wait for a start changed" };
  return unclear("the concurrency needed");
};

const unclear = (what: string): Attribution => ({
  layer: "unknown",
  text: `${what} moved, and what was measured does not say from which layer`,
});
