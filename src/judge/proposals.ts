import type { Calibration } from "../baseline/calibration.ts";
import type { DeploymentDraw } from "../baseline/deployment-draws.ts";
import type { CalibratedNoise, NoiseFloor } from "../baseline/noise-floor.ts";
import type { Limit, LimitTerm } from "../config/limits.ts";
import { joinMetricId } from "../config/metric-catalog.ts";
import { effectiveLimits, formatTerms } from "../config/parse-limits.ts";
import type { RunSummary } from "../record/summary.ts";
import { detectableDifference } from "../stats/error-parts.ts";
import { isAbsolute } from "./comparison.ts";
import { deploymentPart } from "./deployment.ts";
import { judgeRuns } from "./judge.ts";
import { POWER, SOFTEST_LEVEL } from "./levels.ts";
import { shareOfLastLook } from "./looks.ts";

/** A limit for one gating metric, and the smallest change that the noise allows to prove nine times in ten. */
export type Proposal = {
  readonly id: string;
  readonly limit: Limit;
  /** A share, or points as a share; `null` where nothing is compared or no change would be seen. */
  readonly detectable: number | null;
};

/** The larger of the default and this many times the detectable effect (SPEC section 6, "Calibrate"). */
const FACTOR = 2;
/** Rounds at which paired mode is foretold: the second look, at which most pull requests are decided. */
export const PAIRED_ROUNDS = 12;
const PERCENT = 0.01;
const TENTH_OF_A_POINT = 0.001;
/** Guards `ceil` against the last bits of a product: 12.000000000001 % is 12 %. */
const ROUNDING_NOISE = 1e-9;

/**
 * What the next run in history mode would be judged by: `base` are the runs it is compared with, the newest one also
 * stands for the head. The detectable effect is the judge's own, of the noise alone: the default limit in it would double itself.
 */
export const proposeForHistory = (base: readonly RunSummary[], noise: CalibratedNoise): readonly Proposal[] => {
  const newest = base.at(-1);
  if (newest === undefined) return [];
  const limits = gatingDefaults("history");
  const judgement = judgeRuns({
    baseline: { kind: "found", state: "file", sha: newest.sha, runs: base, notes: [], noise },
    heads: [newest],
    limits: limits.map(withoutSize),
    policy: { failOn: "regression", onInconclusive: "warn", onInvalid: "fail", onNoBaseline: "warn" },
    referenceRps: null,
    configured: [],
    noise: noise.floor,
  });
  return limits.flatMap((limit) => {
    const finding = judgement.metrics.find(({ id }) => id === limit.metric)?.finding;
    if (finding === undefined || !("evidence" in finding)) return [];
    return [proposal(limit, finding.evidence.detectable)];
  });
};

/** What paired mode would be judged by after 12 rounds like these: client metrics that gate there and are on the log scale. */
export const proposeForPairs = ({ metrics }: Calibration, noise: NoiseFloor | null): readonly Proposal[] =>
  proposeForRounds((id) => {
    const sd = metrics[id]?.round.sd;
    return sd === undefined ? null : Math.SQRT2 * sd;
  }, noise);

/** The same after rounds like those of a session on two deployments. */
export const proposeForDraw = ({ metrics, rounds }: DeploymentDraw, noise: NoiseFloor): readonly Proposal[] =>
  proposeForRounds((id) => {
    const sd = metrics[id]?.error.sd;
    return sd === undefined ? null : sd * Math.sqrt(rounds);
  }, noise);

/** `scatter` is the SD of one round's log-ratio by metric id. */
const proposeForRounds = (scatter: (id: string) => number | null, noise: NoiseFloor | null): readonly Proposal[] =>
  gatingDefaults("paired").flatMap((limit) => {
    const sd = CLIENT_LATENCIES.includes(limit.metric) ? scatter(limit.metric) : null;
    if (sd === null) return [];
    const df = PAIRED_ROUNDS - 2;
    const rounds = { sd: sd / Math.sqrt(PAIRED_ROUNDS), df, dataDf: df };
    const wish = { level: SOFTEST_LEVEL * shareOfLastLook(PAIRED_ROUNDS), power: POWER, limit: 0 };
    const shift = detectableDifference([rounds, deploymentPart(limit.metric, noise)], wish);
    return [proposal(limit, Number.isFinite(shift) ? Math.expm1(shift) : null)];
  });

const CLIENT_LATENCIES: readonly string[] = ["p50", "p95"];

const gatingDefaults = (mode: "history" | "paired"): readonly Limit[] =>
  effectiveLimits([], mode, { maxConcurrency: null }).filter(({ role }) => role === "gate");

/** Any change is beyond it: what is left is what the noise allows to see. */
const withoutSize = (limit: Limit): Limit => ({
  ...limit,
  terms: limit.terms.flatMap((term): readonly LimitTerm[] => {
    if (term.kind === "relative") return [{ ...term, share: 0 }];
    if (term.kind === "points") return [{ ...term, points: 0 }];
    return isAbsolute(term) ? [term] : [];
  }),
});

const proposal = (limit: Limit, detectable: number | null): Proposal => {
  const terms = limit.terms.map((term) => widened(term, detectable ?? 0));
  const proposed: Limit = { ...limit, terms, origin: "user" };
  return {
    id: joinMetricId(limit.metric, limit.scope),
    limit: { ...proposed, text: formatTerms(proposed) },
    detectable,
  };
};

/** Floors and absolute bounds stay: they are about what matters, not about what can be seen. */
const widened = (term: LimitTerm, detectable: number): LimitTerm => {
  if (isAbsolute(term)) return term;
  const wanted = FACTOR * detectable;
  if (term.kind === "relative") return { ...term, share: Math.max(term.share, ceilTo(wanted, PERCENT)) };
  if (term.kind === "points") return { ...term, points: Math.max(term.points, ceilTo(wanted, TENTH_OF_A_POINT)) };
  return term;
};

const ceilTo = (value: number, step: number): number => {
  const perUnit = Math.round(1 / step);
  return Math.ceil(value * perUnit - ROUNDING_NOISE) / perUnit;
};
