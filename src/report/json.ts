/** The result as other programs read it (SPEC section 12). Field names change only with a new schema version. */

import type { MetricUnit } from "../config/metric-catalog.ts";
import type { Problem } from "../errors.ts";
import type { ToldMetric } from "../judge/explain.ts";
import type { How } from "../judge/how.ts";
import {
  type Attribution,
  type BaselineFacts,
  type Change,
  type Confirmation,
  type Judgement,
  type MetricJudgement,
  type Verdict,
  verdictOf,
} from "../judge/verdict.ts";
import { escapeJson } from "./escape.ts";
import { sixDigits } from "./format.ts";
import { baseOf, changeOf, evidenceOf, headOf, inOrder, limitText, reasonOf } from "./rows.ts";

export const RESULT_SCHEMA = "swarmgate.result/v1";

export type ChangeJson =
  | { readonly ratio: number | null; readonly low: number | null; readonly high: number | null }
  | { readonly points: number | null; readonly low: number | null; readonly high: number | null };

/** `null` is "not measured", never 0. Milliseconds, shares, requests per second, environments, US dollars. */
export type MetricJson = {
  readonly id: string;
  readonly unit: MetricUnit;
  readonly gates: boolean;
  readonly base: number | null;
  readonly head: number | null;
  readonly change: ChangeJson | null;
  readonly limit: string | null;
  readonly verdict: Verdict | null;
  readonly detectable: number | null;
  readonly reason: string | null;
  /** Data, model, test and limits behind it, for `swarmgate explain`; not in the action's outputs. */
  readonly how?: How;
};

export type ResultJson = {
  readonly schema: typeof RESULT_SCHEMA;
  readonly verdict: Verdict | null;
  readonly gateOpen: boolean;
  readonly mode: Judgement["mode"] | null;
  readonly headline: string;
  readonly baseline: BaselineFacts | null;
  readonly metrics: readonly MetricJson[];
  readonly attribution: Attribution | null;
  /** Paired mode: whether a `fail` was seen again with fresh connections. */
  readonly confirmation?: Confirmation;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  readonly runRecord: string | null;
};

/** Figures to six significant digits. `headline` is the report model's, so that all faces say the same. */
export const resultJson = (result: {
  readonly judgement: Judgement;
  readonly headline: string;
  readonly runRecord: string | null;
}): ResultJson => {
  const { judgement, headline, runRecord } = result;
  return {
    schema: RESULT_SCHEMA,
    verdict: judgement.verdict,
    gateOpen: judgement.gateOpen,
    mode: judgement.mode,
    headline,
    baseline: judgement.baseline === null ? null : baselineJson(judgement.baseline),
    metrics: inOrder(judgement).map((metric) => ({
      ...metricJson(metric),
      ...(metric.how === undefined ? {} : { how: sixDigitsAll(metric.how) }),
    })),
    attribution:
      judgement.attribution === null ? null : { layer: judgement.attribution.layer, text: judgement.attribution.text },
    ...(judgement.confirmation === undefined ? {} : { confirmation: judgement.confirmation }),
    problems: judgement.problems.map(problemJson),
    notes: judgement.notes,
    runRecord,
  };
};

/** Wrong usage under `--json`: nothing was sent, nothing was judged, and the gate is not open. */
export const usageErrorJson = (problems: readonly Problem[]): ResultJson => ({
  schema: RESULT_SCHEMA,
  verdict: null,
  gateOpen: false,
  mode: null,
  headline: problems.map(({ message }) => message).join(" "),
  baseline: null,
  metrics: [],
  attribution: null,
  problems: problems.map(problemJson),
  notes: [],
  runRecord: null,
});

/** The result as text for a file, a terminal or a job log. */
export const resultText = (result: ResultJson): string => `${escapeJson(JSON.stringify(result, null, 2))}\n`;

/** The action's output `metrics`. */
export const metricsOutput = (judgement: Judgement): string =>
  escapeJson(JSON.stringify(inOrder(judgement).map(metricJson)));

/** The action's output `detectable-effect`: metric id to share; metrics without one are left out. */
export const detectableOutput = (judgement: Judgement): string =>
  escapeJson(
    JSON.stringify(
      Object.fromEntries(
        inOrder(judgement).flatMap((metric) => {
          const effect = rounded(evidenceOf(metric)?.detectable ?? null);
          return effect === null ? [] : [[metric.id, effect]];
        }),
      ),
    ),
  );

/** A metric as `swarmgate explain` reads it from the result, so that a report explains it in the same words and figures. */
export const toldMetric = (metric: MetricJudgement): ToldMetric => ({
  ...metricJson(metric),
  how: metric.how === undefined ? null : sixDigitsAll(metric.how),
});

const metricJson = (metric: MetricJudgement): MetricJson => {
  const change = changeOf(metric);
  return {
    id: metric.id,
    unit: metric.unit,
    gates: metric.gates,
    base: rounded(baseOf(metric)),
    head: rounded(headOf(metric)),
    change: change === null ? null : changeJson(change),
    limit: limitText(metric),
    verdict: verdictOf(metric.finding),
    detectable: rounded(evidenceOf(metric)?.detectable ?? null),
    reason: reasonOf(metric),
  };
};

const changeJson = (change: Change): ChangeJson => {
  const bounds = { low: sixDigits(change.low), high: sixDigits(change.high) };
  return change.kind === "ratio"
    ? { ratio: sixDigits(change.ratio), ...bounds }
    : { points: sixDigits(change.points), ...bounds };
};

/** Field by field, here and below: a field that a stage adds for itself does not become part of the contract unseen. */
const baselineJson = ({ state, sha, runs, used, spread, notes }: BaselineFacts): BaselineFacts => ({
  state,
  sha,
  runs,
  used,
  spread,
  notes,
});

const problemJson = ({ code, severity, message, hint }: Problem): Problem => ({ code, severity, message, hint });

/** Every figure in it to six significant digits; what JSON cannot say becomes `null`. */
const sixDigitsAll = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === "number" ? sixDigits(inner) : inner))) as T;

const rounded = (value: number | null): number | null => (value === null ? null : sixDigits(value));
